/** The active L1 table: entries and growth (QEMU: qcow2_write_l1_entry, qcow2_grow_l1_table). */
import { MetadataType } from '../lib/metadata-types.ts'
import type { Bytes } from '../lib/units.ts'
import { allocateClusters, clustersOf, freeClusters } from './allocator.ts'
import { Causes } from './cause.ts'
import { checkOverlap } from './corruption.ts'
import type { Driver } from './driver.ts'
import { DriverError } from './driver-error.ts'
import { COPIED, highOf, lowOf, offsetOf } from './entry.ts'
import { writeL1Place } from './header-fields.ts'

/** QEMU: QCOW_MAX_L1_SIZE. */
const MAX_L1_BYTES = 32 * 2 ** 20
const SECTOR_ENTRIES = 64

/** Host offset of the L2 table; 0 for none. @throws DriverError */
export const l2TableOffset = (driver: Driver, index: number): Bytes =>
  offsetOf(driver.l1.high(index), driver.l1.low(index))

/** Whether the L2 table belongs to the active L1 alone, and may be changed in place. */
export const isL2Copied = (driver: Driver, index: number): boolean => (driver.l1.high(index) & COPIED) !== 0

/** Sets an entry, with COPIED, in memory and at once on disk. @throws DriverError EIO if the check refuses */
export function writeL1Entry(driver: Driver, index: number, l2Offset: Bytes): void {
  driver.l1.set(index, (highOf(l2Offset) | COPIED) >>> 0, lowOf(l2Offset))
  writeL1Sector(driver, index)
}

/**
 * Writes what the table has in the 512 bytes around an entry, as it is in memory. All of them are checked, as the
 * 2015 QEMU wrote them; the file gets no longer by it, as today's writes the entry alone.
 * @throws DriverError EIO if the check refuses
 */
export function writeL1Sector(driver: Driver, index: number): void {
  const first = index - (index % SECTOR_ENTRIES)
  const count = Math.min(SECTOR_ENTRIES, driver.l1.length - first)
  const offset = driver.l1Offset + first * 8
  checkOverlap(driver, MetadataType.activeL1, offset, SECTOR_ENTRIES * 8, Causes.l1Entry)
  driver.disk.write(offset, driver.l1.encode(first, count))
}

/**
 * Moves the L1 table to a place where it can be longer.
 * @param least entries that are needed; nothing happens when there are as many
 * @param exact so many and no more; else half as many again, as often as it takes
 * @throws DriverError EFBIG, EIO
 */
export function growL1(driver: Driver, least: number, exact: boolean): void {
  const { l1, l1Offset: oldOffset, geometry } = driver
  if (least <= l1.length) return
  let entries = exact ? least : Math.max(1, l1.length)
  while (entries < least) entries = Math.ceil((entries * 3) / 2)
  if (entries * 8 > MAX_L1_BYTES) throw new DriverError('EFBIG')

  const bytes = entries * 8
  const offset = allocateClusters(driver, clustersOf(driver, bytes)) * geometry.clusterSize
  try {
    driver.refcountCache.flush()
    checkOverlap(driver, 0, offset, bytes, Causes.growL1)
  } catch (error) {
    freeClusters(driver, offset, bytes)
    throw error
  }
  const longer = l1.resized(entries)
  driver.disk.write(offset, longer.encode())
  driver.l1 = longer
  driver.l1Offset = offset
  writeL1Place(driver)
  driver.guard.remove(oldOffset, clustersOf(driver, l1.length * 8), MetadataType.activeL1, Causes.growL1)
  driver.guard.enter(offset, clustersOf(driver, bytes), MetadataType.activeL1, Causes.growL1)
  freeClusters(driver, oldOffset, l1.length * 8)
}
