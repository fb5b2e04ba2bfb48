/**
 * `qemu-img check` (QEMU: qcow2_check_refcounts): refcounts against references, COPIED flags against refcounts, and
 * putting both right.
 */
import { MetadataType } from '../lib/metadata-types.ts'
import type { Bytes, ClusterIndex } from '../lib/units.ts'
import type { Cause } from './cause.ts'
import { checkOverlap } from './corruption.ts'
import type { Driver } from './driver.ts'
import { COMPRESSED, COPIED, offsetOf } from './entry.ts'
import { flushCaches } from './flush.ts'
import { writeL1Sector } from './l1.ts'
import { rebuildRefcounts } from './rebuild.ts'
import { countReferences, type References } from './reference-count.ts'
import { refcountAt, setRefcountAt } from './refcount-value.ts'
import { refcountBlockOffset, refcountOf } from './refcount-lookup.ts'

/** What is put right: leaks are too high counts, `all` is everything. */
export type Repair = 'none' | 'leaks' | 'all'

/** Numbers that `qemu-img check` prints; `...Fixed` are no longer among the others. */
export interface CheckResult {
  corruptions: number
  leaks: number
  corruptionsFixed: number
  leaksFixed: number
  /** Faults that kept the check itself from working. */
  checkErrors: number
  /** Behind the last cluster that is counted or referred to. */
  imageEndOffset: Bytes
  totalClusters: number
  allocatedClusters: number
  fragmentedClusters: number
  compressedClusters: number
}

const L2_FLAGS: Cause = { phase: 'rebuilding the refcounts', structure: 'activeL2' }

/**
 * Checks what stands on disk: the caches are written out first.
 * @throws DriverError when a repair cannot be written
 */
export function checkImage(driver: Driver, repair: Repair): CheckResult {
  flushCaches(driver)
  driver.l2Cache.drop()
  driver.refcountCache.drop()
  const references = countReferences(driver, repair === 'all')
  const result = emptyResult(driver, references)
  const found = compareRefcounts(driver, references, result, 'none')
  const mustRebuild = references.needsRebuild || found.countMissing
  if (mustRebuild && repair === 'all') {
    const old = { ...result }
    rebuildRefcounts(driver, references)
    // What the old blocks and the old table were is leaked now: it is given back, and not told of.
    const again = countReferences(driver, false)
    compareRefcounts(driver, again, result, 'leaks')
    result.corruptions = again.corruptions
    result.corruptionsFixed = old.corruptions - again.corruptions
    result.leaks = 0
    result.leaksFixed = old.leaks
  } else if (repair !== 'none') {
    if (mustRebuild) result.checkErrors++
    else if (result.leaks > 0 || result.corruptions > 0) {
      result.leaks = 0
      result.corruptions = references.corruptions
      compareRefcounts(driver, references, result, repair)
    }
  }
  checkCopied(driver, result, repair)
  flushCaches(driver)
  if (repair !== 'none' && result.corruptions === 0 && result.checkErrors === 0) markSound(driver)
  return result
}

function emptyResult(driver: Driver, references: References): CheckResult {
  const { allocated, fragmented, compressed } = references.fragmentation
  return {
    corruptions: references.corruptions,
    leaks: 0,
    corruptionsFixed: 0,
    leaksFixed: 0,
    checkErrors: 0,
    imageEndOffset: 0,
    totalClusters: Math.ceil(driver.virtualSize / driver.geometry.clusterSize),
    allocatedClusters: allocated,
    fragmentedClusters: fragmented,
    compressedClusters: compressed,
  }
}

/** QEMU: compare_refcounts. @returns whether a cluster in use is not counted at all: only a rebuild helps then */
function compareRefcounts(
  driver: Driver,
  references: References,
  result: CheckResult,
  repair: Repair,
): { countMissing: boolean } {
  let countMissing = false
  let highest = 0
  for (let cluster = 0; cluster < references.clusters; cluster++) {
    const stored = refcountOf(driver, cluster)
    const computed = references.of(cluster)
    if (stored > 0 || computed > 0) highest = cluster
    if (stored === computed) continue
    if (stored === 0) countMissing = true
    else if (stored > computed && repair !== 'none') {
      setRefcount(driver, cluster, computed)
      result.leaksFixed++
      continue
    } else if (stored < computed && repair === 'all') {
      setRefcount(driver, cluster, computed)
      result.corruptionsFixed++
      continue
    }
    if (stored < computed) result.corruptions++
    else result.leaks++
  }
  result.imageEndOffset = (highest + 1) * driver.geometry.clusterSize
  return { countMissing }
}

/** @param cluster one that has a refcount block */
function setRefcount(driver: Driver, cluster: ClusterIndex, count: number): void {
  const { refcountsPerBlock, refcountOrder } = driver.geometry
  driver.refcountCache.use(refcountBlockOffset(driver, cluster), (block, slot) => {
    if (refcountAt(block, refcountOrder, cluster % refcountsPerBlock) !== count)
      setRefcountAt(driver.refcountCache.change(slot), refcountOrder, cluster % refcountsPerBlock, count)
  })
  if (count === 0) driver.cursor = Math.min(driver.cursor, cluster)
}

/** QEMU: check_oflag_copied, for the active tables. */
function checkCopied(driver: Driver, result: CheckResult, repair: Repair): void {
  const repairs =
    repair === 'all' ||
    (repair === 'leaks' && result.checkErrors === 0 && result.corruptions === 0 && result.leaks === 0)
  const { clusterSize } = driver.geometry
  const count = (wrong: number): void => {
    if (repairs) result.corruptionsFixed += wrong
    else result.corruptions += wrong
  }
  for (let index = 0; index < driver.l1.length; index++) {
    const [high, low] = [driver.l1.high(index), driver.l1.low(index)]
    const l2Offset = offsetOf(high, low)
    if (l2Offset === 0) continue
    const flagged = withCopied(high, refcountOf(driver, Math.floor(l2Offset / clusterSize)) === 1)
    if (flagged !== high) {
      count(1)
      if (repairs) {
        driver.l1.set(index, flagged, low)
        writeL1Sector(driver, index)
      }
    }
    count(checkCopiedBelow(driver, l2Offset, repairs))
  }
}

/** @returns how many entries of an L2 table have the wrong flag, or had */
function checkCopiedBelow(driver: Driver, l2Offset: Bytes, repairs: boolean): number {
  const { clusterSize, l2EntryBytes } = driver.geometry
  const bytes = driver.disk.readSync(l2Offset, clusterSize).slice()
  const table = new DataView(bytes.buffer)
  let wrong = 0
  for (let at = 0; at < clusterSize; at += l2EntryBytes) {
    const high = table.getUint32(at)
    const offset = offsetOf(high, table.getUint32(at + 4))
    if (high & COMPRESSED || offset === 0) continue
    const flagged = withCopied(high, refcountOf(driver, Math.floor(offset / clusterSize)) === 1)
    if (flagged === high) continue
    wrong++
    table.setUint32(at, flagged)
  }
  if (wrong > 0 && repairs) {
    checkOverlap(driver, MetadataType.activeL2, l2Offset, clusterSize, L2_FLAGS)
    driver.disk.write(l2Offset, bytes)
  }
  return wrong
}

/** Low half of incompatible_features, and its bits for dirty and corrupt. */
const INCOMPATIBLE_OFFSET = 76
const UNSOUND = 3

/** QEMU: qcow2_mark_clean, qcow2_mark_consistent. */
function markSound(driver: Driver): void {
  if (driver.geometry.version < 3) return
  const word = driver.disk.readSync(INCOMPATIBLE_OFFSET, 4).slice()
  word[3]! &= ~UNSOUND
  driver.disk.write(INCOMPATIBLE_OFFSET, word)
  driver.isMarkedCorrupt = false
}

const withCopied = (high: number, copied: boolean): number => (copied ? high | COPIED : high & ~COPIED) >>> 0
