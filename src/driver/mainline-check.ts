/**
 * The overlap check that mainline QEMU has kept instead of the series' list (block/qcow2-refcount.c,
 * qcow2_check_metadata_overlap): it remembers nothing, and goes through the tables again before every write.
 */
import { lowestTypeName, MetadataType, type TypeMask } from '../lib/metadata-types.ts'
import type { Bytes } from '../lib/units.ts'
import { blockOffsetOf, offsetOf } from './entry.ts'
import type { Driver } from './driver.ts'
import { OffsetTable, tableBytes } from './offset-table.ts'

/** A type that only mainline checks, since 3.0. */
export const BITMAP_DIRECTORY = 256

/** What mainline's templates check, beside the eight types: the bitmap directory is in all but `none`. */
export const mainlineTypes = (types: TypeMask): TypeMask => (types === 0 ? 0 : types | BITMAP_DIRECTORY)

/** QEMU's name of what was hit. */
export const mainlineTypeName = (found: TypeMask): string | undefined =>
  found === BITMAP_DIRECTORY ? 'bitmap directory' : lowestTypeName(found)

/** What a check had to do. */
export interface ScanCost {
  /** Ranges and table entries looked at. */
  readonly comparisons: number
  /** Snapshot L1 tables read from the file. */
  readonly diskReads: number
  readonly bytesRead: Bytes
}

export interface ScanAnswer {
  /** The first type that was hit, in the scan's order, which is not that of the bits; 0 for none. */
  readonly found: TypeMask
  readonly cost: ScanCost
}

/**
 * Looks for metadata where a write is to go: first in the single structures, then in every L2 table, every
 * refcount block and, where inactive L2 tables are checked, in every snapshot's L1 table, read anew.
 * @param types what is checked, less what the write may hit
 * @throws DriverError EIO where an entry points past 2^53
 */
export function scanForOverlap(driver: Driver, types: TypeMask, offset: Bytes, size: Bytes): ScanAnswer {
  const scan = new Scan(driver, offset, size)
  const found = size === 0 ? 0 : scan.run(types)
  const { comparisons, diskReads, bytesRead } = scan
  return { found, cost: { comparisons, diskReads, bytesRead } }
}

class Scan {
  comparisons = 0
  diskReads = 0
  bytesRead = 0
  private readonly driver: Driver
  private readonly offset: Bytes
  /** The range in whole clusters. */
  private readonly from: Bytes
  private readonly to: Bytes

  constructor(driver: Driver, offset: Bytes, size: Bytes) {
    const { clusterSize } = driver.geometry
    this.driver = driver
    this.offset = offset
    this.from = Math.floor(offset / clusterSize) * clusterSize
    this.to = Math.ceil((offset + size) / clusterSize) * clusterSize
  }

  run(types: TypeMask): TypeMask {
    const { driver } = this
    const { clusterSize } = driver.geometry
    if (types & MetadataType.mainHeader) {
      this.comparisons++
      if (this.offset < clusterSize) return MetadataType.mainHeader
    }
    const isHit = (type: TypeMask, start: Bytes, length: Bytes) =>
      (types & type) !== 0 && length > 0 && this.hits(start, length)
    if (isHit(MetadataType.activeL1, driver.l1Offset, tableBytes(driver.l1.length)))
      return MetadataType.activeL1
    if (
      isHit(MetadataType.refcountTable, driver.refcountTableOffset, tableBytes(driver.refcountTable.length))
    )
      return MetadataType.refcountTable
    if (isHit(MetadataType.snapshotTable, driver.snapshotsOffset, driver.snapshotTableLength))
      return MetadataType.snapshotTable
    for (const { l1TableOffset, l1Size } of driver.snapshots)
      if (isHit(MetadataType.inactiveL1, Number(l1TableOffset), tableBytes(l1Size)))
        return MetadataType.inactiveL1
    if (types & MetadataType.activeL2 && this.hitsEntry(driver.l1)) return MetadataType.activeL2
    if (types & MetadataType.refcountBlock && this.hitsBlock()) return MetadataType.refcountBlock
    if (types & MetadataType.inactiveL2 && this.hitsInactiveL2()) return MetadataType.inactiveL2
    const directory = driver.image.bitmapDirectory
    if (directory?.consistent && isHit(BITMAP_DIRECTORY, Number(directory.offset), directory.size))
      return BITMAP_DIRECTORY
    return 0
  }

  private hits(start: Bytes, length: Bytes): boolean {
    this.comparisons++
    return start < this.to && start + length > this.from
  }

  /** Whether an L1 table has an L2 table in the range. */
  private hitsEntry(l1: OffsetTable): boolean {
    const { clusterSize } = this.driver.geometry
    for (let i = 0; i < l1.length; i++) {
      const offset = offsetOf(l1.high(i), l1.low(i))
      if (this.hits(offset, clusterSize) && offset !== 0) return true
    }
    return false
  }

  /** Entries of the refcount table up to the last that is used. */
  private hitsBlock(): boolean {
    const { refcountTable: table, geometry } = this.driver
    let used = table.length
    while (used > 0 && table.high(used - 1) === 0 && table.low(used - 1) === 0) used--
    for (let i = 0; i < used; i++) {
      const offset = blockOffsetOf(table.high(i), table.low(i))
      if (this.hits(offset, geometry.clusterSize) && offset !== 0) return true
    }
    return false
  }

  private hitsInactiveL2(): boolean {
    return this.driver.snapshots.some(({ l1TableOffset, l1Size }) => {
      const bytes = this.driver.disk.readSync(Number(l1TableOffset), tableBytes(l1Size))
      this.diskReads++
      this.bytesRead += bytes.length
      return this.hitsEntry(
        OffsetTable.from(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), l1Size),
      )
    })
  }
}
