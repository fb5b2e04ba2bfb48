/**
 * Which metadata the original enters into its list when it opens an image, in its order: header, refcount
 * table, snapshot table, active L1 table, active L2 tables, refcount blocks, and each snapshot's L1 and
 * L2 tables. Ranges of types that are not checked are in it too; the engine leaves those out itself.
 */
import { type CancelSignal, throwIfCancelled } from '../lib/cancel.ts'
import { grown } from '../lib/grow.ts'
import { MetadataType, type TypeMask } from '../lib/metadata-types.ts'
import { UserError } from '../lib/user-error.ts'
import type { HostOffset } from '../lib/units.ts'
import type { Qcow2Image } from './image.ts'
import { tablePieces } from './table-pieces.ts'

/** Parallel arrays, one element a range. */
export interface OpenSequence {
  readonly count: number
  /** Window in which the range starts (below 2^43). */
  readonly window: Float64Array
  /** Cluster within that window, 0 to 4095. */
  readonly index: Uint16Array
  readonly nbClusters: Uint32Array
  readonly types: Uint8Array
  /** 0: the offset is not on a cluster boundary, and the original does not record the range. */
  readonly aligned: Uint8Array
  /** L1 index of an L2 table, refcount table index of a refcount block; 0 for everything else. */
  readonly tableIndex: Uint32Array
  /** Index of the snapshot that an inactive table belongs to; -1 for everything else. */
  readonly snapshot: Int32Array
}

/** A range costs 24 bytes here. A disk of 1 PiB in clusters of 64 KiB has 2 million L2 tables. */
export const MAX_OPEN_RANGES = 1 << 24

/** All snapshots' L1 tables together, in bytes; past that an image is made to keep its reader busy. */
export const MAX_SNAPSHOT_L1_BYTES = 2 ** 32

/**
 * The original skips larger snapshot L1 tables. It means 32 MiB but compares entries, so that tables of
 * up to 256 MiB are entered.
 */
const MAX_SNAPSHOT_L1_ENTRIES = 0x2000000

const SNAPSHOT_HEADER_BYTES = 40

/**
 * @throws UserError if there are more ranges than MAX_OPEN_RANGES, or more L1 tables than can be read
 * @throws Cancelled
 */
export async function openSequence(
  image: Qcow2Image,
  { signal }: { signal?: CancelSignal } = {},
): Promise<OpenSequence> {
  const { header, clusterSize } = image
  const ranges = new RangeList(header.clusterBits)
  const clusters = (bytes: number) => Math.ceil(bytes / clusterSize)

  ranges.add(0n, 1, MetadataType.mainHeader)
  ranges.add(header.refcountTableOffset, header.refcountTableClusters, MetadataType.refcountTable)
  if (header.nbSnapshots > 0)
    ranges.add(
      header.snapshotsOffset,
      // The original counts the fixed part of each entry only, so a table's end may stay unguarded.
      clusters(header.nbSnapshots * SNAPSHOT_HEADER_BYTES),
      MetadataType.snapshotTable,
    )
  ranges.add(header.l1TableOffset, clusters(header.l1Size * 8), MetadataType.activeL1)
  ranges.addTables(image.l1Table, 0, L1_HIGH_MASK, MetadataType.activeL2, -1)
  throwIfCancelled(signal)
  ranges.addTables(image.refcountTable, 0, REFCOUNT_TABLE_HIGH_MASK, MetadataType.refcountBlock, -1)

  let readable = MAX_SNAPSHOT_L1_BYTES
  for (const [number, snapshot] of image.snapshots.entries()) {
    if (snapshot.l1Size > MAX_SNAPSHOT_L1_ENTRIES) continue
    const length = snapshot.l1Size * 8
    ranges.add(snapshot.l1TableOffset, clusters(length), MetadataType.inactiveL1, 0, number)
    for await (const piece of tablePieces(image.disk, snapshot.l1TableOffset, length, signal)) {
      readable -= piece.view.byteLength
      if (readable < 0) throw tooManySnapshotTables(snapshot.l1TableOffset)
      ranges.addTables(piece.view, piece.position / 8, L1_HIGH_MASK, MetadataType.inactiveL2, number)
    }
  }
  return ranges.finished()
}

/** The masks of the specification, upper halves; the lower half's is the same for all tables. */
const L1_HIGH_MASK = 0x00ffffff
const REFCOUNT_TABLE_HIGH_MASK = 0xffffffff
const LOW_MASK = 0xfffffe00

class RangeList {
  readonly #clusterBits: number
  #count = 0
  #window = new Float64Array(256)
  #index = new Uint16Array(256)
  #nbClusters = new Uint32Array(256)
  #types = new Uint8Array(256)
  #aligned = new Uint8Array(256)
  #tableIndex = new Uint32Array(256)
  #snapshot = new Int32Array(256)

  constructor(clusterBits: number) {
    this.#clusterBits = clusterBits
  }

  add(offset: HostOffset, nbClusters: number, types: TypeMask, tableIndex = 0, snapshot = -1): void {
    const high = Number((offset >> 32n) & 0xffffffffn)
    const low = Number(offset & 0xffffffffn)
    this.#add(high, low, nbClusters, types, tableIndex, snapshot)
  }

  /** One cluster for each entry of an L1 or refcount table that points somewhere. */
  addTables(table: DataView, first: number, highMask: number, types: TypeMask, snapshot: number): void {
    const entries = Math.floor(table.byteLength / 8)
    for (let i = 0; i < entries; i++) {
      const high = (table.getUint32(8 * i) & highMask) >>> 0
      const low = (table.getUint32(8 * i + 4) & LOW_MASK) >>> 0
      if (high !== 0 || low !== 0) this.#add(high, low, 1, types, first + i, snapshot)
    }
  }

  #add(high: number, low: number, nbClusters: number, types: TypeMask, tableIndex: number, snapshot: number) {
    const at = this.#count
    if (at === this.#types.length) this.#grow()
    const bits = this.#clusterBits
    // window = offset >> (bits + 12) and index = (offset >> bits) & 4095, in halves that stay exact.
    this.#window[at] = Math.floor(high * 2 ** (20 - bits)) + Math.floor(low / 2 ** (bits + 12))
    this.#index[at] = ((low >>> bits) | (high << (32 - bits))) & 4095
    this.#nbClusters[at] = nbClusters
    this.#types[at] = types
    this.#aligned[at] = (low & ((1 << bits) - 1)) === 0 ? 1 : 0
    this.#tableIndex[at] = tableIndex
    this.#snapshot[at] = snapshot
    this.#count = at + 1
  }

  #grow(): void {
    if (this.#count >= MAX_OPEN_RANGES) throw tooManyRanges()
    const length = 2 * this.#count
    this.#window = grown(this.#window, length)
    this.#index = grown(this.#index, length)
    this.#nbClusters = grown(this.#nbClusters, length)
    this.#types = grown(this.#types, length)
    this.#aligned = grown(this.#aligned, length)
    this.#tableIndex = grown(this.#tableIndex, length)
    this.#snapshot = grown(this.#snapshot, length)
  }

  finished(): OpenSequence {
    return {
      count: this.#count,
      window: this.#window.subarray(0, this.#count),
      index: this.#index.subarray(0, this.#count),
      nbClusters: this.#nbClusters.subarray(0, this.#count),
      types: this.#types.subarray(0, this.#count),
      aligned: this.#aligned.subarray(0, this.#count),
      tableIndex: this.#tableIndex.subarray(0, this.#count),
      snapshot: this.#snapshot.subarray(0, this.#count),
    }
  }
}

const tooManyRanges = () =>
  new UserError(`The image has more than ${MAX_OPEN_RANGES} L2 tables and refcount blocks.`, {
    advice: 'Larger clusters need fewer tables: qemu-img convert -o cluster_size=… makes such a copy.',
  })

const tooManySnapshotTables = (offset: HostOffset) =>
  new UserError(`The snapshots' L1 tables are longer than ${MAX_SNAPSHOT_L1_BYTES} bytes together.`, {
    offset,
    advice: 'Delete snapshots that are no longer needed (qemu-img snapshot -d).',
  })
