/** Going over all that a snapshot's L1 table refers to (QEMU: qcow2_update_snapshot_refcount). */
import { MetadataType } from '../lib/metadata-types.ts'
import type { Bytes, ClusterIndex } from '../lib/units.ts'
import type { Cause } from './cause.ts'
import { damaged } from './corruption.ts'
import type { Driver } from './driver.ts'
import { DriverError } from './driver-error.ts'
import { COPIED, offsetOf } from './entry.ts'
import { flushCaches } from './flush.ts'
import { compressedExtent, dataOffsetOf, kindOf, type L2Entry, readEntry, writeEntry } from './l2-entry.ts'
import type { OffsetTable } from './offset-table.ts'
import { refcountOf } from './refcount-lookup.ts'
import { addRefcounts } from './refcounts.ts'
import type { Slot } from './table-cache.ts'

/** An L1 table on disk, and its entries. */
export interface L1Table {
  readonly offset: Bytes
  readonly entries: OffsetTable
}

/** What an L2 table's count has become; called after it was changed. */
export type L2Visitor = (l2Offset: Bytes, refcount: number) => void

/**
 * Adds to the refcounts of every cluster and L2 table that an L1 table refers to, sets COPIED where exactly one
 * reference is left and clears it elsewhere. The L1 table on disk is rewritten if its own flags changed, unless
 * counts went down: then it is about to go.
 * @param addend 0 only puts the flags right
 * @throws DriverError
 */
export function addSnapshotRefcounts(
  driver: Driver,
  l1: L1Table,
  addend: 1 | 0 | -1,
  visit: L2Visitor,
): void {
  const { clusterSize } = driver.geometry
  let changed = false
  for (let index = 0; index < l1.entries.length; index++) {
    const high = l1.entries.high(index)
    const low = l1.entries.low(index)
    if (high === 0 && low === 0) continue
    const offset = offsetOf(high, low)
    if (offset % clusterSize !== 0)
      throw damaged(driver, `L2 table offset ${hex(offset)} unaligned (L1 index: ${hex(index)})`)
    driver.l2Cache.use(offset, (_, slot) => addL2(driver, offset, slot, addend))
    const cluster = offset / clusterSize
    add(driver, cluster, 1, addend)
    const refcount = refcountOf(driver, cluster)
    visit(offset, refcount)
    const flagged = withCopied(high & 0x00ffffff, refcount === 1)
    if (flagged === high) continue
    l1.entries.set(index, flagged, low)
    changed = true
  }
  flushCaches(driver)
  if (addend >= 0 && changed) driver.disk.write(l1.offset, l1.entries.encode())
}

/** Enters or removes every L2 table of an L1 table. */
export function forEachL2(l1: OffsetTable, visit: (l2Offset: Bytes) => void): void {
  for (let index = 0; index < l1.length; index++) {
    const offset = offsetOf(l1.high(index), l1.low(index))
    if (offset !== 0) visit(offset)
  }
}

/**
 * A snapshot gives an L2 table up: it is inactive no longer when nothing refers to it, or only the active L1.
 * @returns the visitor that tells the engine
 */
export function forgetInactiveL2(driver: Driver, cause: Cause): L2Visitor {
  const { clusterSize } = driver.geometry
  const allButActiveL2 = 255 & ~MetadataType.activeL2
  return (offset, refcount) => {
    const isActive = () => driver.guard.check(allButActiveL2, offset, clusterSize, cause) !== 0
    if (refcount === 0 || (refcount === 1 && isActive()))
      driver.guard.remove(offset, 1, MetadataType.inactiveL2, cause)
  }
}

function addL2(driver: Driver, l2Offset: Bytes, slot: Slot, addend: 1 | 0 | -1): void {
  for (let index = 0; index < driver.geometry.l2Entries; index++) {
    const place = { slot, index }
    const entry = readEntry(driver, place)
    if (entry.high === 0 && entry.low === 0) continue
    const refcount = addContents(
      driver,
      entry,
      addend,
      offset =>
        `Data cluster offset ${hex(offset)} unaligned (L2 offset: ${hex(l2Offset)}, L2 index: ${hex(index)})`,
    )
    const high = withCopied(entry.high, refcount === 1)
    if (high === entry.high) continue
    if (addend > 0) driver.l2Cache.setDependency(driver.refcountCache)
    writeEntry(driver, place, 0, { ...entry, high })
  }
}

/** @returns the refcount that decides about COPIED */
function addContents(
  driver: Driver,
  entry: L2Entry,
  addend: 1 | 0 | -1,
  unaligned: (offset: Bytes) => string,
): number {
  const { clusterSize } = driver.geometry
  switch (kindOf(driver, entry)) {
    case 'compressed': {
      const { offset, length } = compressedExtent(driver, entry)
      const first = Math.floor(offset / clusterSize)
      add(driver, first, Math.floor((offset + length - 1) / clusterSize) - first + 1, addend)
      // They are never written in place, whoever else uses their clusters.
      return 2
    }
    case 'normal':
    case 'zeroAllocated': {
      const offset = dataOffsetOf(entry)
      if (offset % clusterSize !== 0) throw damaged(driver, unaligned(offset))
      add(driver, offset / clusterSize, 1, addend)
      return refcountOf(driver, offset / clusterSize)
    }
    default:
      return 0
  }
}

/** @throws DriverError EAGAIN where a refcount block was missing: QEMU does not try again here */
function add(driver: Driver, first: ClusterIndex, count: number, addend: 1 | 0 | -1): void {
  if (addend !== 0 && addRefcounts(driver, first, count, addend) === 'restart')
    throw new DriverError('EAGAIN')
}

const withCopied = (high: number, copied: boolean): number => (copied ? high | COPIED : high & ~COPIED) >>> 0
const hex = (value: number): string => `0x${value.toString(16)}`
