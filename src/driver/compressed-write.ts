/** Writing a compressed cluster (QEMU: qcow2_co_pwritev_compressed_task, qcow2_alloc_compressed_cluster_offset). */
import { deflateRaw } from 'pako'
import type { Bytes } from '../lib/units.ts'
import { CompressionType } from '../qcow2/compressed.ts'
import { allocateBytes } from './allocate-bytes.ts'
import type { Cause } from './cause.ts'
import { checkOverlap } from './corruption.ts'
import type { Driver } from './driver.ts'
import { DriverError } from './driver-error.ts'
import { COMPRESSED } from './entry.ts'
import { useL2 } from './l2.ts'
import { type L2Entry, readEntry, writeEntry } from './l2-entry.ts'

const CAUSE: Cause = { phase: 'writing compressed data', structure: 'compressedData' }

/**
 * Packs a guest cluster and writes it, where nothing was written before.
 * @param guest offset of the cluster
 * @param cluster a whole cluster's bytes; zeros behind the end of the disk
 * @returns false if it does not get shorter: then it is for the caller to write it as it is
 * @throws DriverError EIO if the cluster has a place of its own, or if the check refuses; ENOTSUP for zstd, for
 *   which there is no packer here that gives QEMU's bytes
 */
export function writeCompressedCluster(driver: Driver, guest: Bytes, cluster: Uint8Array): boolean {
  if (driver.image.header.compressionType !== CompressionType.zlib) throw new DriverError('ENOTSUP')
  const packed = deflateRaw(cluster, { windowBits: 12, memLevel: 9 })
  if (packed.length >= cluster.length) return false
  const offset = placeCompressed(driver, guest, packed.length)
  checkOverlap(driver, 0, offset, packed.length, CAUSE)
  driver.disk.write(offset, packed)
  return true
}

/** Takes room for the bytes, and lets the L2 entry point there. */
function placeCompressed(driver: Driver, guest: Bytes, length: Bytes): Bytes {
  return useL2(driver, guest, place => {
    if (hasPlace(readEntry(driver, place))) throw new DriverError('EIO')
    const offset = allocateBytes(driver, length)
    const [high, low] = compressedHalves(offset, length, driver.geometry.clusterBits)
    writeEntry(driver, place, 0, { high, low, zeroBits: 0, allocatedBits: 0 })
    return offset
  })
}

/** Whether an entry points anywhere, compressed or not: compressed data do not replace anything. */
const hasPlace = ({ high, low }: L2Entry): boolean => (high & 0x00ffffff) !== 0 || low >>> 9 !== 0

/** The entry for compressed bytes (specification: "Compressed Clusters Descriptor"). */
function compressedHalves(offset: Bytes, length: Bytes, clusterBits: number): [high: number, low: number] {
  const additionalSectors = Math.floor((offset + length - 1) / 512) - Math.floor(offset / 512)
  const offsetHighBits = 62 - (clusterBits - 8) - 32
  return [COMPRESSED + additionalSectors * 2 ** offsetHighBits + Math.floor(offset / 2 ** 32), offset >>> 0]
}
