/** How the clusters of a window are guarded: what an unlimited engine would know of it, beside what checks go by. */
import { Guard, type GuardCode } from '../lib/cells.ts'
import type { TypeMask } from '../lib/metadata-types.ts'
import type { OverlapEngine } from '../overlap/engine.ts'
import { runEnd, runStart, runTypes } from '../overlap/run-arena.ts'
import { findRun, typesAt } from '../overlap/type-runs.ts'

export interface GuardFacts {
  readonly truth: Pick<OverlapEngine, 'runsInPlace' | 'usedWindows'>
  /** What checks go by; undefined where nothing is checked. */
  readonly engine: OverlapEngine | undefined
  /** None for an image that does not open. */
  readonly checkedTypes: TypeMask
  /** Whether a window without a bitmap would get one now (OverlapEngine.canBuild of `engine`). */
  readonly canBuild: boolean
}

/** The engines' own memory: to be looked up at once, and not to be kept (OverlapEngine.runsInPlace). */
export interface WindowGuards {
  readonly expected: Uint32Array
  readonly recorded: Uint32Array
  readonly readable: boolean
}

export const NO_RUNS = new Uint32Array(0)

export const windowGuards = (
  { truth, engine, canBuild }: Omit<GuardFacts, 'checkedTypes'>,
  window: number,
): WindowGuards => ({
  expected: truth.runsInPlace(window),
  recorded: engine?.runsInPlace(window) ?? NO_RUNS,
  readable: engine !== undefined && isReadable(engine, window, canBuild),
})

/** How one cluster is guarded, its window's runs at hand. */
export function guardOf(expected: TypeMask, recorded: TypeMask, readable: boolean): GuardCode {
  if (expected === 0) return Guard.none
  if ((recorded & expected) !== expected) return Guard.lost
  return readable ? Guard.guarded : Guard.lockedOut
}

/** Whether a check of the window could look at what is recorded in it. */
export const isReadable = (engine: OverlapEngine, window: number, canBuild: boolean): boolean =>
  canBuild || engine.windowState(window).hasBitmap

/**
 * Goes through the clusters of a window that hold metadata of a checked type, in order. Costs a look-up for each of them,
 * and hardly anything where there are none.
 * @param from like `to`, a cluster within the window
 * @param visit told of each cluster's place in the window, its guard, and all types that it holds
 */
export function visitGuards(
  facts: GuardFacts,
  window: number,
  [from, to]: readonly [from: number, to: number],
  visit: (index: number, guard: GuardCode, types: TypeMask) => void,
): void {
  const { expected, recorded, readable } = windowGuards(facts, window)
  for (let i = Math.max(0, findRun(expected, 0, expected.length, from)); i < expected.length; i++) {
    const run = expected[i]!
    if (runStart(run) >= to) return
    const checked = runTypes(run) & facts.checkedTypes
    if (checked === 0) continue
    const end = Math.min(runEnd(run), to)
    for (let index = Math.max(runStart(run), from); index < end; index++)
      visit(index, guardOf(checked, typesAt(recorded, 0, recorded.length, index), readable), runTypes(run))
  }
}
