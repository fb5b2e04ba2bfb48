/** Room for compressed data, which need not fill clusters (QEMU: qcow2_alloc_bytes). */
import type { Bytes } from '../lib/units.ts'
import { findClusters } from './find-clusters.ts'
import { damaged } from './corruption.ts'
import type { Driver } from './driver.ts'
import { refcountOf } from './refcount-lookup.ts'
import { addRefcounts } from './refcounts.ts'

/**
 * Goes on where the last compressed data ended, as long as that cluster's count allows; nobody asks whether it is
 * still in use, which is QEMU's own mistake and can hand out a cluster twice.
 * @param bytes 1 to a cluster's
 * @returns host offset of the first byte
 * @throws DriverError
 */
export function allocateBytes(driver: Driver, bytes: Bytes): Bytes {
  const { clusterSize, maxRefcount } = driver.geometry
  let offset = driver.compressedCursor
  if (offset !== 0 && refcountOf(driver, Math.floor(offset / clusterSize)) === maxRefcount) offset = 0
  let room = offset === 0 ? 0 : clusterSize - (offset % clusterSize)
  for (;;) {
    if (offset === 0 || room < bytes) {
      const found = findClusters(driver, 1) * clusterSize
      if (found === 0)
        throw damaged(driver, 'Preventing invalid allocation of compressed cluster at offset 0')
      if (offset === 0 || Math.ceil(offset / clusterSize) * clusterSize !== found) {
        offset = found
        room = clusterSize
      } else room += clusterSize
    }
    const first = Math.floor(offset / clusterSize)
    const last = Math.floor((offset + bytes - 1) / clusterSize)
    if (addRefcounts(driver, first, last - first + 1, 1) === 'done') break
    offset = 0
  }
  driver.l2Cache.setDependency(driver.refcountCache)
  const end = offset + bytes
  driver.compressedCursor = end % clusterSize === 0 ? 0 : end
  return offset
}
