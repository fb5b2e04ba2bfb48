/** A longer refcount table with the blocks that count it (QEMU: qcow2_refcount_area, qcow2_refcount_metadata_size). */
import { PageRow } from '../disk/page-row.ts'
import { MetadataType } from '../lib/metadata-types.ts'
import type { Bytes, ClusterIndex } from '../lib/units.ts'
import { Causes } from './cause.ts'
import { type AddRefcounts, countDown } from './counting.ts'
import type { Driver } from './driver.ts'
import { DriverError } from './driver-error.ts'
import { blockOffsetOf, highOf, lowOf } from './entry.ts'
import { writeRefcountTablePlace } from './header-fields.ts'
import type { OffsetTable } from './offset-table.ts'
import { setRefcountAt } from './refcount-value.ts'

/** QEMU: QCOW_MAX_REFTABLE_SIZE. */
const MAX_TABLE_BYTES = 8 * 2 ** 20

/** A block that found no place in the table. */
export interface HomelessBlock {
  /** The cluster that it is to count. */
  readonly cluster: ClusterIndex
  /** Where it is. */
  readonly block: ClusterIndex
  /** Its index in the table to be. */
  readonly index: number
}

/** Makes the table long enough for a block, in the first range behind that no block counts. @throws DriverError EFBIG, EIO */
export function growRefcountTable(driver: Driver, homeless: HomelessBlock, add: AddRefcounts): void {
  const { refcountsPerBlock } = driver.geometry
  const used = Math.ceil((Math.max(homeless.cluster, homeless.block) + 1) / refcountsPerBlock)
  makeRefcountArea(driver, used * refcountsPerBlock, { exact: false, homeless, add })
}

export interface AreaOptions {
  /** Clusters behind the new metadata that must be counted too. */
  readonly extra?: number
  /** No longer than needed; else half as long again. */
  readonly exact: boolean
  readonly homeless?: HomelessBlock
  /** addRefcounts, with which the old table is freed. */
  readonly add: AddRefcounts
}

/**
 * Writes missing blocks, then the new table, one after another from cluster `start` on, where everything is free;
 * moves the header to the new table and frees the old one. Nothing of it is checked.
 * @returns the cluster behind the new table
 * @throws DriverError
 */
export function makeRefcountArea(
  driver: Driver,
  start: ClusterIndex,
  { extra = 0, exact, homeless, add }: AreaOptions,
): ClusterIndex {
  const { clusterSize } = driver.geometry
  const blocks = blocksFor(driver, start + extra, exact)
  const entries = roundUp(exact ? blocks : blocks + Math.ceil(blocks / 2), clusterSize / 8)
  if (entries * 8 > MAX_TABLE_BYTES) throw new DriverError('EFBIG')
  const table = driver.refcountTable.resized(entries)
  if (homeless) setEntry(table, homeless.index, homeless.block * clusterSize)

  const firstBlock = Math.floor(start / driver.geometry.refcountsPerBlock)
  let made = 0
  for (let index = firstBlock; index < blocks; index++) if (entryOf(table, index) === 0) made++
  const tableCluster = start + made
  const end = tableCluster + (entries * 8) / clusterSize
  const newBlocks = fillBlocks(driver, table, { firstBlock, blocks, start, end })
  const old = { offset: driver.refcountTableOffset, bytes: driver.refcountTable.length * 8 }
  switchTable(driver, table, tableCluster * clusterSize, newBlocks)
  countDown(driver, add, old.offset, old.bytes)
  return end
}

/** How many blocks count `clusters`, themselves and their table: a fixed point. */
function blocksFor(driver: Driver, clusters: number, exact: boolean): number {
  const { clusterSize, refcountsPerBlock } = driver.geometry
  let counted = clusters
  let blocks = 0
  let table = 0
  let generous = !exact
  for (let total = 0, last = -1; total !== last; ) {
    last = total
    blocks = Math.ceil((counted + table + blocks) / refcountsPerBlock)
    table = Math.ceil((blocks * 8) / clusterSize)
    total = counted + blocks + table
    if (total === last && generous) {
      counted += Math.ceil(table / 2)
      generous = false
      total = 0
      last = -1
    }
  }
  return blocks
}

interface Area {
  readonly firstBlock: number
  readonly blocks: number
  readonly start: ClusterIndex
  readonly end: ClusterIndex
}

/** Counts the area's own clusters, in blocks that are there and in new ones. @returns offsets of the new ones */
function fillBlocks(driver: Driver, table: OffsetTable, area: Area): Bytes[] {
  const { clusterSize, refcountsPerBlock, refcountOrder } = driver.geometry
  const made: Bytes[] = []
  for (let index = area.firstBlock; index < area.blocks; index++) {
    const first = index * refcountsPerBlock
    const count = (block: PageRow): void => {
      const from = Math.max(0, area.start - first)
      const to = Math.min(area.end - first, refcountsPerBlock)
      for (let i = from; i < to; i++) setRefcountAt(block, refcountOrder, i, 1)
    }
    const there = entryOf(table, index)
    if (there !== 0) {
      driver.refcountCache.use(there, (_, slot) => count(driver.refcountCache.change(slot)))
      continue
    }
    const block = PageRow.zeros(clusterSize)
    count(block)
    const offset = (area.start + made.length) * clusterSize
    driver.disk.writeTable(offset, block)
    setEntry(table, index, offset)
    made.push(offset)
  }
  driver.refcountCache.flush()
  return made
}

function switchTable(driver: Driver, table: OffsetTable, offset: Bytes, newBlocks: readonly Bytes[]): void {
  const { clusterSize } = driver.geometry
  driver.disk.write(offset, table.encode())
  const old = { offset: driver.refcountTableOffset, bytes: driver.refcountTable.length * 8 }
  driver.refcountTable = table
  driver.refcountTableOffset = offset
  writeRefcountTablePlace(driver)
  const cause = Causes.growRefcountTable
  driver.guard.remove(old.offset, old.bytes / clusterSize, MetadataType.refcountTable, cause)
  driver.guard.enter(offset, (table.length * 8) / clusterSize, MetadataType.refcountTable, cause)
  for (const block of newBlocks) driver.guard.enter(block, 1, MetadataType.refcountBlock, cause)
}

const entryOf = (table: OffsetTable, index: number): Bytes =>
  blockOffsetOf(table.high(index), table.low(index))
const setEntry = (table: OffsetTable, index: number, offset: Bytes): void =>
  table.set(index, highOf(offset), lowOf(offset))
const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step
