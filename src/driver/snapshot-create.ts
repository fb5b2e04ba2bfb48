/** Taking an internal snapshot (QEMU: qcow2_snapshot_create). */
import { MetadataType } from '../lib/metadata-types.ts'
import type { Snapshot } from '../qcow2/image.ts'
import { allocateClusters, clustersOf } from './allocator.ts'
import type { Cause } from './cause.ts'
import { checkOverlap } from './corruption.ts'
import type { Driver } from './driver.ts'
import { DriverError } from './driver-error.ts'
import { tableBytes } from './offset-table.ts'
import { addSnapshotRefcounts, forEachL2 } from './snapshot-refcounts.ts'
import { writeSnapshotTable } from './snapshot-table.ts'

const L1_COPY: Cause = { phase: 'creating a snapshot', structure: 'inactiveL1' }
const L2_TABLES: Cause = { phase: 'creating a snapshot', structure: 'inactiveL2' }
const MAX_SNAPSHOTS = 65536

/** When a snapshot is taken. */
export interface SnapshotDate {
  readonly seconds: number
  readonly nanoseconds: number
}

/** What a snapshot says of itself. */
export interface SnapshotLabel {
  readonly name: string
  readonly date: SnapshotDate
  /** Instructions that the machine has executed; undefined where nobody counts. (qemu-img writes 0.) */
  readonly icount: bigint | undefined
}

/**
 * Copies the active L1 table as it is, and counts everything below it once more.
 * @throws DriverError; clusters taken until then are leaked, as in QEMU
 */
export function createSnapshot(driver: Driver, { name, date, icount }: SnapshotLabel): void {
  if (driver.snapshots.length >= MAX_SNAPSHOTS) throw new DriverError('EFBIG')
  const { clusterSize } = driver.geometry
  const entries = driver.l1.length
  const bytes = tableBytes(entries)
  const clusters = clustersOf(driver, bytes)
  const offset = allocateClusters(driver, clusters) * clusterSize
  checkOverlap(driver, 0, offset, bytes, L1_COPY)
  // Before the flags change: the copy keeps those that are true now.
  driver.disk.write(offset, driver.l1.encode())
  driver.guard.enter(offset, clusters, MetadataType.inactiveL1, L1_COPY)
  forEachL2(driver.l1, l2 => driver.guard.enter(l2, 1, MetadataType.inactiveL2, L2_TABLES))
  addSnapshotRefcounts(driver, { offset: driver.l1Offset, entries: driver.l1 }, 1, () => undefined)
  const snapshot: Snapshot = {
    id: nextId(driver.snapshots),
    name,
    l1TableOffset: BigInt(offset),
    l1Size: entries,
    dateSeconds: date.seconds,
    dateNanoseconds: date.nanoseconds,
    vmClockNanoseconds: 0n,
    vmStateSize: 0n,
    diskSize: BigInt(driver.virtualSize),
    icount,
    unknownExtraData: new Uint8Array(0),
    // The driver writes tables anew, and never asks where an entry stands.
    entryOffset: 0n,
    entryLength: 0,
  }
  writeSnapshotTable(driver, [...driver.snapshots, snapshot])
}

/** One more than the largest; ids that are no numbers count as 0 (QEMU: find_new_snapshot_id). */
function nextId(snapshots: readonly Snapshot[]): string {
  const ids = snapshots.map(({ id }) => Number.parseInt(id, 10) || 0)
  return String(ids.reduce((most, id) => Math.max(most, id), 0) + 1)
}
