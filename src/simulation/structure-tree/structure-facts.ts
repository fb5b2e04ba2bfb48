/** What the tree tells of a range of the file: its clusters, how they are guarded, and what is wrong with them. */
import { formatOffset } from '../../lib/sizes.ts'
import type { Qcow2Image } from '../../qcow2/image.ts'
import type { OwnerRuns } from '../../qcow2/owner-map.ts'
import { countGuards } from '../guard-range.ts'
import type { StructureRow } from '../structure-page.ts'
import type { GuardFacts } from '../window-guards.ts'
import { problemsOf } from '../structure-problems.ts'

export interface TreeContext {
  readonly image: Qcow2Image
  readonly runs: OwnerRuns
  readonly guards: GuardFacts
}

/** What tells a row apart; the rest follows from where it lies. */
export interface RowFacts {
  readonly id: string
  readonly name: string
  readonly detail?: string
  readonly owner?: number
  readonly offset?: bigint
  readonly length?: bigint
  readonly isExpandable?: boolean
  readonly unguardedBelow?: number | undefined
  readonly problems?: readonly string[]
  /** It is no structure itself but what one maps, in another file: the offset is not one of the image. */
  readonly isElsewhere?: boolean
  /** It is a part of another node, by which its cluster is counted. */
  readonly isPart?: boolean
  /** Whether it has to start on a cluster boundary. */
  readonly isAligned?: boolean
}

/** Offsets past this have no cluster index that is exact. */
const FARTHEST = 2n ** 53n

export function makeRow(context: TreeContext, facts: RowFacts): StructureRow {
  const { offset, length, isElsewhere = false, isPart = false, isAligned = false } = facts
  const clusterSize = BigInt(context.image.clusterSize)
  const hasPlace = !isElsewhere && offset !== undefined && length !== undefined && length > 0n
  const clusters =
    hasPlace && offset + length < FARTHEST ? clustersOf(offset, length, clusterSize) : undefined
  const { lost, lockedOut } =
    clusters && !isPart
      ? countGuards(context.guards, clusters.start, clusters.count)
      : { lost: 0, lockedOut: 0 }
  return {
    id: facts.id,
    name: facts.name,
    detail: facts.detail ?? '',
    owner: facts.owner,
    offset,
    length,
    clusters,
    isExpandable: facts.isExpandable ?? false,
    unguarded: lost + lockedOut,
    unguardedBelow: facts.unguardedBelow,
    problems: [
      ...(facts.problems ?? []),
      ...(isAligned && offset !== undefined && offset % clusterSize !== 0n
        ? ['not on a cluster boundary']
        : []),
      ...(hasPlace && !isPart
        ? problemsOf(context.runs, BigInt(context.image.disk.size), offset, clusters)
        : []),
    ],
  }
}

function clustersOf(offset: bigint, length: bigint, clusterSize: bigint) {
  const start = Number(offset / clusterSize)
  return { start, count: Number((offset + length - 1n) / clusterSize) - start + 1 }
}

/** "0 to 6.25 MiB". */
export const rangeText = (offset: bigint, length: bigint): string =>
  `${formatOffset(offset)} to ${formatOffset(offset + length)}`
