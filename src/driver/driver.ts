/**
 * The state of QEMU's qcow2 driver with one image open: what it holds in memory beside the file. What it does
 * stands in the files around, one rule each, as functions on this state. Everything happens at once, without
 * a pause, so between any two calls the state is whole and can be copied.
 *
 * Host and guest offsets are Numbers: files and disks are below 2^53 bytes here, and what points further is
 * refused. Placement is that of QEMU 7.2; the order of writes and checks is that of the 2015 QEMU.
 */
import type { Overlay } from '../disk/overlay.ts'
import type { PageRow } from '../disk/page-row.ts'
import { MetadataType, type TypeMask } from '../lib/metadata-types.ts'
import type { Bytes, ClusterIndex } from '../lib/units.ts'
import { UserError } from '../lib/user-error.ts'
import { Compatible, Incompatible } from '../qcow2/features.ts'
import type { Qcow2Image, Snapshot } from '../qcow2/image.ts'
import { hasDataFile } from '../qcow2/l2-cursor.ts'
import { Causes } from './cause.ts'
import { checkOverlap, type Corruption, type ScanCall } from './corruption.ts'
import { type Geometry, geometryOf } from './geometry.ts'
import { type CallListener, type CheckingEngine, Guard } from './guard.ts'
import { OffsetTable } from './offset-table.ts'
import { TableCache } from './table-cache.ts'

/** What the driver tells while it works. */
export interface DriverListener {
  /** The first corruption, and the first fatal one. */
  corrupted?(corruption: Corruption): void
  /** After every check of mainline's. */
  scanned?(call: ScanCall): void
  /** What QEMU would write on stderr. */
  message?(text: string): void
}

export interface DriverOptions {
  /** Opened and filled with what the image holds; undefined: nothing is checked. */
  readonly engine: CheckingEngine | undefined
  /** Types for mainline's own check, which then answers in the engine's place. */
  readonly scannedTypes?: TypeMask | undefined
  readonly listener?: DriverListener
  readonly onCall?: CallListener
}

const MAX_OFFSET = BigInt(Number.MAX_SAFE_INTEGER)

export class Driver {
  readonly geometry: Geometry
  readonly image: Qcow2Image
  /** The file with every change so far. */
  disk: Overlay
  guard: Guard
  listener: DriverListener
  l2Cache: TableCache
  refcountCache: TableCache
  /** The active L1 table as it is in memory; its length is the header's l1_size. */
  l1: OffsetTable
  l1Offset: Bytes
  refcountTable: OffsetTable
  refcountTableOffset: Bytes
  /** Size of the disk that the guest sees. */
  virtualSize: Bytes
  snapshots: readonly Snapshot[]
  snapshotsOffset: Bytes
  /** From the start of the first snapshot's entry to the end of the last. */
  snapshotTableLength: Bytes
  /** Next cluster to try (QEMU: free_cluster_index). */
  cursor: ClusterIndex = 0
  /** Next byte for compressed data, 0 for none (QEMU: free_byte_offset). */
  compressedCursor: Bytes = 0
  /** The image was given up: every command fails with "No medium found". */
  isClosed = false
  isMarkedCorrupt: boolean
  signalledCorruption = false
  /** How many tables went between caches and disk: whoever does that waits for the disk. */
  tableTransfers = 0
  /** What mainline's check looks for; undefined: the engine is asked. */
  scannedTypes: TypeMask | undefined
  /** Feature "lazy refcounts". */
  readonly usesLazyRefcounts: boolean
  /** Marked as dirty: refcounts on disk may be behind. */
  isDirty: boolean

  private constructor(
    image: Qcow2Image,
    parts: Pick<Driver, 'disk' | 'guard' | 'l1' | 'refcountTable' | 'geometry'>,
  ) {
    const { header } = image
    this.image = image
    this.geometry = parts.geometry
    this.disk = parts.disk
    this.guard = parts.guard
    this.listener = {}
    this.l1 = parts.l1
    this.refcountTable = parts.refcountTable
    this.l1Offset = Number(header.l1TableOffset)
    this.refcountTableOffset = Number(header.refcountTableOffset)
    this.virtualSize = Number(header.size)
    this.snapshots = image.snapshots
    this.snapshotsOffset = Number(header.snapshotsOffset)
    this.snapshotTableLength = image.snapshotTableLength
    this.isMarkedCorrupt = (header.incompatibleFeatures & Incompatible.corrupt) !== 0n
    this.isDirty = (header.incompatibleFeatures & Incompatible.dirty) !== 0n
    this.usesLazyRefcounts = (header.compatibleFeatures & Compatible.lazyRefcounts) !== 0n
    const { clusterSize } = this.geometry
    // Sizes are the 2015 QEMU's defaults; they decide what is evicted, and so when it is checked.
    const l2Tables = Math.max(2, Math.max(2 ** 20, 8 * clusterSize) / clusterSize)
    this.l2Cache = new TableCache(l2Tables, clusterSize, this)
    this.refcountCache = new TableCache(Math.max(4, l2Tables / 4), clusterSize, this)
  }

  /**
   * Starts where QEMU is after it has opened the image.
   * @param image decoded from `disk` as it now is
   * @throws UserError for images that the driver cannot write to as QEMU would
   */
  static open(image: Qcow2Image, disk: Overlay, options: DriverOptions): Driver {
    requireWritable(image)
    const geometry = geometryOf(image)
    const { l1Size, refcountTableClusters } = image.header
    const driver = new Driver(image, {
      geometry,
      disk,
      guard: new Guard(options.engine, geometry.clusterSize),
      l1: OffsetTable.from(image.l1Table, l1Size),
      refcountTable: OffsetTable.from(
        image.refcountTable,
        (refcountTableClusters * geometry.clusterSize) / 8,
      ),
    })
    driver.guard.listener = options.onCall
    driver.listener = options.listener ?? {}
    driver.scannedTypes = options.scannedTypes
    return driver
  }

  readTable(offset: Bytes): PageRow {
    this.tableTransfers++
    return this.disk.readTable(offset, this.geometry.clusterSize)
  }

  /** A table of a cache goes to disk. @throws DriverError EIO if there is other metadata */
  writeTable(cache: TableCache, offset: Bytes, table: PageRow): void {
    const [ignored, cause] =
      cache === this.l2Cache
        ? [MetadataType.activeL2, Causes.flushL2]
        : [MetadataType.refcountBlock, Causes.flushRefcounts]
    checkOverlap(this, ignored, offset, table.length, cause)
    this.tableTransfers++
    this.disk.writeTable(offset, table)
  }

  /** An independent copy without listeners; it costs the caches' books, and later what either side changes. */
  clone(): Driver {
    const copy = new Driver(this.image, {
      geometry: this.geometry,
      disk: this.disk.clone(),
      guard: this.guard.clone(),
      l1: this.l1.clone(),
      refcountTable: this.refcountTable.clone(),
    })
    copy.l2Cache = this.l2Cache.clone(copy)
    copy.refcountCache = this.refcountCache.clone(copy)
    if (this.l2Cache.dependsOn) copy.l2Cache.dependsOn = copy.refcountCache
    if (this.refcountCache.dependsOn) copy.refcountCache.dependsOn = copy.l2Cache
    copy.l1Offset = this.l1Offset
    copy.refcountTableOffset = this.refcountTableOffset
    copy.virtualSize = this.virtualSize
    copy.snapshots = this.snapshots
    copy.snapshotsOffset = this.snapshotsOffset
    copy.snapshotTableLength = this.snapshotTableLength
    copy.cursor = this.cursor
    copy.compressedCursor = this.compressedCursor
    copy.isClosed = this.isClosed
    copy.isDirty = this.isDirty
    copy.scannedTypes = this.scannedTypes
    copy.isMarkedCorrupt = this.isMarkedCorrupt
    copy.signalledCorruption = this.signalledCorruption
    return copy
  }
}

/** @throws UserError for images that the driver could not write to as QEMU would */
function requireWritable(image: Qcow2Image): void {
  const { size, cryptMethod } = image.header
  const advice = 'It can still be inspected.'
  if (size > MAX_OFFSET)
    throw new UserError(`A disk of ${size} bytes is too large to be written to here`, {
      offset: 24n,
      advice: 'Commands work on disks smaller than 8 PiB. Larger ones can still be inspected.',
    })
  if (cryptMethod !== 0)
    throw new UserError('The image is encrypted, and commands would need its key', { offset: 32n, advice })
  if (hasDataFile(image))
    throw new UserError('The guest data are in another file, so commands cannot be carried out', {
      offset: 72n,
      advice,
    })
}
