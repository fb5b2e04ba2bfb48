/** Going back to an internal snapshot (QEMU: qcow2_snapshot_goto). */
import { MetadataType } from '../lib/metadata-types.ts'
import type { Snapshot } from '../qcow2/image.ts'
import type { Cause } from './cause.ts'
import { checkOverlap } from './corruption.ts'
import type { Driver } from './driver.ts'
import { growL1 } from './l1.ts'
import { tableBytes } from './offset-table.ts'
import { resize } from './resize.ts'
import { readSnapshotL1 } from './snapshot-l1.ts'
import { addSnapshotRefcounts, forEachL2 } from './snapshot-refcounts.ts'

const L1: Cause = { phase: 'applying a snapshot', structure: 'activeL1' }
const L2_TABLES: Cause = { phase: 'applying a snapshot', structure: 'activeL2' }

/**
 * Makes the active L1 table a copy of the snapshot's.
 * @param snapshot one of the driver's
 * @throws DriverError
 */
export function applySnapshot(driver: Driver, snapshot: Snapshot): void {
  const diskSize = Number(snapshot.diskSize ?? BigInt(driver.virtualSize))
  if (diskSize !== driver.virtualSize) resize(driver, diskSize)
  growL1(driver, snapshot.l1Size, true)
  const bytes = tableBytes(driver.l1.length)
  const target = readSnapshotL1(driver, snapshot, driver.l1.length)
  // Counts go up first, so that nothing that both states share is free in between.
  addSnapshotRefcounts(driver, readSnapshotL1(driver, snapshot, snapshot.l1Size), 1, () => undefined)
  checkOverlap(driver, MetadataType.activeL1, driver.l1Offset, bytes, L1)
  driver.disk.write(driver.l1Offset, target.entries.encode())
  addSnapshotRefcounts(driver, { offset: driver.l1Offset, entries: driver.l1 }, -1, l2 =>
    driver.guard.remove(l2, 1, MetadataType.activeL2, L2_TABLES),
  )
  driver.l1 = target.entries
  addSnapshotRefcounts(driver, { offset: driver.l1Offset, entries: driver.l1 }, 0, () => undefined)
  forEachL2(driver.l1, l2 => driver.guard.enter(l2, 1, MetadataType.activeL2, L2_TABLES))
}
