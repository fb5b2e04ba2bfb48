/**
 * Holds every claim against the refcounts that the image stores, and tells owners, leaks and corruptions
 * from it. Counting follows QEMU 7.2, block/qcow2-refcount.c: inc_refcounts, compare_refcounts,
 * check_refblocks, check_oflag_copied.
 */
import { Owner, type OwnerCode } from '../lib/owners.ts'
import { RefcountBucket, refcountBucket } from '../lib/refcount-bucket.ts'
import type { ClusterIndex } from '../lib/units.ts'
import { ClaimSweep } from './claim-sweep.ts'
import { CopiedState } from './claim-traits.ts'
import type { ClaimWalk } from './claim-walk.ts'
import { refcountTableEntryOffset, tableEntry, ZERO_FLAG } from './entries.ts'
import { hasExtendedL2 } from './l2-cursor.ts'
import { RunFlag } from './owner-map.ts'
import { namedOwner, PRECEDENCE } from './precedence.ts'
import { RefcountRunList } from './refcount-run-list.ts'
import { RunList } from './run-list.ts'
import type { StoredRefcounts } from './stored-refcounts.ts'

const hex = (value: bigint | number): string => value.toString(16)

/** Sorted claims, and what it takes to judge them. */
export type Compared = Pick<ClaimWalk, 'image' | 'claims' | 'sources' | 'references' | 'findings' | 'stored'>

export interface Comparison {
  readonly runs: RunList
  readonly refcounts: RefcountRunList
  /** One past the last cluster that is in use, in QEMU's eyes. */
  readonly imageEnd: ClusterIndex
}

/**
 * @param onBlock told of every stretch of stored refcounts that was read; what it returns is awaited
 * @throws UserError, Cancelled
 */
export async function compareRefcounts(
  walk: ClaimWalk,
  onBlock: (clusters: ClusterIndex) => Promise<void>,
): Promise<Comparison> {
  const { claims, image } = walk
  claims.sort()
  // A counted claim may exceed the file by less than a cluster.
  let compared = Math.ceil(image.disk.size / image.clusterSize)
  for (let claim = 0; claim < claims.count; claim++)
    if (claims.counted(claim) && claims.end(claim) > compared) compared = claims.end(claim)
  const comparer = new Comparer(walk, 0, compared, onBlock)
  walk.stored.startLoading(compared)
  await comparer.run()
  walk.stored.endLoading()
  return comparer
}

export interface RangeComparison {
  readonly runs: RunList
  readonly refcounts: RefcountRunList
  /** Something was found of a whole stretch of equally claimed clusters, which may go on beyond the range. */
  readonly hasJudged: boolean
}

/**
 * Of a range only.
 * @param walk with the claims on the range, cut to it, all counted
 * @param end not past the end of the file
 * @throws UserError, Cancelled
 */
export async function compareRange(
  walk: Compared,
  start: ClusterIndex,
  end: ClusterIndex,
): Promise<RangeComparison> {
  const comparer = new Comparer(walk, start, end, async () => {})
  await comparer.run()
  return comparer
}

class Comparer {
  readonly runs: RunList
  readonly refcounts: RefcountRunList
  imageEnd = 1
  hasJudged = false
  readonly #walk: Compared
  readonly #sweep: ClaimSweep
  readonly #stored: StoredRefcounts
  readonly #onBlock: (clusters: ClusterIndex) => Promise<void>
  readonly #fileClusters: ClusterIndex
  /** Where QEMU's comparison ends. */
  readonly #compared: ClusterIndex
  readonly #maxRefcount: number

  constructor(
    walk: Compared,
    start: ClusterIndex,
    compared: ClusterIndex,
    onBlock: (clusters: ClusterIndex) => Promise<void>,
  ) {
    const { claims, image } = walk
    this.#walk = walk
    this.runs = new RunList(start)
    this.refcounts = new RefcountRunList(start)
    this.#sweep = new ClaimSweep(claims, walk.sources, start)
    this.#stored = walk.stored
    this.#onBlock = onBlock
    this.#fileClusters = Math.ceil(image.disk.size / image.clusterSize)
    this.#maxRefcount = 2 ** (2 ** image.header.refcountOrder) - 1
    this.#compared = compared
  }

  async run(): Promise<void> {
    const sweep = this.#sweep
    while (sweep.next()) {
      this.#judgeSegment()
      // Most segments need nothing that is not there: awaiting each of millions would take as long as judging it.
      let at = this.#segment(sweep.start, sweep.end)
      for (; at < sweep.end; at = this.#segment(at, sweep.end)) await this.#load(at)
    }
    let at = this.#segment(this.runs.end, this.#compared)
    for (; at < this.#compared; at = this.#segment(at, this.#compared)) await this.#load(at)
  }

  /** Stored refcounts from a cluster on. */
  async #load(cluster: ClusterIndex): Promise<void> {
    await this.#stored.load(cluster)
    if (!this.#stored.empty) await this.#onBlock(Math.min(cluster, this.#fileClusters))
  }

  /**
   * The stretches of a segment on which file end, comparison and stored refcounts stay the same.
   * @returns where stored refcounts have to be loaded to go on; `end` or more when it is done
   */
  #segment(start: ClusterIndex, end: ClusterIndex): ClusterIndex {
    const { copied, notCopied, claimCount } = this.#sweep
    const stored = this.#stored
    let at = start
    while (at < end) {
      if (at >= this.#compared && (claimCount === 0 || copied + notCopied === 0)) {
        this.runs.add(end - at, this.#owner(0), this.#flags(at, 0, false))
        this.refcounts.add(end - at, RefcountBucket.unknown)
        return end
      }
      if (at < stored.base || at >= stored.end) return at
      let stop = Math.min(end, stored.end)
      if (at < this.#fileClusters) stop = Math.min(stop, this.#fileClusters)
      if (at < this.#compared) stop = Math.min(stop, this.#compared)
      if (stored.failed) this.#unreadable(at, stop)
      else if (stored.empty) this.#stretch(at, stop, 0)
      else this.#equalStretches(at, stop)
      at = stop
    }
    return at
  }

  #equalStretches(start: ClusterIndex, end: ClusterIndex): void {
    const { base, values, uniform } = this.#stored
    if (uniform) return this.#stretch(start, end, values[0]!)
    const stop = end - base
    let from = start - base
    while (from < stop) {
      const value = values[from]!
      let to = from + 1
      while (to < stop && values[to] === value) to++
      this.#stretch(base + from, base + to, value)
      from = to
    }
  }

  /** Clusters that all have the same claims and the same stored refcount. */
  #stretch(start: ClusterIndex, end: ClusterIndex, stored: number): void {
    const computed = Math.min(this.#sweep.references, this.#maxRefcount)
    if (start < this.#compared) {
      if (stored > 0 || computed > 0) this.imageEnd = end
    }
    const isWrong = start < this.#compared && stored !== computed
    const wronglyFlagged = stored === 1 ? this.#sweep.notCopied : this.#sweep.copied
    if (isWrong || wronglyFlagged > 0)
      // As long as words are wanted, cluster by cluster, so that they come in an order that is the clusters' alone.
      for (let at = start; at < end; ) {
        const to = this.#walk.findings.wantsWords ? at + 1 : end
        if (isWrong) this.#mismatch(at, to, stored, computed)
        if (wronglyFlagged > 0) this.#copiedMismatch(at, to, stored)
        at = to
      }
    this.runs.add(end - start, this.#owner(stored), this.#flags(start, stored, true))
    this.refcounts.add(
      end - start,
      this.#stored.empty
        ? RefcountBucket.noBlock
        : refcountBucket(stored, this.#walk.image.header.refcountOrder),
    )
  }

  /** Of one cluster; of many if there is no room for words any more. */
  #mismatch(start: ClusterIndex, end: ClusterIndex, stored: number, computed: number): void {
    const { findings, image } = this.#walk
    const offset = BigInt(start) * BigInt(image.clusterSize)
    const numbers = () => `cluster ${start} refcount=${BigInt(stored)} reference=${computed}`
    if (stored < computed) findings.corruption(() => `ERROR ${numbers()}`, offset, end - start)
    else findings.leak(() => `Leaked ${numbers()}`, offset, end - start)
  }

  #unreadable(start: ClusterIndex, end: ClusterIndex): void {
    const { findings } = this.#walk
    for (let cluster = start; cluster < Math.min(end, this.#compared); cluster++) {
      const rest = findings.wantsWords ? 1 : end - cluster
      findings.checkError(
        () => `Can't get refcount for cluster ${cluster}: Input/output error`,
        undefined,
        rest,
      )
      if (rest > 1) break
    }
    this.runs.add(end - start, this.#owner(0), this.#flags(start, 0, true))
    this.refcounts.add(end - start, RefcountBucket.unknown)
  }

  /** What is wrong with the claims themselves, whatever refcounts are stored. */
  #judgeSegment(): void {
    const { findings, image } = this.#walk
    const sweep = this.#sweep
    const length = sweep.end - sweep.start
    const offset = BigInt(sweep.start) * BigInt(image.clusterSize)
    const overflow = sweep.references - this.#maxRefcount
    this.hasJudged ||= overflow > 0
    if (overflow > 0)
      findings.corruption(() => `ERROR: overflow cluster offset=0x${hex(offset)}`, offset, overflow * length)
    const blocks = sweep.referencesOf[Owner.refcountBlock]!
    // Blocks are counted last; the first one finds itself alone if nothing else claims its cluster.
    const shared = this.#maxRefcount === 1 ? 0 : blocks === sweep.references ? blocks - 1 : blocks
    this.hasJudged ||= blocks > 0 && shared > 0
    if (blocks > 0 && shared > 0)
      findings.corruption(
        () => `ERROR refcount block ${this.#blockIndex(offset)} refcount=${sweep.references}`,
        offset,
        shared * length,
      )
  }

  /** The first refcount table entry that names a block. */
  #blockIndex(offset: bigint): number {
    const { refcountTable } = this.#walk.image
    let index = 0
    while (refcountTableEntryOffset(refcountTable.getBigUint64(8 * index)) !== offset) index++
    return index
  }

  /** COPIED says that the refcount is 1; QEMU believes the stored one. */
  #copiedMismatch(start: ClusterIndex, end: ClusterIndex, stored: number): void {
    const { findings, claims, sources, image } = this.#walk
    const wrong = stored === 1 ? CopiedState.notCopied : CopiedState.copied
    const references = stored === 1 ? this.#sweep.notCopied : this.#sweep.copied
    let left = references * (end - start)
    for (let cluster = start; cluster < end && findings.wantsWords; cluster++) {
      for (const claim of this.#sweep.open()) {
        if (claims.copied(claim) !== wrong) continue
        const times = sources.active[claims.source[claim]!]!
        findings.corruption(
          () => this.#copiedWords(claim, cluster, stored),
          BigInt(cluster) * BigInt(image.clusterSize),
          times,
        )
        left -= times
        if (!findings.wantsWords) break
      }
    }
    findings.corruption(() => '', undefined, left)
  }

  #copiedWords(claim: number, cluster: ClusterIndex, stored: number): string {
    const { claims, references, sources, image } = this.#walk
    const copied = claims.copied(claim) === CopiedState.copied
    const offset = BigInt(cluster) * BigInt(image.clusterSize)
    const owner = claims.owner(claim)
    const zeroFlag = owner === Owner.zeroData && !hasExtendedL2(image) ? ZERO_FLAG : 0n
    if (owner !== Owner.activeL2) {
      const entry = hex(tableEntry(offset, copied) | zeroFlag)
      return `ERROR OFLAG_COPIED data cluster: l2_entry=${entry} refcount=${BigInt(stored)}`
    }
    const group = references.groupAt(sources.table[claims.source[claim]!]!)
    let nth = 0
    // References from the active table come first in their group.
    while (references.isCopied(references.member(group, nth)) !== copied) nth++
    const l1Index = references.l1Index(references.member(group, nth))
    const entry = hex(image.l1Table.getBigUint64(8 * l1Index))
    return `ERROR OFLAG_COPIED L2 cluster: l1_index=${l1Index} l1_entry=${entry} refcount=${BigInt(stored)}`
  }

  #owner(stored: number): OwnerCode {
    const sweep = this.#sweep
    if (sweep.claimCount === 0) return stored > 0 ? Owner.leaked : Owner.free
    return namedOwner(sweep.claimsOf)
  }

  #flags(cluster: ClusterIndex, stored: number, known: boolean): number {
    const sweep = this.#sweep
    let flags = cluster >= this.#fileClusters ? RunFlag.pastEnd : 0
    if (sweep.claimCount === 0) return flags
    const references = Math.min(sweep.references, this.#maxRefcount)
    if (known && stored !== references) flags |= RunFlag.refcountWrong
    if (this.#kinds() > 1 || (sweep.references > 1 && known && sweep.references > stored))
      flags |= RunFlag.claimedTwice
    if (sweep.activeClaims === 0) flags |= RunFlag.inactiveOnly
    return flags
  }

  /** How many kinds of structure claim the segment. No refcount makes two kinds right. */
  #kinds(): number {
    const of = this.#sweep.claimsOf
    if (this.#sweep.claimCount === 1) return 1
    let kinds = 0
    if (of[Owner.guestData]! + of[Owner.compressedData]! + of[Owner.zeroData]! > 0) kinds++
    if (of[Owner.activeL2]! + of[Owner.inactiveL2]! > 0) kinds++
    for (const owner of PRECEDENCE)
      if (owner >= Owner.header && owner !== Owner.activeL2 && owner !== Owner.inactiveL2 && of[owner]! > 0)
        kinds++
    return kinds
  }
}
