/** Taking and freeing clusters (QEMU: qcow2_alloc_clusters, qcow2_alloc_clusters_at, qcow2_free_clusters). */
import type { Bytes, ClusterIndex } from '../lib/units.ts'
import { countDown } from './counting.ts'
import type { Driver } from './driver.ts'
import { findClusters } from './find-clusters.ts'
import { refcountOf } from './refcount-lookup.ts'
import { addRefcounts } from './refcounts.ts'

/** Clusters that these bytes take. */
export const clustersOf = (driver: Driver, bytes: Bytes): number =>
  Math.ceil(bytes / driver.geometry.clusterSize)

/** Takes `count` clusters in a row. @returns the first of them. @throws DriverError */
export function allocateClusters(driver: Driver, count: number): ClusterIndex {
  for (;;) {
    const first = findClusters(driver, count)
    if (addRefcounts(driver, first, count, 1) === 'done') return first
  }
}

/**
 * Takes up to `count` clusters from `first` on, as far as they are free; the cursor stays.
 * @returns how many; may be 0
 * @throws DriverError
 */
export function allocateClustersAt(driver: Driver, first: ClusterIndex, count: number): number {
  for (;;) {
    let free = 0
    while (free < count && refcountOf(driver, first + free) === 0) free++
    if (addRefcounts(driver, first, free, 1) === 'done') return free
  }
}

/** Counts every cluster that the bytes touch down by one; a failure is told, and passed over. */
export function freeClusters(driver: Driver, offset: Bytes, bytes: Bytes): void {
  countDown(driver, addRefcounts, offset, bytes)
}
