/** What never changes about an open image: sizes and widths, worked out once. */
import type { Bytes } from '../lib/units.ts'
import { hasExtendedL2 } from '../qcow2/l2-cursor.ts'
import type { Qcow2Image } from '../qcow2/image.ts'

export interface Geometry {
  readonly version: 2 | 3
  readonly clusterBits: number
  readonly clusterSize: Bytes
  readonly refcountOrder: number
  /** Refcounts in a refcount block (E). */
  readonly refcountsPerBlock: number
  /** Largest refcount; 64-bit ones are counted to 2^53 - 1. */
  readonly maxRefcount: number
  readonly extendedL2: boolean
  /** Bytes of an L2 entry: 8, or 16 with subclusters. */
  readonly l2EntryBytes: number
  readonly l2Entries: number
  /** Guest bytes that one L2 table maps. */
  readonly l2Coverage: Bytes
  /** Whether unallocated clusters show a backing file. */
  readonly hasBacking: boolean
}

export function geometryOf(image: Qcow2Image): Geometry {
  const { version, clusterBits, refcountOrder } = image.header
  const clusterSize = 2 ** clusterBits
  const extendedL2 = hasExtendedL2(image)
  const l2EntryBytes = extendedL2 ? 16 : 8
  const l2Entries = clusterSize / l2EntryBytes
  return {
    version,
    clusterBits,
    clusterSize,
    refcountOrder,
    refcountsPerBlock: (clusterSize * 8) / 2 ** refcountOrder,
    maxRefcount: Math.min(2 ** (2 ** refcountOrder) - 1, Number.MAX_SAFE_INTEGER),
    extendedL2,
    l2EntryBytes,
    l2Entries,
    l2Coverage: l2Entries * clusterSize,
    hasBacking: image.header.backingFileOffset !== 0n,
  }
}
