/**
 * The cells of a layer (lib/layer-cells.ts) as stretches of clusters: what tiles are painted from and legends
 * counted from. Stretches cost what runs cost, but for metadata, whose guard is looked up cluster by cluster.
 */
import { ageValue, ticksBetween } from '../lib/age-bucket.ts'
import { cellOf, Guard } from '../lib/cells.ts'
import type { Layer } from '../lib/layers.ts'
import type { TypeMask } from '../lib/metadata-types.ts'
import { isMetadata, Owner, OWNERS } from '../lib/owners.ts'
import { problemValue, Wrong } from '../lib/problem-value.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import type { MetadataList } from '../overlap/metadata-list.ts'
import { typesAt } from '../overlap/type-runs.ts'
import { type OwnerRuns, type RefcountRuns, RunFlag } from '../qcow2/owner-map.ts'
import { runAt } from '../qcow2/splice-runs.ts'
import { type GuardFacts, guardOf, NO_RUNS, windowGuards, type WindowGuards } from './window-guards.ts'

export interface LayerInput extends GuardFacts {
  readonly runs: OwnerRuns
  readonly refcounts: RefcountRuns
  /** The list itself, whose windows have ages; undefined where none was made. */
  readonly list: MetadataList | undefined
}

/** What is known of an image of which only the owners are. */
export const NOTHING_KNOWN: Pick<LayerInput, 'refcounts' | 'truth' | 'engine' | 'list'> = {
  refcounts: { count: 0, start: new Float64Array(0), bucket: new Uint8Array(0) },
  truth: { runsInPlace: () => NO_RUNS, usedWindows: () => [] },
  engine: undefined,
  list: undefined,
}

/** Told of clusters [from, to) that all have the same cell. */
export type VisitStretch = (from: number, to: number, cell: number) => void

/** Clusters of one owner, with the same flags and the same guard. */
type VisitOwned = (from: number, to: number, owner: number, flags: number, guard: number) => void

/**
 * Goes through one window, in order. Clusters past the end of the file that nobody claims are left out: they are
 * not there.
 */
export function windowStretches(input: LayerInput, layer: Layer, window: number, visit: VisitStretch): void {
  const first = window * WINDOW_CLUSTERS
  const guards = { first, ...windowGuards(input, window) }
  const age = layer === 'age' ? ageOf(input.list, window) : NEVER
  stretches(input, layer, [first, first + WINDOW_CLUSTERS], guards, age, visit)
}

/** The same for clusters of windows that no engine has an account of. */
export function unusedStretches(
  input: LayerInput,
  layer: Layer,
  from: number,
  to: number,
  visit: VisitStretch,
): void {
  const guards = { first: from, expected: NO_RUNS, recorded: NO_RUNS, readable: false }
  stretches(input, layer, [from, to], guards, NEVER, visit)
}

/** What is known of the guards of a window. */
interface Guards extends WindowGuards {
  readonly first: number
}

/** Ticks since a window was used, and whether it has its bitmap; the same for all of its clusters. */
interface WindowAge {
  readonly ticks: number | undefined
  readonly hasBitmap: boolean
}

const NEVER: WindowAge = { ticks: undefined, hasBitmap: false }

function ageOf(list: MetadataList | undefined, window: number): WindowAge {
  if (!list || !list.isUsed(window)) return NEVER
  const { age, hasBitmap } = list.windowState(window)
  return { ticks: ticksBetween(age, list.currentAge), hasBitmap }
}

function stretches(
  input: LayerInput,
  layer: Layer,
  range: readonly [from: number, to: number],
  guards: Guards,
  age: WindowAge,
  visit: VisitStretch,
): void {
  owned(input, range, guards, visitOwned(input, layer, age, visit))
}

function visitOwned(input: LayerInput, layer: Layer, age: WindowAge, visit: VisitStretch): VisitOwned {
  if (layer === 'refcount')
    return (from, to, owner, flags, guard) => {
      const differs = owner === Owner.leaked || (flags & RunFlag.refcountWrong) !== 0
      refcountStretches(input, from, to, (start, end, bucket) =>
        visit(start, end, cellOf(bucket, guard, differs)),
      )
    }
  if (layer === 'age')
    return (from, to, owner, flags, guard) =>
      visit(from, to, cellOf(ageValue(age.ticks, age.hasBitmap, isMetadata(owner)), guard, isWrong(flags)))
  if (layer === 'problem')
    return (from, to, owner, flags, guard) =>
      visit(from, to, cellOf(problemValue(owner, wrongBits(flags)), guard, isWrong(flags)))
  return (from, to, owner, flags, guard) => visit(from, to, cellOf(owner, guard, isWrong(flags)))
}

const isWrong = (flags: number): boolean => (flags & (RunFlag.claimedTwice | RunFlag.refcountWrong)) !== 0

const wrongBits = (flags: number): number =>
  (flags & RunFlag.claimedTwice ? Wrong.claimedTwice : 0) |
  (flags & RunFlag.refcountWrong ? Wrong.refcountWrong : 0) |
  (flags & RunFlag.pastEnd ? Wrong.pastEnd : 0)

function owned(input: LayerInput, [from, to]: readonly [number, number], guards: Guards, visit: VisitOwned) {
  const { runs, checkedTypes } = input
  const end = Math.min(to, runs.end)
  for (let i = runAt(runs, from); i < runs.count && runs.start[i]! < end; i++) {
    const owner = runs.owner[i]!
    const flags = runs.flags[i]!
    const start = Math.max(runs.start[i]!, from)
    const stop = Math.min(i + 1 < runs.count ? runs.start[i + 1]! : runs.end, end)
    if (start >= stop || (owner === Owner.free && flags & RunFlag.pastEnd)) continue
    if (!isMetadata(owner)) {
      visit(start, stop, owner, flags, Guard.none)
      continue
    }
    const guardAt = (cluster: number) => guardWithin(guards, cluster - guards.first, owner, checkedTypes)
    for (let at = start; at < stop; ) {
      const guard = guardAt(at)
      let next = at + 1
      while (next < stop && guardAt(next) === guard) next++
      visit(at, next, owner, flags, guard)
      at = next
    }
  }
}

function guardWithin(
  { expected, recorded, readable }: Guards,
  index: number,
  owner: number,
  checked: TypeMask,
) {
  const types = (typesAt(expected, 0, expected.length, index) | OWNERS[owner]!.type) & checked
  return guardOf(types, typesAt(recorded, 0, recorded.length, index), readable)
}

function refcountStretches({ refcounts }: LayerInput, from: number, to: number, visit: VisitStretch): void {
  const { count, start, bucket } = refcounts
  for (let i = runAt(refcounts, from); i < count && start[i]! < to; i++)
    visit(Math.max(from, start[i]!), Math.min(to, i + 1 < count ? start[i + 1]! : to), bucket[i]!)
}
