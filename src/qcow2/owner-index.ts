import type { Range } from '../lib/ranges.ts'
import type { AllocationStats } from './claim-walk.ts'
import type { ClaimIndex } from './claim-index.ts'
import { ClusterReporter } from './cluster-report.ts'
import { type Findings, MAX_PROBLEMS } from './findings.ts'
import type { Problem, Qcow2Image } from './image.ts'
import type { L2References } from './l2-references.ts'
import type { CheckNumbers, OwnerCounts, OwnerMap, OwnerRuns, RefcountRuns } from './owner-map.ts'
import type { TableProblems } from './walk-l2-tables.ts'

/** What was found, counted as `qemu-img check` counts. */
export type FindingCounts = Pick<Findings, 'corruptions' | 'leaks' | 'checkErrors' | 'problemCount'>

/** Everything that is kept of an image's tables, so that the next look at it need only see what has changed. */
export interface OwnerParts {
  readonly image: Qcow2Image
  readonly claims: ClaimIndex
  readonly references: L2References
  readonly runs: OwnerRuns
  readonly refcounts: RefcountRuns
  readonly counts: OwnerCounts
  readonly stats: AllocationStats
  readonly imageEnd: number
  /** Problems of structures, of L2 tables, and of refcounts, by cluster. Each is told up to MAX_PROBLEMS of its own. */
  readonly structureFindings: FindingCounts & { readonly problems: readonly Problem[] }
  readonly tableFindings: FindingCounts
  readonly tableProblems: TableProblems
  readonly refcountFindings: FindingCounts & { readonly problems: readonly Problem[] }
}

/** Who owns what in an image at one moment. It is not changed: the next moment has an index of its own. */
export class OwnerIndex implements OwnerMap {
  readonly parts: OwnerParts
  readonly problems: readonly Problem[]
  readonly report: OwnerMap['report']

  constructor(parts: OwnerParts) {
    this.parts = parts
    const { structureFindings, tableProblems, refcountFindings } = parts
    const tables = [...tableProblems].toSorted(([one], [other]) => one - other)
    this.problems = [
      ...structureFindings.problems,
      ...tables.flatMap(([, problems]) => problems),
      ...refcountFindings.problems,
    ].slice(0, MAX_PROBLEMS)
    const reporter = new ClusterReporter(parts)
    this.report = cluster => reporter.report(cluster)
  }

  get runs(): OwnerRuns {
    return this.parts.runs
  }

  get refcounts(): RefcountRuns {
    return this.parts.refcounts
  }

  get counts(): OwnerCounts {
    return this.parts.counts
  }

  get corruptions(): number {
    return this.#sum('corruptions')
  }

  get leaks(): number {
    return this.#sum('leaks')
  }

  get problemCount(): number {
    return this.#sum('problemCount')
  }

  get check(): CheckNumbers {
    const { image, imageEnd, stats } = this.parts
    const clusterSize = BigInt(image.clusterSize)
    return {
      checkErrors: this.#sum('checkErrors'),
      imageEndOffset: BigInt(imageEnd) * clusterSize,
      totalClusters: (image.header.size + clusterSize - 1n) / clusterSize,
      ...stats,
    }
  }

  /** What it keeps in memory: runs, claims and references to tables. */
  get byteLength(): number {
    const { runs, refcounts, claims, references } = this.parts
    return (
      runs.start.byteLength +
      runs.owner.byteLength +
      runs.flags.byteLength +
      refcounts.start.byteLength +
      refcounts.bucket.byteLength +
      claims.byteLength +
      references.byteLength
    )
  }

  #sum(count: keyof FindingCounts): number {
    const { structureFindings, tableFindings, refcountFindings } = this.parts
    return structureFindings[count] + tableFindings[count] + refcountFindings[count]
  }
}

/** An index after a change. */
export interface OwnerUpdate {
  readonly owners: OwnerIndex
  /** Clusters of which something may be said that was not said before, ascending. */
  readonly changed: readonly Range[]
}
