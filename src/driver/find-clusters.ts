/** Finding free clusters (QEMU: alloc_clusters_noref). */
import type { ClusterIndex } from '../lib/units.ts'
import type { Driver } from './driver.ts'
import { DriverError } from './driver-error.ts'
import { refcountBlockOffset } from './refcount-lookup.ts'
import { refcountAt } from './refcount-value.ts'

/**
 * First fit from the cursor on: `count` free clusters in a row, which stay free. The cursor moves behind them.
 * @param count may be 0
 * @returns the first of them
 * @throws DriverError EFBIG where the file would grow past 2^53 bytes
 */
export function findClusters(driver: Driver, count: number): ClusterIndex {
  const { clusterSize, refcountsPerBlock, refcountOrder } = driver.geometry
  const last = Math.floor(Number.MAX_SAFE_INTEGER / clusterSize)
  let run = 0
  while (run < count) {
    // A block at a time: the order in which tables were used is the same as cluster by cluster.
    const first = driver.cursor
    const inBlock = refcountsPerBlock - (first % refcountsPerBlock)
    if (first + inBlock > last) throw new DriverError('EFBIG')
    const offset = refcountBlockOffset(driver, first)
    if (offset === 0) {
      const taken = Math.min(count - run, inBlock)
      driver.cursor += taken
      run += taken
      continue
    }
    run = driver.refcountCache.use(offset, block => {
      let free = run
      for (let i = refcountsPerBlock - inBlock; i < refcountsPerBlock && free < count; i++) {
        driver.cursor++
        free = refcountAt(block, refcountOrder, i) === 0 ? free + 1 : 0
      }
      return free
    })
  }
  return driver.cursor - count
}
