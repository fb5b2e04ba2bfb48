/** Making refcount blocks (QEMU: alloc_refcount_block). */
import { PageRow } from '../disk/page-row.ts'
import { MetadataType } from '../lib/metadata-types.ts'
import type { Bytes, ClusterIndex } from '../lib/units.ts'
import { Causes } from './cause.ts'
import type { AddRefcounts } from './counting.ts'
import { signalCorruption } from './corruption.ts'
import type { Driver } from './driver.ts'
import { DriverError } from './driver-error.ts'
import { findClusters } from './find-clusters.ts'
import { highOf, lowOf } from './entry.ts'
import { growRefcountTable } from './refcount-table-growth.ts'
import { setRefcountAt } from './refcount-value.ts'
import { refcountBlockOffset } from './refcount-lookup.ts'
import type { Slot } from './table-cache.ts'

/** Answer of needRefcountBlock: a block was made, so whoever wanted to count looks for a place again. */
export const RESTART = -1

/**
 * The block that counts this cluster, in use in the refcount cache.
 * @returns its slot, or RESTART when the block had to be made
 * @throws DriverError
 */
export function needRefcountBlock(
  driver: Driver,
  cluster: ClusterIndex,
  add: AddRefcounts,
): Slot | typeof RESTART {
  const there = refcountBlockOffset(driver, cluster)
  if (there !== 0) return driver.refcountCache.get(there)

  // The refcount table is about to be written, and L2 tables may have to be on disk before.
  driver.l2Cache.flush()
  const block = findClusters(driver, 1)
  if (block === 0) {
    const message = 'Preventing invalid allocation of refcount block at offset 0'
    signalCorruption(driver, { message, offset: undefined, size: undefined, fatal: true })
    throw new DriverError('EIO', message)
  }
  const offset = block * driver.geometry.clusterSize
  const slot = placeBlock(driver, cluster, block, add)
  if (slot === RESTART) return RESTART
  try {
    driver.refcountCache.flush()
  } finally {
    driver.refcountCache.put(slot)
  }
  const index = Math.floor(cluster / driver.geometry.refcountsPerBlock)
  if (index < driver.refcountTable.length) hook(driver, index, offset)
  else growRefcountTable(driver, { cluster, block, index }, add)
  return RESTART
}

/** An empty block in the cache, which counts itself if it lies in its own range. */
function placeBlock(
  driver: Driver,
  cluster: ClusterIndex,
  block: ClusterIndex,
  add: AddRefcounts,
): Slot | typeof RESTART {
  const { refcountsPerBlock, refcountOrder, clusterSize } = driver.geometry
  const cache = driver.refcountCache
  const table = PageRow.zeros(clusterSize)
  if (Math.floor(block / refcountsPerBlock) === Math.floor(cluster / refcountsPerBlock))
    setRefcountAt(table, refcountOrder, block % refcountsPerBlock, 1)
  else {
    if (add(driver, block, 1, 1) === 'restart') return RESTART
    cache.flush()
  }
  const slot = cache.getEmpty(block * clusterSize)
  cache.fill(slot, table)
  return slot
}

/** Enters a block into the refcount table; this write is not checked. */
function hook(driver: Driver, index: number, offset: Bytes): void {
  driver.refcountTable.set(index, highOf(offset), lowOf(offset))
  driver.disk.write(driver.refcountTableOffset + index * 8, driver.refcountTable.encode(index, 1))
  driver.guard.enter(offset, 1, MetadataType.refcountBlock, Causes.newRefcountBlock)
}
