/** Places that the engine tells: metadata that a check would not find. Every cluster is a place. */
import { Guard, isUnguarded } from '../../lib/cells.ts'
import type { GuardKindName } from '../../lib/find-kinds.ts'
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import { rowOf } from '../../lib/window-rows.ts'
import type { WindowTable } from '../report.ts'
import { type GuardFacts, visitGuards } from '../window-guards.ts'
import { lastNotAbove, type PlaceRange, type Places } from './places.ts'

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
  readonly #facts: GuardFacts
  readonly #kind: GuardKindName
  /** Windows that hold any, in order. */
  readonly #windows: Float64Array
  /** Places before each of them. */
  readonly #before: Float64Array

  /** @param windows what the same facts were counted as, window by window */
  constructor(facts: GuardFacts, windows: WindowTable, kind: GuardKindName) {
    this.#facts = facts
    this.#kind = kind
    const used = facts.truth.usedWindows().filter(window => countIn(windows, window, kind) > 0)
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
    const found: number[] = []
    visitGuards(this.#facts, window, [0, WINDOW_CLUSTERS], (index, guard) => {
      if (this.#isWanted(guard)) found.push(window * WINDOW_CLUSTERS + index)
    })
    return found
  }

  #isWanted(guard: number): boolean {
    if (this.#kind === 'unguarded') return isUnguarded(guard)
    return guard === (this.#kind === 'lost' ? Guard.lost : Guard.lockedOut)
  }
}
