import type { GuestOffset, HostOffset } from '../lib/units.ts'
import { UserError } from '../lib/user-error.ts'
import { isCopied, l1EntryOffset } from './entries.ts'
import type { Qcow2Image } from './image.ts'
import { ClusterKind, l2Entries, L2Cursor } from './l2-cursor.ts'

export type GuestKind = 'unallocated' | 'zero' | 'zero-allocated' | 'normal' | 'compressed'

/** The way from a guest offset through the tables to the host. */
export interface GuestPath {
  readonly guestOffset: GuestOffset
  readonly l1Index: number
  /** As it stands in the active L1 table; 0 past its end. */
  readonly l1Entry: bigint
  /** undefined where there is no L2 table. */
  readonly l2Offset: HostOffset | undefined
  readonly l2Index: number
  readonly l2Entry: bigint | undefined
  /** What the guest reads there; with extended L2 entries, what its subcluster is. */
  readonly kind: GuestKind
  /** Where that very byte is; of a compressed cluster, where its stream begins. */
  readonly hostOffset: HostOffset | undefined
  readonly copied: boolean
}

/**
 * Follows the active tables.
 * @param guestOffset below the virtual disk's size
 * @throws UserError past the disk's end, and in QEMU's words where a table is unaligned
 */
export async function resolveGuest(image: Qcow2Image, guestOffset: GuestOffset): Promise<GuestPath> {
  const { header, clusterSize } = image
  if (guestOffset < 0n || guestOffset >= header.size)
    throw new UserError(`Guest offset ${guestOffset} is not on the disk, which is ${header.size} bytes long.`)
  const entries = BigInt(l2Entries(image))
  const cluster = guestOffset / BigInt(clusterSize)
  const l1Index = Number(cluster / entries)
  const l2Index = Number(cluster % entries)
  const l1Entry = l1Index < header.l1Size ? image.l1Table.getBigUint64(8 * l1Index) : 0n
  const path = { guestOffset, l1Index, l1Entry, l2Index }
  if (l1EntryOffset(l1Entry) === 0n)
    return {
      ...path,
      l2Offset: undefined,
      l2Entry: undefined,
      kind: 'unallocated',
      hostOffset: undefined,
      copied: isCopied(l1Entry),
    }
  const cursor = await readL2Table(image, l1Index, l1Entry)
  cursor.read(l2Index)
  const inCluster = Number(guestOffset % BigInt(clusterSize))
  return {
    ...path,
    l2Offset: l1EntryOffset(l1Entry),
    l2Entry: cursor.entry(l2Index),
    kind: kindOf(cursor, Math.floor((inCluster * 32) / clusterSize)),
    hostOffset: hostOffsetOf(cursor, inCluster),
    copied: cursor.copied,
  }
}

function kindOf(cursor: L2Cursor, subcluster: number): GuestKind {
  const placed = cursor.kind === ClusterKind.normal || cursor.kind === ClusterKind.zeroAlloc
  if (cursor.kind === ClusterKind.compressed) return 'compressed'
  if (cursor.extended) {
    if (((cursor.zero >>> subcluster) & 1) !== 0) return placed ? 'zero-allocated' : 'zero'
    return placed && ((cursor.allocated >>> subcluster) & 1) !== 0 ? 'normal' : 'unallocated'
  }
  if (cursor.kind === ClusterKind.zeroAlloc) return 'zero-allocated'
  if (cursor.kind === ClusterKind.zeroPlain) return 'zero'
  return placed ? 'normal' : 'unallocated'
}

function hostOffsetOf(cursor: L2Cursor, inCluster: number): HostOffset | undefined {
  const start = BigInt(cursor.sector) * 512n
  switch (cursor.kind) {
    case ClusterKind.compressed:
      return start + BigInt(cursor.byteInSector)
    case ClusterKind.normal:
    case ClusterKind.zeroAlloc:
      return start + BigInt(inCluster)
    default:
      return undefined
  }
}

/**
 * Reads the L2 table that an L1 entry names; past the end of the file it is all zeros.
 * @throws UserError in QEMU's words, where the table is not on a cluster boundary
 */
export async function readL2Table(image: Qcow2Image, l1Index: number, l1Entry: bigint): Promise<L2Cursor> {
  const { clusterSize, disk } = image
  const offset = l1EntryOffset(l1Entry)
  if (offset % BigInt(clusterSize) !== 0n)
    throw new UserError(`L2 table offset 0x${offset.toString(16)} unaligned (L1 index: ${l1Index})`, {
      offset,
    })
  const bytes =
    offset < BigInt(disk.size) ? await disk.read(Number(offset), clusterSize) : new Uint8Array(clusterSize)
  return new L2Cursor(image, new DataView(bytes.buffer, bytes.byteOffset, clusterSize))
}
