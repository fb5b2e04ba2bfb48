/** `write -c`: what the guest may ask to be written compressed (QEMU: qcow2_co_pwritev_compressed_part). */
import type { Bytes } from '../lib/units.ts'
import { writeCompressedCluster } from './compressed-write.ts'
import type { Driver } from './driver.ts'
import { DriverError } from './driver-error.ts'
import type { GuestData } from './guest-data.ts'
import { requireOpen } from './requests.ts'
import { writeGuest } from './write.ts'

/**
 * Writes clusters one after another. (QEMU packs several at a time, and places them in the order in which they
 * get done.)
 * @throws DriverError EINVAL unless it is whole clusters, but for the disk's end; EIO past the end, or where a
 *   cluster has a place already
 */
export function requestCompressed(driver: Driver, offset: Bytes, data: GuestData): void {
  requireOpen(driver)
  const end = offset + data.length
  if (end > driver.virtualSize) throw new DriverError('EIO')
  const { clusterSize } = driver.geometry
  if (data.length === 0) return
  if (offset % clusterSize !== 0 || (data.length % clusterSize !== 0 && end !== driver.virtualSize))
    throw new DriverError('EINVAL')
  for (let done = 0; done < data.length; done += clusterSize) {
    const length = Math.min(clusterSize, data.length - done)
    const cluster = new Uint8Array(clusterSize)
    if ('fill' in data) cluster.fill(data.fill, 0, length)
    else cluster.set(data.bytes.subarray(done, done + length))
    if (!writeCompressedCluster(driver, offset + done, cluster))
      writeGuest(driver, offset + done, { bytes: cluster.subarray(0, length), length })
  }
}
