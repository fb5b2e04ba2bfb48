/** Changing the virtual disk size (QEMU: qcow2_co_truncate). */
import { MetadataType } from '../lib/metadata-types.ts'
import type { Bytes } from '../lib/units.ts'
import { freeClusters } from './allocator.ts'
import type { Cause } from './cause.ts'
import { discardClusters } from './discard.ts'
import type { Driver } from './driver.ts'
import { DriverError } from './driver-error.ts'
import { writeVirtualSize } from './header-fields.ts'
import { growL1, l2TableOffset } from './l1.ts'
import { dropUnusedRefcountBlocks } from './refcount-table-shrink.ts'
import { refcountOf } from './refcount-lookup.ts'

const L2_TABLES: Cause = { phase: 'resizing the image', structure: 'activeL2' }

/**
 * @param size of the disk, bytes
 * @throws DriverError, its message in QEMU's words
 */
export function resize(driver: Driver, size: Bytes): void {
  if (size % 512 !== 0) throw new DriverError('EINVAL', 'The new size must be a multiple of 512')
  if (driver.geometry.version < 3 && driver.snapshots.length > 0)
    throw new DriverError('ENOTSUP', "Can't resize a v2 image which has snapshots")
  const l1Entries = Math.ceil(size / driver.geometry.l2Coverage)
  if (size < driver.virtualSize) shrink(driver, size, l1Entries)
  else growL1(driver, l1Entries, true)
  driver.virtualSize = size
  writeVirtualSize(driver)
}

function shrink(driver: Driver, size: Bytes, l1Entries: number): void {
  const { clusterSize } = driver.geometry
  const from = Math.ceil(size / clusterSize) * clusterSize
  if (from < driver.virtualSize) discardClusters(driver, from, driver.virtualSize - from, 'forget')
  cutL1(driver, l1Entries)
  dropUnusedRefcountBlocks(driver)
  cutFile(driver)
}

/** The entries past the end are zeroed, and their tables given back, from the last backwards; the table stays as long. */
function cutL1(driver: Driver, entries: number): void {
  const surplus = driver.l1.length - entries
  if (surplus <= 0) return
  const { clusterSize } = driver.geometry
  driver.disk.fill(driver.l1Offset + entries * 8, surplus * 8, 0)
  for (let index = driver.l1.length - 1; index >= entries; index--) {
    const offset = l2TableOffset(driver, index)
    if (offset === 0) continue
    freeClusters(driver, offset, clusterSize)
    driver.l1.set(index, 0, 0)
    driver.guard.remove(offset, 1, MetadataType.activeL2, L2_TABLES)
  }
}

/** What lies behind the last cluster in use goes (QEMU: qcow2_get_last_cluster). */
function cutFile(driver: Driver): void {
  const { clusterSize } = driver.geometry
  let clusters = Math.ceil(driver.disk.size / clusterSize)
  while (clusters > 0 && refcountOf(driver, clusters - 1) === 0) clusters--
  if (clusters > 0 && clusters * clusterSize < driver.disk.size) driver.disk.truncate(clusters * clusterSize)
}
