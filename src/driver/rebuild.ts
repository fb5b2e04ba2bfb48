/** Making all refcount blocks and the refcount table anew (QEMU: rebuild_refcount_structure). */
import { PageRow } from '../disk/page-row.ts'
import { MetadataType } from '../lib/metadata-types.ts'
import type { Bytes, ClusterIndex } from '../lib/units.ts'
import type { Cause } from './cause.ts'
import { checkOverlap } from './corruption.ts'
import type { Driver } from './driver.ts'
import { blockOffsetOf, highOf, lowOf } from './entry.ts'
import { writeRefcountTablePlace } from './header-fields.ts'
import { OffsetTable, tableBytes } from './offset-table.ts'
import type { References } from './reference-count.ts'
import { setRefcountAt } from './refcount-value.ts'

const BLOCKS: Cause = { phase: 'rebuilding the refcounts', structure: 'refcountBlock' }
const TABLE: Cause = { phase: 'rebuilding the refcounts', structure: 'refcountTable' }

/**
 * Writes what was counted into new blocks and a new table. The old ones stay as they are, and are leaked.
 * @param references of every cluster; the new structures are added to them
 * @throws DriverError EIO if a check refuses
 */
export function rebuildRefcounts(driver: Driver, references: References): void {
  driver.refcountCache.drop()
  const rebuild = new Rebuild(driver, references)
  rebuild.writeBlocks(0, references.clusters)
  let start: ClusterIndex
  let clusters: number
  do {
    clusters = tableBytes(rebuild.table.length) / driver.geometry.clusterSize
    start = new FreeSpace(references).take(clusters)
    // Its own clusters are counted too, which may take more blocks than there were.
  } while (rebuild.writeBlocks(start, start + clusters))
  enterTable(driver, rebuild.table, start * driver.geometry.clusterSize)
}

function enterTable(driver: Driver, table: OffsetTable, offset: Bytes): void {
  const { guard } = driver
  const { clusterSize } = driver.geometry
  checkOverlap(driver, 0, offset, tableBytes(table.length), TABLE)
  driver.disk.write(offset, table.encode())
  const old = { table: driver.refcountTable, offset: driver.refcountTableOffset }
  driver.refcountTable = table
  driver.refcountTableOffset = offset
  writeRefcountTablePlace(driver)
  const clusters = (entries: OffsetTable): number => Math.ceil(tableBytes(entries.length) / clusterSize)
  guard.remove(old.offset, clusters(old.table), MetadataType.refcountTable, TABLE)
  guard.enter(offset, clusters(table), MetadataType.refcountTable, TABLE)
  for (const block of blocksOf(old.table)) guard.remove(block, 1, MetadataType.refcountBlock, BLOCKS)
  for (const block of blocksOf(table)) guard.enter(block, 1, MetadataType.refcountBlock, BLOCKS)
}

function* blocksOf(table: OffsetTable): Generator<Bytes> {
  for (let index = 0; index < table.length; index++) {
    const offset = blockOffsetOf(table.high(index), table.low(index))
    if (offset !== 0) yield offset
  }
}

class Rebuild {
  /** As long as it has to be until now, in whole clusters. */
  table = new OffsetTable(0)
  private readonly driver: Driver
  private readonly references: References

  constructor(driver: Driver, references: References) {
    this.driver = driver
    this.references = references
  }

  /**
   * Writes the block of every range that has a used cluster among these, placing it first where it has no place.
   * @returns whether the table got longer
   */
  writeBlocks(first: ClusterIndex, behind: ClusterIndex): boolean {
    const { refcountsPerBlock, clusterSize } = this.driver.geometry
    const free = new FreeSpace(this.references)
    let end = behind
    let grew = false
    for (let cluster = first; cluster < end; cluster++) {
      const index = Math.floor(cluster / refcountsPerBlock)
      const start = index * refcountsPerBlock
      if (!this.references.inBlock(index)) {
        cluster = start + refcountsPerBlock - 1
        continue
      }
      if (this.references.of(cluster) === 0) continue
      if (!this.hasBlock(index)) {
        // Not in a range whose block is written already.
        free.skipTo(start)
        const block = free.take(1)
        // Its own count must be written too.
        end = Math.max(end, block + 1)
        if (index >= this.table.length) {
          this.table = this.table.resized(Math.ceil(((index + 1) * 8) / clusterSize) * (clusterSize / 8))
          grew = true
        }
        this.table.set(index, highOf(block * clusterSize), lowOf(block * clusterSize))
      }
      this.writeBlock(index)
      cluster = start + refcountsPerBlock - 1
    }
    return grew
  }

  private hasBlock(index: number): boolean {
    return index < this.table.length && blockOffsetOf(this.table.high(index), this.table.low(index)) !== 0
  }

  private writeBlock(index: number): void {
    const { refcountsPerBlock, refcountOrder, clusterSize } = this.driver.geometry
    const offset = blockOffsetOf(this.table.high(index), this.table.low(index))
    checkOverlap(this.driver, 0, offset, clusterSize, BLOCKS)
    const block = PageRow.zeros(clusterSize)
    for (let i = 0; i < refcountsPerBlock; i++)
      setRefcountAt(block, refcountOrder, i, this.references.of(index * refcountsPerBlock + i))
    this.driver.disk.writeTable(offset, block)
  }
}

/** First fit among the clusters without references (QEMU: alloc_clusters_imrt). */
class FreeSpace {
  private readonly references: References
  /** No gap lies before it. */
  private first: ClusterIndex = 0

  constructor(references: References) {
    this.references = references
  }

  skipTo(cluster: ClusterIndex): void {
    this.first = Math.max(this.first, cluster)
  }

  /** Takes clusters in a row, behind the end of the file if there is no such gap. */
  take(count: number): ClusterIndex {
    let cluster = this.first
    let run = 0
    let isFirstGap = true
    for (; cluster < this.references.clusters && run < count; cluster++) {
      if (this.references.of(cluster) !== 0) run = 0
      else {
        run++
        if (isFirstGap) this.first = cluster
        isFirstGap = false
      }
    }
    const start = cluster - run
    for (let i = 0; i < count; i++) this.references.set(start + i, 1)
    return start
  }
}
