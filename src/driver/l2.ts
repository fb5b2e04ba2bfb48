/** L2 tables: finding, making and copying them (QEMU: get_cluster_table, l2_allocate). */
import { PageRow } from '../disk/page-row.ts'
import { MetadataType } from '../lib/metadata-types.ts'
import type { Bytes } from '../lib/units.ts'
import { allocateClusters, freeClusters } from './allocator.ts'
import { Causes } from './cause.ts'
import { damaged } from './corruption.ts'
import type { Driver } from './driver.ts'
import { growL1, isL2Copied, l2TableOffset, writeL1Entry } from './l1.ts'
import type { Slot } from './table-cache.ts'

/** An L2 table in use in the cache, and the index of a guest cluster's entry in it. Give it back: releaseL2. */
export interface L2Place {
  readonly slot: Slot
  readonly index: number
}

/** Default of QEMU's largest L2 cache on Linux, bytes. Disks that need more are mapped in slices. */
const MAX_L2_CACHE_BYTES = 32 * 2 ** 20
const MAX_SLICE_BYTES = 4096

export const l1IndexOf = (driver: Driver, guest: Bytes): number =>
  Math.floor(guest / driver.geometry.l2Coverage)

export const l2IndexOf = ({ geometry }: Driver, guest: Bytes): number =>
  Math.floor((guest % geometry.l2Coverage) / geometry.clusterSize)

/** Entries that QEMU 7.2 looks at in one go: a whole table, or a slice of one on large disks. */
export function entriesPerSlice({ geometry, virtualSize }: Driver): number {
  const { clusterSize, l2EntryBytes, l2Entries } = geometry
  const bytes = Math.ceil(virtualSize / clusterSize) * l2EntryBytes
  const needed = Math.ceil(bytes / clusterSize) * clusterSize
  return needed > MAX_L2_CACHE_BYTES ? Math.min(MAX_SLICE_BYTES, clusterSize) / l2EntryBytes : l2Entries
}

/** Entries from this guest offset to the end of its slice. */
export function entriesLeftInSlice(driver: Driver, guest: Bytes): number {
  const perSlice = entriesPerSlice(driver)
  return perSlice - (l2IndexOf(driver, guest) % perSlice)
}

/** The L2 table for a guest offset, to be read; undefined where there is none. @throws DriverError */
export function lookUpL2(driver: Driver, guest: Bytes): L2Place | undefined {
  const l1Index = l1IndexOf(driver, guest)
  if (l1Index >= driver.l1.length) return undefined
  const offset = l2TableOffset(driver, l1Index)
  if (offset === 0) return undefined
  if (offset % driver.geometry.clusterSize !== 0) throw unaligned(driver, offset, l1Index)
  return { slot: driver.l2Cache.get(offset), index: l2IndexOf(driver, guest) }
}

/**
 * The L2 table for a guest offset, to be changed: made where there is none, copied where a snapshot shares it.
 * @throws DriverError
 */
export function needL2(driver: Driver, guest: Bytes): L2Place {
  const l1Index = l1IndexOf(driver, guest)
  growL1(driver, l1Index + 1, false)
  const old = l2TableOffset(driver, l1Index)
  const { clusterSize } = driver.geometry
  if (old % clusterSize !== 0) throw unaligned(driver, old, l1Index)
  const index = l2IndexOf(driver, guest)
  if (old !== 0 && isL2Copied(driver, l1Index)) return { slot: driver.l2Cache.get(old), index }
  const slot = makeL2(driver, l1Index, old)
  if (old !== 0) freeClusters(driver, old, clusterSize)
  return { slot, index }
}

export function releaseL2(driver: Driver, place: L2Place): void {
  driver.l2Cache.put(place.slot)
}

/** Works with the L2 table for a guest offset, to be changed, and gives it back. */
export function useL2<R>(driver: Driver, guest: Bytes, work: (place: L2Place) => R): R {
  const place = needL2(driver, guest)
  try {
    return work(place)
  } finally {
    releaseL2(driver, place)
  }
}

/** A new table, written and entered in the L1 table. @param old the table that it copies; 0: it is empty */
function makeL2(driver: Driver, l1Index: number, old: Bytes): Slot {
  const { clusterSize } = driver.geometry
  const { l2Cache } = driver
  const [oldHigh, oldLow] = [driver.l1.high(l1Index), driver.l1.low(l1Index)]
  const offset = allocateClusters(driver, 1) * clusterSize
  let slot: Slot | undefined
  try {
    driver.refcountCache.flush()
    slot = l2Cache.getEmpty(offset)
    l2Cache.fill(slot, old === 0 ? PageRow.zeros(clusterSize) : l2Cache.use(old, table => table.clone()))
    l2Cache.flush()
    writeL1Entry(driver, l1Index, offset)
  } catch (error) {
    if (slot !== undefined) l2Cache.put(slot)
    driver.l1.set(l1Index, oldHigh, oldLow)
    freeClusters(driver, offset, clusterSize)
    throw error
  }
  driver.guard.enter(offset, 1, MetadataType.activeL2, Causes.newL2)
  return slot
}

const hex = (value: number): string => `0x${value.toString(16)}`

function unaligned(driver: Driver, offset: Bytes, l1Index: number): Error {
  return damaged(driver, `L2 table offset ${hex(offset)} unaligned (L1 index: ${hex(l1Index)})`)
}
