/**
 * Who owns what after the file was changed, from who owned what before: the claims of the tables that changed are taken
 * away and made anew, and refcounts are compared only where claims or refcounts changed. The answer is the one that
 * building anew would give, to the last word; where that is not certain, or would take as long, there is none:
 *
 * - something is wrong with a structure (header, refcount table, snapshots), or a claim goes past the end of the file:
 *   then more depends on the length of the file than can be told from what changed;
 * - more problems than are kept with their words, or claims beyond what a refcount can count: what is told of them
 *   depends on what stands elsewhere;
 * - too much was changed.
 */
import { mergedRanges, type Range, touches, within } from '../lib/ranges.ts'
import { Owner, OWNERS } from '../lib/owners.ts'
import { changedRefcounts, changedTables, sameFormat } from './changed-tables.ts'
import { STRUCTURES } from './claim-index.ts'
import { MAX_CLAIMS } from './claim-list.ts'
import type { SourcedClaims } from './claim-store.ts'
import { type AllocationStats, ClaimWalk } from './claim-walk.ts'
import { compareRange, type RangeComparison } from './compare-refcounts.ts'
import { MAX_PROBLEMS } from './findings.ts'
import type { Problem, Qcow2Image } from './image.ts'
import type { L2References } from './l2-references.ts'
import { type FindingCounts, OwnerIndex, type OwnerParts, type OwnerUpdate } from './owner-index.ts'
import type { OwnerRuns } from './owner-map.ts'
import { type RunPatch, spliceRefcounts, spliceRuns } from './splice-runs.ts'
import { type TableProblems, walkL2Table } from './walk-l2-tables.ts'
import { walkStructures } from './walk-structures.ts'

/** When this share of all tables changed, or has to be compared anew, building anew is faster. */
const WIDE = 1 / 4
/** Below this nothing is wide: so many tables, so many clusters. */
const FEW_TABLES = 64
const FEW_CLUSTERS = 1 << 18

/**
 * @param image as it is now
 * @param changed bytes of the file that may differ, ascending
 * @param structures whether a structure may be among them
 * @returns undefined where it has to be built anew
 * @throws UserError, DiskError
 */
export async function updateOwnerMap(
  { parts: before }: OwnerIndex,
  image: Qcow2Image,
  changed: readonly Range[],
  structures: boolean,
): Promise<OwnerUpdate | undefined> {
  if (!sameFormat(before.image, image) || hasTooMuchWrong(before)) return undefined
  if (before.runs.end > before.image.fileClusters) return undefined
  const walks = await walkChanged(before, image, changed, structures)
  if (!walks) return undefined

  const claims = before.claims.replacing(walks.tables, walks.before, walks.after)
  if (claims.count > MAX_CLAIMS) return undefined
  const { fileClusters } = image
  if (claims.hasFrom(fileClusters)) return undefined

  const longer = Math.max(fileClusters, before.image.fileClusters)
  const touched = mergedRanges([
    ...walks.ranges,
    ...(await changedRefcounts(before.image, image, changed)),
    // Where the file now ends, and ended.
    { start: Math.min(fileClusters, before.image.fileClusters), end: longer },
  ])
  // A refcount block counts clusters that no file reaches yet.
  const ranges = within(touched, { start: 0, end: longer })
  const wide = Math.max(FEW_CLUSTERS, fileClusters * WIDE)
  if (ranges.reduce((sum, { start, end }) => sum + Math.min(end, fileClusters) - start, 0) > wide)
    return undefined

  const was = await judged(before, ranges)
  const is = await judged({ image, claims, references: walks.references }, ranges)
  if (!was || !is) return undefined

  const patches = (of: 'runs' | 'refcounts') =>
    ranges.flatMap((range, i) => patchOf(range, is.compared[i]?.[of], fileClusters))
  const runs = spliceRuns(before.runs, patches('runs'))
  const owners = new OwnerIndex({
    image,
    claims,
    references: walks.references,
    runs,
    refcounts: spliceRefcounts(before.refcounts, before.runs.end, patches('refcounts')),
    counts: before.counts.map((count, owner) => count - was.counts[owner]! + is.counts[owner]!),
    stats: statsAfter(before.stats, walks.before.stats, walks.after.stats),
    imageEnd: endOfUse(runs),
    structureFindings: before.structureFindings,
    tableFindings: countsAfter(before.tableFindings, walks.before.findings, walks.after.findings),
    tableProblems: problemsAfter(before.tableProblems, walks.tables, walks.problems),
    refcountFindings: {
      ...countsAfter(before.refcountFindings, was.walk.findings, is.walk.findings),
      problems: splicedProblems(before, ranges, is.walk.findings.problems),
    },
  })
  return hasTooMuchWrong(owners.parts) ? undefined : { owners, changed: ranges }
}

/** Whether what is told depends on more than where something changed. */
const hasTooMuchWrong = ({ structureFindings, tableFindings, refcountFindings }: OwnerParts): boolean =>
  structureFindings.problemCount > 0 ||
  refcountFindings.checkErrors > 0 ||
  tableFindings.problemCount + refcountFindings.problemCount >= MAX_PROBLEMS

interface ChangedWalks {
  readonly references: L2References
  /** Sectors of the tables that were walked again, and STRUCTURES. */
  readonly tables: ReadonlySet<number>
  /** What they claimed, and claim. */
  readonly before: ClaimWalk
  readonly after: ClaimWalk
  readonly problems: TableProblems
  /** Clusters whose claims differ. */
  readonly ranges: readonly Range[]
}

/** Walks what changed, as it was and as it is. */
async function walkChanged(
  { image: imageBefore, references: referencesBefore, structureFindings }: OwnerParts,
  image: Qcow2Image,
  changed: readonly Range[],
  structures: boolean,
): Promise<ChangedWalks | undefined> {
  const after = new ClaimWalk(image, undefined, structures ? {} : { references: referencesBefore })
  const before = new ClaimWalk(imageBefore)
  const ranges: Range[] = []
  const tables = new Set<number>()
  if (structures) {
    await walkStructures(before)
    await walkStructures(after)
    if (after.findings.problemCount !== structureFindings.problemCount) return undefined
    after.references.group()
    tables.add(STRUCTURES)
    addDifference(ranges, [before, 0], [after, 0])
  }
  const walkBefore = before.next({
    claims: before.claims,
    sources: before.sources,
    references: referencesBefore,
  })
  const { references } = after
  const sectors = await changedTables(
    { image: imageBefore, references: referencesBefore },
    { image, references },
    changed,
  )
  if (sectors.length > Math.max(FEW_TABLES, references.groupCount * WIDE)) return undefined
  const problems: TableProblems = new Map()
  for (const sector of sectors) {
    const starts = [before.claims.count, after.claims.count] as const
    await walkTableAt(walkBefore, sector, new Map())
    await walkTableAt(after, sector, problems)
    addDifference(ranges, [before, starts[0]], [after, starts[1]])
    tables.add(sector)
  }
  return { references, tables, before: walkBefore, after, problems, ranges }
}

async function walkTableAt(walk: ClaimWalk, sector: number, problems: TableProblems): Promise<void> {
  const group = walk.references.groupAt(sector)
  if (group < 0) return
  const { disk, clusterSize } = walk.image
  const isInFile = sector * 512 < disk.size
  const bytes = isInFile ? await disk.read(sector * 512, clusterSize) : undefined
  walkL2Table(walk, group, bytes && new DataView(bytes.buffer, bytes.byteOffset, clusterSize), problems)
}

/** Adds the clusters on which two lists of claims, from given ones on, do not say the same. */
function addDifference(
  ranges: Range[],
  [before, firstBefore]: readonly [SourcedClaims, number],
  [after, firstAfter]: readonly [SourcedClaims, number],
): void {
  let [a, b] = [firstBefore, firstAfter]
  let [endA, endB] = [before.claims.count, after.claims.count]
  const same = (one: number, other: number) =>
    saySame(before, one, after, other) && before.claims.length[one] === after.claims.length[other]
  for (; a < endA && b < endB && same(a, b); a++) b++
  for (; endA > a && endB > b && same(endA - 1, endB - 1); endA--) endB--
  if (a < endA && b < endB && saySame(before, a, after, b)) {
    // The same claim, longer or shorter than before: as when a guest writes on.
    const ends = [before.claims.end(a++), after.claims.end(b++)] as const
    ranges.push({ start: Math.min(...ends), end: Math.max(...ends) })
  }
  for (; a < endA; a++) ranges.push({ start: before.claims.start[a]!, end: before.claims.end(a) })
  for (; b < endB; b++) ranges.push({ start: after.claims.start[b]!, end: after.claims.end(b) })
}

/** Whether two claims begin alike and say the same. */
function saySame(one: SourcedClaims, claim: number, other: SourcedClaims, otherClaim: number): boolean {
  const source = one.claims.source[claim]!
  const otherSource = other.claims.source[otherClaim]!
  return (
    one.claims.start[claim] === other.claims.start[otherClaim] &&
    one.claims.traits[claim] === other.claims.traits[otherClaim] &&
    one.sources.active[source] === other.sources.active[otherSource] &&
    one.sources.inactive[source] === other.sources.inactive[otherSource]
  )
}

/**
 * Compares refcounts in ranges.
 * @returns undefined where something was found of a stretch that may go on beyond its range
 */
async function judged(
  { image, claims, references }: Pick<OwnerParts, 'image' | 'claims' | 'references'>,
  ranges: readonly Range[],
) {
  const walk = new ClaimWalk(image)
  const counts: number[] = Array.from({ length: OWNERS.length }, () => 0)
  const compared: RangeComparison[] = []
  for (const { start, end } of ranges) {
    const until = Math.min(end, image.fileClusters)
    if (start >= until) break
    const slice = claims.slice(start, until)
    const range = await compareRange({ ...walk, ...slice, references }, start, until)
    if (range.hasJudged) return undefined
    compared.push(range)
    for (const [owner, count] of range.runs.clusters.entries()) counts[owner]! += count
  }
  return { walk, compared, counts }
}

/** What the runs of a range become, where the file ends within it or before. */
function patchOf({ start, end }: Range, runs: RunPatch['runs'], fileClusters: number): RunPatch[] {
  const cut = Math.max(start, fileClusters)
  if (end <= fileClusters) return [{ start, end, runs }]
  if (start >= fileClusters) return [{ start, end, runs: undefined }]
  return [
    { start, end: cut, runs },
    { start: cut, end, runs: undefined },
  ]
}

/** One past the last cluster in use: nothing is claimed or counted past the end of the file. */
function endOfUse({ count, start, owner, end }: OwnerRuns): number {
  for (let run = count - 1; run >= 0; run--)
    if (owner[run] !== Owner.free) return run + 1 < count ? start[run + 1]! : end
  return 1
}

const statsAfter = (
  total: AllocationStats,
  before: AllocationStats,
  after: AllocationStats,
): AllocationStats => ({
  allocatedClusters: total.allocatedClusters - before.allocatedClusters + after.allocatedClusters,
  compressedClusters: total.compressedClusters - before.compressedClusters + after.compressedClusters,
  fragmentedClusters: total.fragmentedClusters - before.fragmentedClusters + after.fragmentedClusters,
})

const countsAfter = (total: FindingCounts, before: FindingCounts, after: FindingCounts): FindingCounts => ({
  corruptions: total.corruptions - before.corruptions + after.corruptions,
  leaks: total.leaks - before.leaks + after.leaks,
  checkErrors: total.checkErrors - before.checkErrors + after.checkErrors,
  problemCount: total.problemCount - before.problemCount + after.problemCount,
})

function problemsAfter(
  total: TableProblems,
  tables: ReadonlySet<number>,
  after: TableProblems,
): TableProblems {
  const kept = [...total].filter(([sector]) => !tables.has(sector))
  return new Map([...kept, ...after])
}

/** Problems of refcounts by cluster, those in the ranges replaced. */
function splicedProblems(
  { refcountFindings, image }: OwnerParts,
  ranges: readonly Range[],
  now: readonly Problem[],
): Problem[] {
  const clusterOf = ({ offset }: Problem) => Number((offset ?? 0n) / BigInt(image.clusterSize))
  const kept = refcountFindings.problems.filter(problem => {
    const cluster = clusterOf(problem)
    return !touches(ranges, { start: cluster, end: cluster + 1 })
  })
  return [...kept, ...now].toSorted((one, other) => clusterOf(one) - clusterOf(other))
}
