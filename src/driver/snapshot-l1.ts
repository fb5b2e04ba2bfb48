import type { Snapshot } from '../qcow2/image.ts'
import type { Driver } from './driver.ts'
import { OffsetTable, tableBytes } from './offset-table.ts'
import type { L1Table } from './snapshot-refcounts.ts'

/** A snapshot's L1 table as it stands on disk. @param length of the table in memory; what is missing is zero */
export function readSnapshotL1(driver: Driver, snapshot: Snapshot, length: number): L1Table {
  const offset = Number(snapshot.l1TableOffset)
  const bytes = driver.disk.readSync(offset, tableBytes(Math.min(snapshot.l1Size, length)))
  return {
    offset,
    entries: OffsetTable.from(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), length),
  }
}
