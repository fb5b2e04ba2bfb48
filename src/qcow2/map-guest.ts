/**
 * Where the guest's data lie: what `qemu-img map --output=json` tells, of images without backing file.
 * Sources: QEMU 7.2, block/qcow2-cluster.c qcow2_get_host_offset, block/qcow2.c
 * qcow2_co_block_status, qemu-img.c map.
 */
import { type CancelSignal, throwIfCancelled } from '../lib/cancel.ts'
import type { Bytes, GuestOffset, HostOffset } from '../lib/units.ts'
import { UserError } from '../lib/user-error.ts'
import { l1EntryOffset } from './entries.ts'
import type { Qcow2Image } from './image.ts'
import { ClusterKind, type ClusterKindCode, l2Entries, type L2Cursor } from './l2-cursor.ts'
import { readL2Table } from './resolve-guest.ts'

/** A stretch of guest disk that is held in one way; qemu-img's names. */
export interface GuestExtent {
  readonly start: GuestOffset
  readonly length: bigint
  /** Depth in the backing chain: always 0 here. */
  readonly depth: 0
  /** Whether this image says anything about it. */
  readonly present: boolean
  /** Reads as zeros. QEMU also looks for holes in the file itself, which a browser cannot see. */
  readonly zero: boolean
  readonly data: boolean
  /** Compressed; not in the JSON of qemu-img before 8.2. */
  readonly compressed: boolean
  /** Where in the file; undefined for compressed, encrypted and absent data. */
  readonly offset: HostOffset | undefined
}

/** What a stretch is, before it is put in qemu-img's words. Numbers are sectors of 512 bytes. */
interface Stretch {
  start: number
  length: number
  kind: ClusterKindCode | typeof UNALLOCATED_ALLOC
  /** -1: none that is told. */
  offset: number
}

/** An extended entry's subcluster that has a place but no data. */
const UNALLOCATED_ALLOC = 5

/**
 * @returns extents in order, without gaps, from 0 to the end of the virtual disk; neighbours that go on in
 *   the same way are one
 * @throws UserError in QEMU's words, for a table that it would not follow
 */
export async function* mapGuest(
  image: Qcow2Image,
  { signal }: { signal?: CancelSignal } = {},
): AsyncGenerator<GuestExtent, void, void> {
  const merger = new Merger(Number(image.header.size / 512n))
  const tableSectors = (l2Entries(image) * image.clusterSize) / 512
  const tables = Math.ceil(merger.total / tableSectors)
  for (let l1Index = 0; l1Index < tables; l1Index++) {
    if ((l1Index & 1023) === 0) throwIfCancelled(signal)
    const entry = l1Index < image.header.l1Size ? image.l1Table.getBigUint64(8 * l1Index) : 0n
    const start = l1Index * tableSectors
    if (l1EntryOffset(entry) === 0n) merger.add(start, tableSectors, ClusterKind.unallocated, -1)
    else mapTable(image, await readL2Table(image, l1Index, entry), start, merger)
    yield* merger.takeFinished()
  }
  yield* merger.takeAll()
  // qemu-img tells of a disk without a size, too.
  if (merger.total === 0)
    yield { ...extentOf({ start: 0, length: 0, kind: ClusterKind.unallocated, offset: -1 }), zero: false }
}

function mapTable(image: Qcow2Image, cursor: L2Cursor, start: number, merger: Merger): void {
  const perCluster = image.clusterSize / 512
  // QEMU cannot tell where encrypted data are, for what is there is not what the guest reads.
  const encrypted = image.header.cryptMethod !== 0
  for (let i = 0; i < cursor.length; i++) {
    const at = start + i * perCluster
    if (at >= merger.total) return
    cursor.read(i)
    const placed = cursor.kind === ClusterKind.normal || cursor.kind === ClusterKind.zeroAlloc
    if (placed && !cursor.aligned) throw unaligned(cursor, i)
    if (cursor.extended && cursor.kind !== ClusterKind.compressed)
      mapSubclusters(cursor, at, perCluster / 32, encrypted, merger)
    else merger.add(at, perCluster, cursor.kind, placed && !encrypted ? cursor.sector : -1)
  }
}

/** Subclusters in a row that are in the same way go together. */
function mapSubclusters(
  cursor: L2Cursor,
  start: number,
  sectors: number,
  encrypted: boolean,
  merger: Merger,
): void {
  const placed = cursor.kind === ClusterKind.normal
  if ((cursor.allocated & cursor.zero) !== 0)
    throw new UserError('Invalid argument: a subcluster is marked both allocated and zero.')
  for (let n = 0; n < 32; n++) {
    const kind =
      ((cursor.zero >>> n) & 1) !== 0
        ? placed
          ? ClusterKind.zeroAlloc
          : ClusterKind.zeroPlain
        : !placed
          ? ClusterKind.unallocated
          : ((cursor.allocated >>> n) & 1) !== 0
            ? ClusterKind.normal
            : UNALLOCATED_ALLOC
    merger.add(start + n * sectors, sectors, kind, placed && !encrypted ? cursor.sector + n * sectors : -1)
  }
}

const unaligned = (cursor: L2Cursor, index: number) =>
  new UserError(
    `Cluster allocation offset 0x${(BigInt(cursor.sector) * 512n).toString(16)} unaligned (L2 index: ${index})`,
    { offset: BigInt(cursor.sector) * 512n },
  )

/** Joins neighbours, and cuts what exceeds the virtual disk. */
class Merger {
  /** Length of the virtual disk, in sectors. */
  readonly total: number
  #last: Stretch | undefined
  readonly #finished: GuestExtent[] = []

  constructor(total: number) {
    this.total = total
  }

  add(start: number, sectors: number, kind: Stretch['kind'], offset: number): void {
    const length: Bytes = Math.min(sectors, this.total - start)
    const last = this.#last
    const follows =
      last?.kind === kind && (offset < 0 ? last.offset < 0 : last.offset + last.length === offset)
    if (last && follows) {
      last.length += length
      return
    }
    if (last) this.#finished.push(extentOf(last))
    this.#last = { start, length, kind, offset }
  }

  takeFinished(): GuestExtent[] {
    return this.#finished.splice(0)
  }

  takeAll(): GuestExtent[] {
    if (this.#last) this.#finished.push(extentOf(this.#last))
    this.#last = undefined
    return this.takeFinished()
  }
}

function extentOf({ start, length, kind, offset }: Stretch): GuestExtent {
  const data = kind === ClusterKind.normal || kind === ClusterKind.compressed
  const unallocated = kind === ClusterKind.unallocated || kind === UNALLOCATED_ALLOC
  return {
    start: BigInt(start) * 512n,
    length: BigInt(length) * 512n,
    depth: 0,
    present: !unallocated,
    zero: !data,
    data,
    compressed: kind === ClusterKind.compressed,
    offset: offset < 0 ? undefined : BigInt(offset) * 512n,
  }
}
