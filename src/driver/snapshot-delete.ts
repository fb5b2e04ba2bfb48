/** Deleting an internal snapshot (QEMU: qcow2_snapshot_delete). */
import { MetadataType } from '../lib/metadata-types.ts'
import type { Snapshot } from '../qcow2/image.ts'
import { clustersOf, freeClusters } from './allocator.ts'
import type { Cause } from './cause.ts'
import type { Driver } from './driver.ts'
import { tableBytes } from './offset-table.ts'
import { readSnapshotL1 } from './snapshot-l1.ts'
import { addSnapshotRefcounts, forgetInactiveL2 } from './snapshot-refcounts.ts'
import { writeSnapshotTable } from './snapshot-table.ts'

const L1_COPY: Cause = { phase: 'deleting a snapshot', structure: 'inactiveL1' }
const L2_TABLES: Cause = { phase: 'deleting a snapshot', structure: 'inactiveL2' }

/**
 * Takes a snapshot out of the table, then gives back what only it refers to.
 * @param snapshot one of the driver's
 * @throws DriverError
 */
export function deleteSnapshot(driver: Driver, snapshot: Snapshot): void {
  writeSnapshotTable(
    driver,
    driver.snapshots.filter(one => one !== snapshot),
  )
  const l1 = readSnapshotL1(driver, snapshot, snapshot.l1Size)
  const bytes = tableBytes(snapshot.l1Size)
  driver.guard.remove(l1.offset, clustersOf(driver, bytes), MetadataType.inactiveL1, L1_COPY)
  addSnapshotRefcounts(driver, l1, -1, forgetInactiveL2(driver, L2_TABLES))
  freeClusters(driver, l1.offset, bytes)
  // Some of the active clusters may now be the only ones, and may be written in place again.
  addSnapshotRefcounts(driver, { offset: driver.l1Offset, entries: driver.l1 }, 0, () => undefined)
}
