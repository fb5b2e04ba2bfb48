/** Single entries of L2 tables in the cache, and what they say (QEMU: qcow2_get_cluster_type). */
import type { Bytes } from '../lib/units.ts'
import type { Driver } from './driver.ts'
import { COMPRESSED, COPIED, offsetOf, ZERO } from './entry.ts'
import type { L2Place } from './l2.ts'

/** An entry as it stands: two halves, and with subclusters the bitmap's two. */
export interface L2Entry {
  readonly high: number
  readonly low: number
  /** Which subclusters read as zeros; 0 without subclusters. */
  readonly zeroBits: number
  /** Which subclusters have data of their own; 0 without subclusters. */
  readonly allocatedBits: number
}

export const UNALLOCATED: L2Entry = { high: 0, low: 0, zeroBits: 0, allocatedBits: 0 }
export const ALL_SUBCLUSTERS = 0xffffffff

export type EntryKind = 'unallocated' | 'zeroPlain' | 'zeroAllocated' | 'normal' | 'compressed'

/** @param step entries behind the place's own */
export function readEntry(driver: Driver, { slot, index }: L2Place, step = 0): L2Entry {
  const table = driver.l2Cache.view(slot)
  const at = (index + step) * driver.geometry.l2EntryBytes
  const high = table.getUint32(at)
  const low = table.getUint32(at + 4)
  if (!driver.geometry.extendedL2) return { high, low, zeroBits: 0, allocatedBits: 0 }
  return { high, low, zeroBits: table.getUint32(at + 8), allocatedBits: table.getUint32(at + 12) }
}

export function writeEntry(driver: Driver, { slot, index }: L2Place, step: number, entry: L2Entry): void {
  const table = driver.l2Cache.change(slot)
  const at = (index + step) * driver.geometry.l2EntryBytes
  table.setUint32(at, entry.high)
  table.setUint32(at + 4, entry.low)
  if (!driver.geometry.extendedL2) return
  table.setUint32(at + 8, entry.zeroBits)
  table.setUint32(at + 12, entry.allocatedBits)
}

/** With subclusters, bit 0 of an entry means nothing: zeros are in the bitmap alone. */
export function kindOf(driver: Driver, { high, low }: L2Entry): EntryKind {
  if (high & COMPRESSED) return 'compressed'
  const hasOffset = (high & 0x00ffffff) !== 0 || low >>> 9 !== 0
  if (low & ZERO && !driver.geometry.extendedL2) return hasOffset ? 'zeroAllocated' : 'zeroPlain'
  return hasOffset ? 'normal' : 'unallocated'
}

/** Whether the guest may be given this cluster to write to: it has a place that nobody else uses. */
export function isInPlace(driver: Driver, entry: L2Entry): boolean {
  if ((entry.high & COPIED) === 0) return false
  const kind = kindOf(driver, entry)
  return kind === 'normal' || kind === 'zeroAllocated'
}

/** Host offset of a standard entry; 0 for none. @throws DriverError EIO past 2^53 */
export const dataOffsetOf = ({ high, low }: L2Entry): Bytes => offsetOf(high, low)

/** First byte and length of compressed data: the length is in whole sectors, less what lies before the first byte. */
export function compressedExtent(driver: Driver, { high, low }: L2Entry): { offset: Bytes; length: Bytes } {
  const sectorBits = driver.geometry.clusterBits - 8
  const highBits = 62 - sectorBits - 32
  const descriptor = high & 0x3fffffff
  const sectors = descriptor >>> highBits
  const offset = (descriptor & ((1 << highBits) - 1)) * 2 ** 32 + low
  return { offset, length: (sectors + 1) * 512 - (offset % 512) }
}

/** The entries say the same. */
export const sameEntry = (a: L2Entry, b: L2Entry): boolean =>
  a.high === b.high && a.low === b.low && a.zeroBits === b.zeroBits && a.allocatedBits === b.allocatedBits
