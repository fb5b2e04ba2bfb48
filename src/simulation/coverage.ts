/** The engine's knowledge against the truth, window by window. */
import type { TypeMask } from '../lib/metadata-types.ts'
import type { OverlapEngine, WindowState } from '../overlap/engine.ts'
import { runEnd, runStart, runTypes } from '../overlap/run-arena.ts'
import { typesAt } from '../overlap/type-runs.ts'
import { rowOf } from '../lib/window-rows.ts'
import { Held } from '../lib/held.ts'
import type { Coverage, WindowFigures, WindowTable } from './report.ts'
import { windowGuards } from './window-guards.ts'

/**
 * Tables of windows are made for this many at most (an image of 256 TiB in 64 KiB clusters has a
 * million). Only a hostile image, whose tables point far past its end, has more.
 */
export const MOST_WINDOWS = 2 ** 22

export interface CoverageInput {
  readonly truth: OverlapEngine
  /** undefined where there is no list. */
  readonly engine: OverlapEngine | undefined
  /** What checks go by; undefined where nothing is checked. */
  readonly known: OverlapEngine | undefined
  readonly checkedTypes: TypeMask
  /** Windows that the last try for a bitmap was refused to. */
  readonly refusedWindows: ReadonlySet<number>
  /** Whether a window without a bitmap would get one now (OverlapEngine.canBuild of `known`). */
  readonly canBuild: boolean
  /** Windows that the file's clusters fill. */
  readonly fileWindows: number
}

/** How one window's metadata is guarded. */
export interface WindowCoverage {
  metadata: number
  lost: number
  lockedOut: number
  typeNotChecked: number
}

export function measureCoverage(input: CoverageInput): { coverage: Coverage; windows: WindowTable } {
  const { truth, engine, refusedWindows } = input
  const used = truth.usedWindows().filter(window => window < MOST_WINDOWS)
  const usedByEngine = engine?.usedWindows() ?? []
  const last = Math.max(used.at(-1) ?? 0, usedByEngine.at(-1) ?? 0)
  const count = Math.min(MOST_WINDOWS, Math.max(input.fileWindows, last + 1))
  const windows = emptyTable(count, unionOf(used, usedByEngine, refusedWindows, count))
  const total: WindowCoverage = { metadata: 0, lost: 0, lockedOut: 0, typeNotChecked: 0 }
  for (const window of used) {
    const row = rowOf(windows.window, windows.rows, window)
    const covered = coverWindow(window, input)
    windows.metadata[row] = covered.metadata
    windows.lost[row] = covered.lost
    windows.unguarded[row] = covered.lost + covered.lockedOut
    total.metadata += covered.metadata
    total.lost += covered.lost
    total.lockedOut += covered.lockedOut
    total.typeNotChecked += covered.typeNotChecked
  }
  for (const window of usedByEngine)
    if (window < count) describeWindow(windows, window, engine!, refusedWindows)
  for (const window of refusedWindows) if (window < count) markRefused(windows, window)
  const unguarded = total.lost + total.lockedOut
  return { windows, coverage: { ...total, unguarded, guarded: total.metadata - unguarded } }
}

export function coverWindow(
  window: number,
  input: Pick<CoverageInput, 'truth' | 'known' | 'checkedTypes' | 'canBuild'>,
): WindowCoverage {
  const { truth, known: engine, checkedTypes, canBuild } = input
  const { expected, recorded, readable } = windowGuards({ truth, engine, canBuild }, window)
  const covered: WindowCoverage = { metadata: 0, lost: 0, lockedOut: 0, typeNotChecked: 0 }
  for (const run of expected) {
    const clusters = runEnd(run) - runStart(run)
    const types = runTypes(run) & checkedTypes
    if (types === 0) {
      covered.typeNotChecked += clusters
      continue
    }
    const known = clustersKnown(recorded, runStart(run), runEnd(run), types)
    covered.metadata += clusters
    covered.lost += clusters - known
    if (!readable) covered.lockedOut += known
  }
  return covered
}

/** How many clusters of [start, end) are recorded with all of these types. */
function clustersKnown(runs: Uint32Array, start: number, end: number, types: TypeMask): number {
  if (end - start === 1) return (typesAt(runs, 0, runs.length, start) & types) === types ? 1 : 0
  let known = 0
  for (const run of runs)
    if ((runTypes(run) & types) === types)
      known += Math.max(0, Math.min(end, runEnd(run)) - Math.max(start, runStart(run)))
  return known
}

/** A table in short: what a page shows of all windows together. */
export function figuresOf({ count, rows, held, metadata, lost }: WindowTable): WindowFigures {
  const ways = Object.values(Held).map(() => 0)
  ways[Held.nothing] = count - rows
  let withMetadata = 0
  let withLost = 0
  for (let row = 0; row < rows; row++) {
    ways[held[row]!]!++
    if (metadata[row]! > 0) withMetadata++
    if (lost[row]! > 0) withLost++
  }
  return { count, held: ways, withMetadata, withLost }
}

/** Every window of these, once, ascending. */
function unionOf(
  used: readonly number[],
  usedByEngine: readonly number[],
  refused: ReadonlySet<number>,
  count: number,
): Uint32Array {
  const all = new Uint32Array(used.length + usedByEngine.length + refused.size)
  all.set(used)
  all.set(usedByEngine, used.length)
  all.set([...refused], used.length + usedByEngine.length)
  all.sort()
  let rows = 0
  for (const window of all)
    if (window < count && (rows === 0 || all[rows - 1] !== window)) all[rows++] = window
  return all.slice(0, rows)
}

/** A table in which nothing is told of these windows (ascending). */
export function emptyTable(count: number, window: Uint32Array): WindowTable {
  const rows = window.length
  return {
    count,
    rows,
    window,
    held: new Uint8Array(rows),
    age: new Uint32Array(rows),
    nbFragments: new Uint16Array(rows),
    fragmentsArraySize: new Uint16Array(rows),
    metadata: new Uint16Array(rows),
    unguarded: new Uint16Array(rows),
    lost: new Uint16Array(rows),
  }
}

function describeWindow(
  windows: WindowTable,
  window: number,
  engine: OverlapEngine,
  refused: ReadonlySet<number>,
): void {
  const state = engine.windowState(window)
  const row = rowOf(windows.window, windows.rows, window)
  windows.age[row] = state.age
  windows.nbFragments[row] = state.nbFragments
  windows.fragmentsArraySize[row] = state.fragmentsArraySize
  windows.held[row] = heldOf(state, refused.has(window))
}

/**
 * How a window is held, whatever of it may be lost.
 * @param wasRefused whether its last try for a bitmap was
 */
export function heldOf(state: WindowState | undefined, wasRefused: boolean): number {
  if (state?.hasBitmap) return state.slot >= 0 ? Held.cached : Held.kept
  if (state && state.nbFragments > 0) return Held.fragments
  return wasRefused ? Held.refused : Held.nothing
}

/** A window past the refused growth of the array has no state of its own. */
function markRefused(windows: WindowTable, window: number): void {
  const row = rowOf(windows.window, windows.rows, window)
  if (windows.held[row] === Held.nothing) windows.held[row] = Held.refused
}
