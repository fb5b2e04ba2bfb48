/** Places that the engine tells: metadata that a check would not find. Every cluster is a place. */
import { Guard, isUnguarded } from '../../lib/cells.ts'
import type { GuardKindName } from '../../lib/find-kinds.ts'
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import { rowOf } from '../../lib/window-rows.ts'
import type { OverlapEngine } from '../../overlap/engine.ts'
import { runEnd, runStart, runTypes } from '../../overlap/run-arena.ts'
import { typesAt } from '../../overlap/type-runs.ts'
import { guardOf, isReadable } from '../coverage.ts'
import type { RunOptions, RunReport, WindowTable } from '../report.ts'
import { lastNotAbove, type PlaceRange, type Places } from './places.ts'

export interface GuardContext {
  readonly truth: Pick<OverlapEngine, 'runs' | 'usedWindows'>
  /** What checks go by; undefined where nothing is checked. */
  readonly engine: OverlapEngine | undefined
  readonly options: Pick<RunOptions, 'checkedTypes'>
  readonly report: Pick<RunReport, 'canBuild'>
  readonly windows: WindowTable
}

/** How many clusters of a window are of a kind, as the table has counted them. */
function countIn(windows: WindowTable, window: number, kind: GuardKindName): number {
  const row = rowOf(windows.window, windows.rows, window)
  const unguarded = windows.unguarded[row] ?? 0
  const lost = windows.lost[row] ?? 0
  if (kind === 'unguarded') return unguarded
  return kind === 'lost' ? lost : unguarded - lost
}

export class GuardPlaces implements Places {
  readonly count: number
  readonly #context: GuardContext
  readonly #kind: GuardKindName
  /** Windows that hold any, in order. */
  readonly #windows: Float64Array
  /** Places before each of them. */
  readonly #before: Float64Array

  constructor(context: GuardContext, kind: GuardKindName) {
    this.#context = context
    this.#kind = kind
    const { windows } = context
    const used = context.truth.usedWindows().filter(window => countIn(windows, window, kind) > 0)
    this.#windows = Float64Array.from(used)
    this.#before = new Float64Array(used.length)
    let places = 0
    used.forEach((window, i) => {
      this.#before[i] = places
      places += countIn(windows, window, kind)
    })
    this.count = places
  }

  get clusters(): number {
    return this.count
  }

  before(cluster: number): number {
    const window = Math.floor(cluster / WINDOW_CLUSTERS)
    if (this.count === 0 || window < this.#windows[0]!) return 0
    const at = lastNotAbove(this.#windows, window)
    return this.#before[at]! + this.#clustersIn(this.#windows[at]!).filter(each => each < cluster).length
  }

  at(place: number): PlaceRange {
    const at = lastNotAbove(this.#before, place)
    return { start: this.#clustersIn(this.#windows[at]!)[place - this.#before[at]!]!, clusters: 1 }
  }

  #clustersIn(window: number): number[] {
    const { truth, engine, options, report } = this.#context
    const recorded = engine?.runs(window)
    const readable = engine !== undefined && isReadable(engine, window, report.canBuild)
    const found: number[] = []
    for (const run of truth.runs(window)) {
      const expected = runTypes(run) & options.checkedTypes
      for (let index = runStart(run); index < runEnd(run); index++) {
        const known = recorded ? typesAt(recorded, 0, recorded.length, index) : 0
        if (this.#isWanted(guardOf(expected, known, readable))) found.push(window * WINDOW_CLUSTERS + index)
      }
    }
    return found
  }

  #isWanted(guard: number): boolean {
    if (this.#kind === 'unguarded') return isUnguarded(guard)
    return guard === (this.#kind === 'lost' ? Guard.lost : Guard.lockedOut)
  }
}
