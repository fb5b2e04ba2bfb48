/** Changing refcounts (QEMU: update_refcount). */
import type { AddRefcounts, Progress } from './counting.ts'
import type { Bytes, ClusterIndex } from '../lib/units.ts'
import type { Driver } from './driver.ts'
import { DriverError, passOver } from './driver-error.ts'
import { needRefcountBlock, RESTART } from './refcount-blocks.ts'
import { refcountAt, setRefcountAt } from './refcount-value.ts'
import type { Slot } from './table-cache.ts'

/**
 * Adds to the refcounts of clusters in a row, making refcount blocks where they are missing. What was
 * changed is taken back when it cannot be finished.
 * @param delta 1 or -1
 * @throws DriverError EINVAL where a count would go below 0 or past its width; EIO
 */
export const addRefcounts: AddRefcounts = (driver, start, count, delta) => {
  if (count === 0) return 'done'
  if (delta < 0) passOver(() => driver.refcountCache.setDependency(driver.l2Cache))
  const counter = new Counter(driver, start, delta)
  try {
    for (let cluster = start; cluster < start + count; cluster++)
      if (counter.add(cluster) === 'restart') {
        driver.cursor = Math.min(driver.cursor, start)
        counter.release()
        undo(driver, start, cluster - start, delta)
        return 'restart'
      }
  } catch (error) {
    counter.release()
    if (error instanceof DriverError) undo(driver, start, counter.cluster - start, delta)
    throw error
  }
  counter.release()
  return 'done'
}

function undo(driver: Driver, start: ClusterIndex, count: number, delta: 1 | -1): void {
  passOver(() => addRefcounts(driver, start, count, delta > 0 ? -1 : 1))
}

/** Goes over clusters in order, holding the block that counts the current one. */
class Counter {
  /** The cluster being counted. */
  cluster: ClusterIndex
  private readonly driver: Driver
  private readonly delta: 1 | -1
  private blockIndex = -1
  private slot: Slot = -1

  constructor(driver: Driver, start: ClusterIndex, delta: 1 | -1) {
    this.driver = driver
    this.cluster = start
    this.delta = delta
  }

  add(cluster: ClusterIndex): Progress {
    const { driver, delta } = this
    const { refcountsPerBlock, refcountOrder, maxRefcount } = driver.geometry
    this.cluster = cluster
    const blockIndex = Math.floor(cluster / refcountsPerBlock)
    if (blockIndex !== this.blockIndex) {
      this.release()
      const slot = needRefcountBlock(driver, cluster, addRefcounts)
      if (slot === RESTART) return 'restart'
      this.slot = slot
      this.blockIndex = blockIndex
    }
    const block = driver.refcountCache.change(this.slot)
    const index = cluster % refcountsPerBlock
    const count = refcountAt(block, refcountOrder, index) + delta
    if (count < 0 || count > maxRefcount) throw new DriverError('EINVAL', `refcount of cluster ${cluster}`)
    setRefcountAt(block, refcountOrder, index, count)
    if (count === 0) {
      driver.cursor = Math.min(driver.cursor, cluster)
      this.forgetTable(cluster * driver.geometry.clusterSize)
    }
    return 'done'
  }

  /** A table that is gone must not be written over what comes into its place. */
  private forgetTable(offset: Bytes): void {
    const { refcountCache, l2Cache } = this.driver
    if (refcountCache.has(offset)) {
      // It may be the very block that is being counted in.
      this.release()
      refcountCache.discard(offset)
    }
    l2Cache.discard(offset)
  }

  release(): void {
    if (this.slot >= 0) this.driver.refcountCache.put(this.slot)
    this.slot = -1
    this.blockIndex = -1
  }
}
