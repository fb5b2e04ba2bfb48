/** How the clusters of a range are guarded now: what the inspector says of one, counted. */
import { Guard } from '../lib/cells.ts'
import type { TypeMask } from '../lib/metadata-types.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import type { OverlapEngine } from '../overlap/engine.ts'
import { runEnd, runStart, runTypes } from '../overlap/run-arena.ts'
import { findRun, typesAt } from '../overlap/type-runs.ts'
import { guardOf, isReadable } from './coverage.ts'

export interface GuardFacts {
  readonly truth: OverlapEngine
  /** What checks go by; undefined where nothing is checked. */
  readonly known: OverlapEngine | undefined
  /** None for an image that does not open. */
  readonly checkedTypes: TypeMask
  readonly canBuild: boolean
}

interface WindowGuards {
  readonly runs: Uint32Array
  readonly recorded: Uint32Array | undefined
  readonly isReadable: boolean
}

/** Windows remembered: one of the densest takes 32 KiB. */
const MAX_WINDOWS = 64

/** One state of the engine. Windows that were looked at are remembered: what is asked next lies near, mostly. */
export class GuardContext {
  readonly facts: GuardFacts
  readonly #windows = new Map<number, WindowGuards>()

  constructor(facts: GuardFacts) {
    this.facts = facts
  }

  window(window: number): WindowGuards {
    const known = this.#windows.get(window)
    if (known) return known
    const { truth, known: knower, canBuild } = this.facts
    const made = {
      runs: truth.runs(window),
      recorded: knower?.runs(window),
      isReadable: knower !== undefined && isReadable(knower, window, canBuild),
    }
    this.#windows.set(window, made)
    const [oldest] = this.#windows.keys()
    if (this.#windows.size > MAX_WINDOWS && oldest !== undefined) this.#windows.delete(oldest)
    return made
  }
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
  for (const window of context.facts.truth.usedWindows()) {
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
  const window = Math.floor(first / WINDOW_CLUSTERS)
  const base = window * WINDOW_CLUSTERS
  const { runs, recorded, isReadable: readable } = context.window(window)
  const { checkedTypes } = context.facts
  for (let i = Math.max(0, findRun(runs, 0, runs.length, first - base)); i < runs.length; i++) {
    const run = runs[i]!
    if (runStart(run) >= end - base) return
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
