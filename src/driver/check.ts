/**
 * `qemu-img check` (QEMU: qcow2_check_refcounts): refcounts against references, COPIED flags against refcounts, and
 * putting both right.
 */
import { MetadataType } from '../lib/metadata-types.ts'
import type { Bytes, ClusterIndex } from '../lib/units.ts'
import type { Cause } from './cause.ts'
import { checkOverlap } from './corruption.ts'
import type { Driver } from './driver.ts'
import { DriverError, passOver } from './driver-error.ts'
import { blockOffsetOf, COMPRESSED, COPIED, offsetOf } from './entry.ts'
import { flushEverything } from './flush.ts'
import { writeL1Sector } from './l1.ts'
import { rebuildRefcounts } from './rebuild.ts'
import { countReferences, MOST_CLUSTERS, type References } from './reference-count.ts'
import { type BlockReader, refcountAt, setRefcountAt } from './refcount-value.ts'
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
 * @throws DriverError when a repair cannot be written; EFBIG where the file has too many clusters
 */
export function checkImage(driver: Driver, repair: Repair): CheckResult {
  flushEverything(driver)
  if (driver.disk.size > MOST_CLUSTERS * driver.geometry.clusterSize) throw new DriverError('EFBIG')
  driver.l2Cache.drop()
  driver.refcountCache.drop()
  const references = countReferences(driver, repair === 'all')
  const result = emptyResult(driver, references)
  const readOnly = repair === 'none'
  const found = compareRefcounts(driver, references, result, { fix: 'none', readOnly })
  const mustRebuild = references.needsRebuild || found.countMissing
  if (mustRebuild && repair === 'all') {
    const old = { ...result }
    rebuildRefcounts(driver, references)
    // What the old blocks and the old table were is leaked now: it is given back, and not told of.
    const again = countReferences(driver, false)
    compareRefcounts(driver, again, result, { fix: 'leaks', readOnly })
    result.corruptions = again.corruptions
    result.corruptionsFixed += old.corruptions - again.corruptions
    result.leaks = 0
    result.leaksFixed = old.leaks
  } else if (repair !== 'none') {
    if (mustRebuild) throw new DriverError('EIO', 'need to rebuild refcount structures')
    if (result.leaks > 0 || result.corruptions > 0) {
      result.leaks = 0
      result.corruptions = references.corruptions
      compareRefcounts(driver, references, result, { fix: repair, readOnly })
    }
  }
  checkCopied(driver, result, repair)
  // An image that was given up on the way keeps what was written to it, and loses what caches hold.
  if (driver.isClosed) return result
  flushEverything(driver)
  if (repair !== 'none' && result.corruptions === 0 && result.checkErrors === 0) markSound(driver)
  return result
}

function emptyResult(driver: Driver, references: References): CheckResult {
  const { allocated, fragmented, compressed } = references.fragmentation
  return {
    corruptions: references.corruptions,
    leaks: 0,
    corruptionsFixed: references.corruptionsFixed,
    leaksFixed: 0,
    checkErrors: 0,
    imageEndOffset: 0,
    totalClusters: Math.ceil(driver.virtualSize / driver.geometry.clusterSize),
    allocatedClusters: allocated,
    fragmentedClusters: fragmented,
    compressedClusters: compressed,
  }
}

interface Comparing {
  /** What is put right on the way. */
  readonly fix: Repair
  /** Only looked at: what cannot be read is counted, and does not mark the image as corrupt. */
  readonly readOnly: boolean
}

/**
 * QEMU: compare_refcounts. Block by block, so that what is neither counted nor referred to costs nothing.
 * @returns whether a cluster in use is not counted at all: only a rebuild helps then
 */
function compareRefcounts(
  driver: Driver,
  references: References,
  result: CheckResult,
  { fix, readOnly }: Comparing,
): { countMissing: boolean } {
  const { refcountsPerBlock, clusterSize } = driver.geometry
  let countMissing = false
  let highest = 0
  const differ = (cluster: ClusterIndex, stored: number, computed: number): void => {
    if (stored === 0) countMissing = true
    else if (stored > computed && fix !== 'none') {
      setRefcount(driver, cluster, computed)
      result.leaksFixed++
      return
    } else if (stored < computed && fix === 'all') {
      setRefcount(driver, cluster, computed)
      result.corruptionsFixed++
      return
    }
    if (stored < computed) result.corruptions++
    else result.leaks++
  }
  for (const index of references.blockIndexes(driver.refcountTable.length)) {
    const first = index * refcountsPerBlock
    const end = Math.min(first + refcountsPerBlock, references.clusters)
    if (readOnly && isBlockLost(driver, first)) {
      result.checkErrors += end - first
      continue
    }
    for (let cluster = first; cluster < end; cluster++) {
      const found = nextDifference(driver, references, cluster, end)
      if (!found) {
        // A block that is nowhere is told of once, and counted for all of its clusters.
        const unread = isBlockLost(driver, cluster) ? end - cluster : 1
        result.checkErrors += unread
        cluster += unread - 1
        continue
      }
      if (found.used >= 0) highest = found.used
      cluster = found.cluster
      if (cluster < end) differ(cluster, found.stored, references.of(cluster))
    }
  }
  result.imageEndOffset = (highest + 1) * clusterSize
  return { countMissing }
}

interface Difference {
  /** The end of the range where there is none. */
  readonly cluster: ClusterIndex
  readonly stored: number
  /** The last cluster up to there that is counted or referred to; -1 for none. */
  readonly used: ClusterIndex
}

/**
 * Looks for a cluster whose refcount is not the number of its references.
 * @param from like `end`, within the range of one block
 * @returns undefined where the block cannot be found; an image that may be written to is marked as corrupt then
 */
function nextDifference(
  driver: Driver,
  references: References,
  from: ClusterIndex,
  end: ClusterIndex,
): Difference | undefined {
  const { refcountsPerBlock, refcountOrder } = driver.geometry
  const index = Math.floor(from / refcountsPerBlock)
  const first = index * refcountsPerBlock
  const counts = references.inBlock(index)
  const look = (block: BlockReader | undefined): Difference => {
    let used = -1
    for (let cluster = from; cluster < end; cluster++) {
      const stored = block ? refcountAt(block, refcountOrder, cluster - first) : 0
      const computed = counts?.[cluster - first] ?? 0
      if (stored > 0 || computed > 0) used = cluster
      if (stored !== computed) return { cluster, stored, used }
    }
    return { cluster: end, stored: 0, used }
  }
  let found: Difference | undefined
  passOver(() => {
    const offset = refcountBlockOffset(driver, from)
    if (offset !== 0) found = driver.refcountCache.use(offset, look)
    else found = counts ? look(undefined) : { cluster: end, stored: 0, used: -1 }
  })
  return found
}

/** Whether the refcount table's entry for a cluster points to no place that a block can have. */
function isBlockLost(driver: Driver, cluster: ClusterIndex): boolean {
  const { refcountsPerBlock, clusterSize } = driver.geometry
  const index = Math.floor(cluster / refcountsPerBlock)
  const { refcountTable: table } = driver
  return index < table.length && blockOffsetOf(table.high(index), table.low(index)) % clusterSize !== 0
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
  const count = (wrong: number): void => {
    if (repairs) result.corruptionsFixed += wrong
    else result.corruptions += wrong
  }
  for (let index = 0; index < driver.l1.length; index++) {
    const [high, low] = [driver.l1.high(index), driver.l1.low(index)]
    const l2Offset = offsetOf(high, low)
    if (l2Offset === 0) continue
    const flagged = flaggedHigh(driver, high, l2Offset)
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
    const flagged = flaggedHigh(driver, high, offset)
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
  driver.isDirty = false
}

/** The high half of an entry as its flag should be; as it is where nobody can tell. */
function flaggedHigh(driver: Driver, high: number, offset: Bytes): number {
  const cluster = Math.floor(offset / driver.geometry.clusterSize)
  if (isBlockLost(driver, cluster)) return high
  return (refcountOf(driver, cluster) === 1 ? high | COPIED : high & ~COPIED) >>> 0
}
