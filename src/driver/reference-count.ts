/**
 * Counting every reference to every cluster, from what stands on disk (QEMU: calculate_refcounts). Meant for an
 * image whose caches are written out.
 */
import { MetadataType } from '../lib/metadata-types.ts'
import type { Bytes, ClusterIndex } from '../lib/units.ts'
import { bitmapTableEntryOffset } from '../qcow2/entries.ts'
import type { Cause } from './cause.ts'
import { checkOverlap } from './corruption.ts'
import type { Driver } from './driver.ts'
import { blockOffsetOf, COPIED, offsetOf } from './entry.ts'
import { compressedExtent, kindOf, type L2Entry } from './l2-entry.ts'

/** QEMU counts no more (INT_MAX). */
export const MOST_CLUSTERS = 2 ** 31 - 1

/** What `qemu-img check` counts on its way through the active tables. */
export interface Fragmentation {
  allocated: number
  fragmented: number
  compressed: number
}

/** How many references each cluster has. Kept by refcount block, for a file may be long and almost empty. */
export class References {
  /** Clusters that are counted: those of the file, and what is referred to beyond. */
  clusters: ClusterIndex
  corruptions = 0
  corruptionsFixed = 0
  /** The refcount table or its blocks cannot be used, and must be made anew. */
  needsRebuild = false
  readonly fragmentation: Fragmentation = { allocated: 0, fragmented: 0, compressed: 0 }
  private readonly blocks = new Map<number, Uint32Array>()
  private readonly driver: Driver
  private readonly perBlock: number

  constructor(driver: Driver) {
    this.driver = driver
    this.perBlock = driver.geometry.refcountsPerBlock
    this.clusters = Math.ceil(driver.disk.size / driver.geometry.clusterSize)
  }

  of(cluster: ClusterIndex): number {
    return this.blocks.get(Math.floor(cluster / this.perBlock))?.[cluster % this.perBlock] ?? 0
  }

  /** What the clusters of a refcount block's range come to; undefined where nothing refers to any of them. */
  inBlock(index: number): Uint32Array | undefined {
    return this.blocks.get(index)
  }

  /** Indexes of all blocks below this one, and of the others that count anything; ascending. */
  *blockIndexes(below: number): Generator<number, void, void> {
    const end = Math.min(below, Math.ceil(this.clusters / this.perBlock))
    for (let index = 0; index < end; index++) yield index
    yield* [...this.blocks.keys()].filter(index => index >= end).sort((a, b) => a - b)
  }

  set(cluster: ClusterIndex, count: number): void {
    this.growTo(cluster + 1)
    this.countsAround(cluster)[cluster % this.perBlock] = count
  }

  growTo(clusters: ClusterIndex): void {
    this.clusters = Math.max(this.clusters, clusters)
  }

  private countsAround(cluster: ClusterIndex): Uint32Array {
    const index = Math.floor(cluster / this.perBlock)
    const found = this.blocks.get(index)
    if (found) return found
    const made = new Uint32Array(this.perBlock)
    this.blocks.set(index, made)
    return made
  }

  /** Counts every cluster that the bytes touch (QEMU: qcow2_inc_refcounts_imrt). */
  add(offset: Bytes, length: Bytes): void {
    if (length <= 0) return
    const { clusterSize } = this.driver.geometry
    // The last cluster may be cut short by the file's end, but not be missing.
    if (offset + length - this.driver.disk.size >= clusterSize) {
      this.corruptions++
      return
    }
    const last = Math.floor((offset + length - 1) / clusterSize)
    this.growTo(last + 1)
    for (let cluster = Math.floor(offset / clusterSize); cluster <= last; cluster++)
      this.countsAround(cluster)[cluster % this.perBlock]!++
  }
}

/**
 * @param repairs whether what stands in the way of counting is put right: a refcount block past the file's end makes the
 *   file longer, and an entry for zeros loses a place that it cannot have
 * @throws DriverError EIO if a check refuses that
 */
export function countReferences(driver: Driver, repairs: boolean): References {
  const references = new References(driver)
  const { clusterSize } = driver.geometry
  const { image, snapshots } = driver
  references.add(0, clusterSize)
  const counting = { driver, references, repairs }
  addL1(counting, driver.l1Offset, driver.l1.length, true)
  for (const { l1TableOffset, l1Size } of snapshots) addL1(counting, Number(l1TableOffset), l1Size, false)
  references.add(driver.snapshotsOffset, driver.snapshotTableLength)
  references.add(driver.refcountTableOffset, driver.refcountTable.length * 8)
  if (image.luksHeader) references.add(Number(image.luksHeader.offset), Number(image.luksHeader.length))
  addBitmaps(driver, references)
  addRefcountBlocks(counting)
  return references
}

interface Counting {
  readonly driver: Driver
  readonly references: References
  readonly repairs: boolean
}

function addL1(counting: Counting, offset: Bytes, size: number, isActive: boolean): void {
  const { driver, references } = counting
  const { clusterSize } = driver.geometry
  if (offset % clusterSize !== 0) {
    references.corruptions++
    return
  }
  references.add(offset, size * 8)
  const table = viewOf(driver.disk.readSync(offset, size * 8))
  for (let index = 0; index < size; index++) {
    const l2Offset = offsetOf(table.getUint32(index * 8), table.getUint32(index * 8 + 4))
    if (l2Offset === 0) continue
    references.add(l2Offset, clusterSize)
    if (l2Offset % clusterSize !== 0) references.corruptions++
    addL2(counting, l2Offset, isActive)
  }
}

function addL2({ driver, references, repairs }: Counting, l2Offset: Bytes, isActive: boolean): void {
  const { clusterSize, l2EntryBytes, extendedL2 } = driver.geometry
  const table = viewOf(driver.disk.readSync(l2Offset, clusterSize))
  const seen = references.fragmentation
  let next = 0
  for (let at = 0; at < clusterSize; at += l2EntryBytes) {
    const entry: L2Entry = {
      high: table.getUint32(at),
      low: table.getUint32(at + 4),
      zeroBits: extendedL2 ? table.getUint32(at + 8) : 0,
      allocatedBits: extendedL2 ? table.getUint32(at + 12) : 0,
    }
    const kind = kindOf(driver, entry)
    if (kind === 'compressed') {
      if (entry.high & COPIED) references.corruptions++
      const { offset, length } = compressedExtent(driver, entry)
      references.add(offset, length)
      if (!isActive) continue
      seen.allocated++
      seen.compressed++
      // Compressed clusters count as fragmented by nature.
      seen.fragmented++
    } else if (kind === 'normal' || kind === 'zeroAllocated') {
      const offset = offsetOf(entry.high, entry.low)
      if (isActive) {
        seen.allocated++
        if (next !== 0 && offset !== next) seen.fragmented++
        next = offset + clusterSize
      }
      if (offset % clusterSize !== 0) {
        const holdsData = extendedL2 ? entry.allocatedBits !== 0 : kind === 'normal'
        if (repairs && !holdsData) {
          makePlainZero(driver, l2Offset + at, isActive)
          references.corruptionsFixed++
          continue
        }
        references.corruptions++
      }
      references.add(offset, clusterSize)
    }
  }
}

const L2_ENTRY: Cause = { phase: 'rebuilding the refcounts', structure: 'activeL2' }

/** QEMU: fix_l2_entry_by_zero. */
function makePlainZero(driver: Driver, offset: Bytes, isActive: boolean): void {
  const { l2EntryBytes, extendedL2 } = driver.geometry
  const entry = new DataView(new ArrayBuffer(l2EntryBytes))
  if (extendedL2) entry.setUint32(8, 0xffffffff)
  else entry.setUint32(4, 1)
  const ignored = isActive ? MetadataType.activeL2 : MetadataType.inactiveL2
  checkOverlap(driver, ignored, offset, l2EntryBytes, L2_ENTRY)
  driver.disk.write(offset, new Uint8Array(entry.buffer))
}

function addBitmaps(driver: Driver, references: References): void {
  const directory = driver.image.bitmapDirectory
  if (!directory) return
  references.add(Number(directory.offset), directory.size)
  for (const { tableOffset, tableSize } of directory.bitmaps) {
    references.add(Number(tableOffset), tableSize * 8)
    const table = viewOf(driver.disk.readSync(Number(tableOffset), tableSize * 8))
    for (let index = 0; index < tableSize; index++) {
      const offset = bitmapTableEntryOffset(table.getBigUint64(index * 8))
      if (offset !== 0n) references.add(Number(offset), driver.geometry.clusterSize)
    }
  }
}

/** QEMU: check_refblocks. */
function addRefcountBlocks({ driver, references, repairs }: Counting): void {
  const { clusterSize } = driver.geometry
  const { refcountTable: table, disk } = driver
  for (let index = 0; index < table.length; index++) {
    const offset = blockOffsetOf(table.high(index), table.low(index))
    if (offset === 0) continue
    const cluster = offset / clusterSize
    if ((table.low(index) & 511) !== 0 || offset % clusterSize !== 0) {
      references.corruptions++
      references.needsRebuild = true
      continue
    }
    if (cluster >= references.clusters) {
      // A host that has no room for a file so long would not lengthen it either.
      const isTooFar = cluster >= MOST_CLUSTERS
      if (!repairs || isTooFar) {
        references.corruptions++
        references.needsRebuild ||= repairs
        continue
      }
      disk.truncate(offset + clusterSize)
      references.growTo(cluster + 1)
      references.corruptionsFixed++
    }
    references.add(offset, clusterSize)
    if (references.of(cluster) !== 1) {
      references.corruptions++
      references.needsRebuild = true
    }
  }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
