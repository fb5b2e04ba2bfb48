/** Writes of single header fields. QEMU checks none of them. */
import type { Bytes } from '../lib/units.ts'
import type { Driver } from './driver.ts'
import { highOf, lowOf } from './entry.ts'

const L1_SIZE = 36
const REFCOUNT_TABLE = 48
const SNAPSHOTS = 60
const SIZE = 24
/** Low half of incompatible_features. */
const INCOMPATIBLE = 76

function write(driver: Driver, offset: Bytes, words: readonly number[]): void {
  const view = new DataView(new ArrayBuffer(words.length * 4))
  for (const [index, word] of words.entries()) view.setUint32(index * 4, word)
  driver.disk.write(offset, new Uint8Array(view.buffer))
}

/** Points the header to where the active L1 table now is. */
export function writeL1Place(driver: Driver): void {
  write(driver, L1_SIZE, [driver.l1.length, highOf(driver.l1Offset), lowOf(driver.l1Offset)])
}

/** Points the header to where the refcount table now is. */
export function writeRefcountTablePlace(driver: Driver): void {
  const { refcountTableOffset: offset, refcountTable, geometry } = driver
  const clusters = (refcountTable.length * 8) / geometry.clusterSize
  write(driver, REFCOUNT_TABLE, [highOf(offset), lowOf(offset), clusters])
}

/** Points the header to a snapshot table. @param count number of snapshots in it */
export function writeSnapshotsPlace(driver: Driver, count: number, offset: Bytes): void {
  write(driver, SNAPSHOTS, [count, highOf(offset), lowOf(offset)])
}

/** Writes the virtual disk size of the driver's state. */
export function writeVirtualSize(driver: Driver): void {
  write(driver, SIZE, [highOf(driver.virtualSize), lowOf(driver.virtualSize)])
}

/** Sets bits of incompatible_features; version 2 has no place for them. */
export function markIncompatible(driver: Driver, bits: number): void {
  if (driver.geometry.version >= 3) write(driver, INCOMPATIBLE, [incompatible(driver) | bits])
}

/** Clears bits of incompatible_features. */
export function clearIncompatible(driver: Driver, bits: number): void {
  if (driver.geometry.version >= 3) write(driver, INCOMPATIBLE, [incompatible(driver) & ~bits])
}

const incompatible = (driver: Driver): number =>
  new DataView(driver.disk.readSync(INCOMPATIBLE, 4).slice().buffer).getUint32(0)
