/**
 * What the 64-bit entries of L1, L2, refcount and bitmap tables say: pure functions on an entry's value.
 * Bit positions are those of the qcow2 specification (docs/interop/qcow2.txt); how a combination that the
 * specification leaves open is read follows QEMU's qcow2_get_cluster_type.
 */
import type { HostOffset } from '../lib/units.ts'
import { L1_OFFSET_MASK, L2_OFFSET_MASK, REFCOUNT_TABLE_OFFSET_MASK } from './image.ts'

/** Refcount is exactly one, so the cluster may be written in place. L1 and standard L2 entries. */
export const COPIED_FLAG = 1n << 63n
/** L2: the rest of the entry is a compressed cluster descriptor. */
export const COMPRESSED_FLAG = 1n << 62n
/** L2 without subclusters, version 3: the cluster reads as zeros. */
export const ZERO_FLAG = 1n

/** Bits that must be zero. */
export const REFCOUNT_TABLE_RESERVED_MASK = 0x1ffn
export const BITMAP_TABLE_RESERVED_MASK = 0xff000000000001fen
export const BITMAP_TABLE_OFFSET_MASK = 0x00fffffffffffe00n

/** @returns where the L2 table is; 0 when there is none */
export const l1EntryOffset = (entry: bigint): HostOffset => entry & L1_OFFSET_MASK

/** @returns where the refcount block is; 0 when there is none */
export const refcountTableEntryOffset = (entry: bigint): HostOffset => entry & REFCOUNT_TABLE_OFFSET_MASK

/** @returns where the cluster of bitmap data is; 0 when it is all zeros or all ones */
export const bitmapTableEntryOffset = (entry: bigint): HostOffset => entry & BITMAP_TABLE_OFFSET_MASK

/** Whether an L1 or L2 entry has its COPIED flag. */
export const isCopied = (entry: bigint): boolean => (entry & COPIED_FLAG) !== 0n

export const isCompressed = (entry: bigint): boolean => (entry & COMPRESSED_FLAG) !== 0n

/** @returns the data cluster of a standard (not compressed) L2 entry; 0 when it has none */
export const l2EntryOffset = (entry: bigint): HostOffset => entry & L2_OFFSET_MASK

/** QEMU: QCow2ClusterType. */
export type ClusterType = 'unallocated' | 'zero-plain' | 'zero-alloc' | 'normal' | 'compressed'

/** The features of an image that change how an L2 entry is read. */
export interface L2Format {
  readonly clusterBits: number
  /** Incompatible feature 4: entries of 16 bytes, the zero flag is not used. */
  readonly extendedL2: boolean
  /** Incompatible feature 2: offset 0 of the data file is a place like any other. */
  readonly externalDataFile: boolean
}

/**
 * @param entry an L2 entry; with extended L2, its first word
 * @returns what the cluster is. With extended L2 the subclusters' own bits say more.
 */
export function clusterType(entry: bigint, format: L2Format): ClusterType {
  if (isCompressed(entry)) return 'compressed'
  const hasOffset = l2EntryOffset(entry) !== 0n
  if ((entry & ZERO_FLAG) !== 0n && !format.extendedL2) return hasOffset ? 'zero-alloc' : 'zero-plain'
  if (hasOffset) return 'normal'
  // Without a data file, offset 0 is the header: COPIED does not make it a data cluster.
  return format.externalDataFile && isCopied(entry) ? 'normal' : 'unallocated'
}

/** Where a compressed cluster's bytes lie. They need not start or end at a sector. */
export interface CompressedExtent {
  readonly offset: HostOffset
  /** Up to the end of the last sector that it touches: the compressed stream itself may end earlier. */
  readonly length: number
}

/** @returns the bytes that a compressed L2 entry names */
export function compressedExtent(entry: bigint, clusterBits: number): CompressedExtent {
  const offsetBits = BigInt(62 - (clusterBits - 8))
  const offset = entry & ((1n << offsetBits) - 1n)
  const additionalSectors = Number((entry & (COMPRESSED_FLAG - 1n)) >> offsetBits)
  return { offset, length: (additionalSectors + 1) * 512 - Number(offset & 511n) }
}

/** The second word of an extended L2 entry: bit n of each speaks of subcluster n. */
export interface SubclusterBitmap {
  readonly allocated: number
  readonly zero: number
}

/** @returns both halves as unsigned 32-bit numbers; a subcluster in both is an error in the image */
export const subclusterBitmap = (word: bigint): SubclusterBitmap => ({
  allocated: Number(word & 0xffffffffn),
  zero: Number(word >> 32n),
})

/** A standard L2 entry, or an L1 entry: an offset with or without COPIED. */
export const tableEntry = (offset: HostOffset, copied: boolean): bigint =>
  copied ? offset | COPIED_FLAG : offset
