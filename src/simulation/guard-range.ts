/** How the clusters of a range are guarded now: what the inspector says of one, counted. */
import { Guard } from '../lib/cells.ts'
import type { TypeMask } from '../lib/metadata-types.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import type { OverlapEngine } from '../overlap/engine.ts'
import { runEnd, runStart, runTypes } from '../overlap/run-arena.ts'
import { typesAt } from '../overlap/type-runs.ts'
import { guardOf, isReadable } from './coverage.ts'

export interface GuardContext {
  readonly truth: OverlapEngine
  /** What checks go by; undefined where nothing is checked. */
  readonly known: OverlapEngine | undefined
  /** None for an image that does not open. */
  readonly checkedTypes: TypeMask
  readonly canBuild: boolean
}

/** Clusters of the range by Guard code; those that nobody would guard are not counted. */
export interface GuardCounts {
  readonly guarded: number
  readonly lost: number
  readonly lockedOut: number
}

/**
 * Costs a look-up for each cluster of metadata in the range, and hardly anything where there is none.
 * @param types counts clusters that hold at least one of these
 */
export function countGuards(
  context: GuardContext,
  start: number,
  clusters: number,
  types: TypeMask = ~0,
): GuardCounts {
  const counts = [0, 0, 0, 0]
  const end = start + clusters
  for (let first = start; first < end; first = nextWindow(first))
    countWindow(context, first, Math.min(end, nextWindow(first)), types, counts)
  return countsOf(counts)
}

/** The same for all clusters that hold one of these types. */
export function countGuardsOfTypes(context: GuardContext, types: TypeMask): GuardCounts {
  const counts = [0, 0, 0, 0]
  for (const window of context.truth.usedWindows()) {
    const first = window * WINDOW_CLUSTERS
    countWindow(context, first, first + WINDOW_CLUSTERS, types, counts)
  }
  return countsOf(counts)
}

const nextWindow = (cluster: number): number => (Math.floor(cluster / WINDOW_CLUSTERS) + 1) * WINDOW_CLUSTERS

const countsOf = (counts: readonly number[]): GuardCounts => ({
  guarded: counts[Guard.guarded]!,
  lost: counts[Guard.lost]!,
  lockedOut: counts[Guard.lockedOut]!,
})

/** @param first like `end`, within one window */
function countWindow(context: GuardContext, first: number, end: number, types: TypeMask, counts: number[]) {
  const { truth, known, checkedTypes, canBuild } = context
  const window = Math.floor(first / WINDOW_CLUSTERS)
  const base = window * WINDOW_CLUSTERS
  const runs = truth.runs(window)
  if (runs.length === 0) return
  const recorded = known?.runs(window)
  const readable = known !== undefined && isReadable(known, window, canBuild)
  for (const run of runs) {
    const expected = runTypes(run) & checkedTypes
    if ((runTypes(run) & types) === 0 || expected === 0) continue
    const last = Math.min(runEnd(run), end - base)
    for (let index = Math.max(runStart(run), first - base); index < last; index++) {
      const found = recorded ? typesAt(recorded, 0, recorded.length, index) : 0
      const guard = guardOf(expected, found, readable)
      counts[guard] = counts[guard]! + 1
    }
  }
}
