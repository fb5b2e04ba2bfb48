/** How the clusters of a range are guarded now: what the inspector says of one, counted. */
import { Guard } from '../lib/cells.ts'
import type { TypeMask } from '../lib/metadata-types.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import { type GuardFacts, visitGuards } from './window-guards.ts'

/** Clusters of the range by Guard code; those that nobody would guard are not counted. */
export interface GuardCounts {
  readonly guarded: number
  readonly lost: number
  readonly lockedOut: number
}

/** Costs what visitGuards does. */
export function countGuards(facts: GuardFacts, start: number, clusters: number): GuardCounts {
  const counts = [0, 0, 0, 0]
  const end = start + clusters
  for (let first = start; first < end; first = nextWindow(first))
    countWindow(facts, first, Math.min(end, nextWindow(first)), ~0, counts)
  return countsOf(counts)
}

/** The same for all clusters that hold at least one of these types. */
export function countGuardsOfTypes(facts: GuardFacts, types: TypeMask): GuardCounts {
  const counts = [0, 0, 0, 0]
  for (const window of facts.truth.usedWindows()) {
    const first = window * WINDOW_CLUSTERS
    countWindow(facts, first, first + WINDOW_CLUSTERS, types, counts)
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
function countWindow(facts: GuardFacts, first: number, end: number, types: TypeMask, counts: number[]) {
  const window = Math.floor(first / WINDOW_CLUSTERS)
  const base = window * WINDOW_CLUSTERS
  visitGuards(facts, window, [first - base, end - base], (_, guard, held) => {
    if (held & types) counts[guard] = counts[guard]! + 1
  })
}
