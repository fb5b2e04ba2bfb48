/** Writing the snapshot table (QEMU: qcow2_write_snapshots). */
import { MetadataType } from '../lib/metadata-types.ts'
import { encodeSnapshotTable } from '../qcow2/encode.ts'
import type { Snapshot } from '../qcow2/image.ts'
import { allocateClusters, clustersOf, freeClusters } from './allocator.ts'
import type { Cause } from './cause.ts'
import { checkOverlap } from './corruption.ts'
import type { Driver } from './driver.ts'
import { flushCaches } from './flush.ts'
import { writeSnapshotsPlace } from './header-fields.ts'

const CAUSE: Cause = { phase: 'rewriting the snapshot table', structure: 'snapshotTable' }
/** The original enters the fixed part of each entry only. */
const ENTERED_BYTES = 40

/**
 * Puts a new table into new clusters, points the header to it and gives the old one back.
 * @throws DriverError; the old table then still stands
 */
export function writeSnapshotTable(driver: Driver, snapshots: readonly Snapshot[]): void {
  const { guard, disk } = driver
  const { clusterSize } = driver.geometry
  const table = encodeSnapshotTable(snapshots, BigInt(driver.virtualSize))
  // A table without entries takes no clusters, and its offset says where the next would have gone.
  const offset = allocateClusters(driver, clustersOf(driver, table.length)) * clusterSize
  flushCaches(driver)
  checkOverlap(driver, 0, offset, table.length, CAUSE)
  disk.write(offset, table)
  flushCaches(driver)
  writeSnapshotsPlace(driver, snapshots.length, offset)
  const old = {
    offset: driver.snapshotsOffset,
    bytes: driver.snapshotTableLength,
    count: driver.snapshots.length,
  }
  freeClusters(driver, old.offset, old.bytes)
  const entered = (count: number): number => Math.ceil((count * ENTERED_BYTES) / clusterSize)
  if (old.count > 0) guard.remove(old.offset, entered(old.count), MetadataType.snapshotTable, CAUSE)
  if (snapshots.length > 0) guard.enter(offset, entered(snapshots.length), MetadataType.snapshotTable, CAUSE)
  driver.snapshots = snapshots
  driver.snapshotsOffset = offset
  driver.snapshotTableLength = table.length
}
