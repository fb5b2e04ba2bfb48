/** Reading refcounts (QEMU: qcow2_get_refcount). */
import type { Bytes, ClusterIndex } from '../lib/units.ts'
import { damaged } from './corruption.ts'
import type { Driver } from './driver.ts'
import { blockOffsetOf } from './entry.ts'
import { refcountAt } from './refcount-value.ts'

/** Host offset of the block that counts this cluster; 0 where there is none. @throws DriverError */
export function refcountBlockOffset(driver: Driver, cluster: ClusterIndex): Bytes {
  const index = Math.floor(cluster / driver.geometry.refcountsPerBlock)
  const table = driver.refcountTable
  if (index >= table.length) return 0
  const offset = blockOffsetOf(table.high(index), table.low(index))
  if (offset % driver.geometry.clusterSize !== 0)
    throw damaged(
      driver,
      `Refblock offset 0x${offset.toString(16)} unaligned (reftable index: 0x${index.toString(16)})`,
    )
  return offset
}

/** A cluster that no block counts has refcount 0. @throws DriverError */
export function refcountOf(driver: Driver, cluster: ClusterIndex): number {
  const { refcountOrder, refcountsPerBlock } = driver.geometry
  const offset = refcountBlockOffset(driver, cluster)
  if (offset === 0) return 0
  return driver.refcountCache.use(offset, block =>
    refcountAt(block, refcountOrder, cluster % refcountsPerBlock),
  )
}
