/**
 * What happened to each window's bitmap: built, given back, kept, refused. How often is counted for every window; what
 * happened when is kept of the last 32768 records, in a ring, whoever's they were. Nearly all of them are take-overs (a
 * check that misses gives one bitmap back and builds another), and so many that one may cost no more than three numbers
 * put down: windows are told by the engine's rows, which are small integers, and counting waits until there are some
 * thousands to be counted in one go.
 *
 *     a record:   row of the window built | row of the one given back | step |
 *                 row of the window       | ~kind                     | step |
 *                 window’s low bits       | ~(refused + high bits)    | step | times
 *
 *     written:  … counted already … | not yet counted |
 *               [ the ring, or less of it             ]
 */
import { grown } from '../lib/grow.ts'

/** How many records are kept, of all windows together. */
export const HISTORY_LENGTH = 2 ** 15

export const HISTORY_KINDS = ['built', 'fragments', 'unmodified', 'kept', 'refused'] as const
/** A bitmap was built, was given back (as fragments, or unmodified), was kept for good, or was refused. */
export type HistoryKind = (typeof HISTORY_KINDS)[number]
export type HistoryCounts = Readonly<Record<HistoryKind, number>>

export interface HistoryRecord {
  readonly step: number
  readonly kind: HistoryKind
  /** Times that it happened in this step, one after another. */
  readonly times: number
}

const BUILT = 0
const FRAGMENTS = 1
const UNMODIFIED = 2
const KEPT = 3
const REFUSED = 4
/** Room for all kinds, in a code's low bits; those above are a window's. */
const KINDS = 8
/** Windows lie below 2^42: both halves of one are small integers everywhere. */
const LOW_BITS = 2 ** 24
/** Numbers a record. */
const WIDTH = 4
const FIRST_RECORDS = 32
const COUNT_AT_ONCE = 2 ** 12

export class WindowHistory {
  private readonly rowOf: (window: number) => number
  /** Length of the ring once it is full, in numbers. */
  private readonly fullLength: number
  private ring: Int32Array
  /** Whether the ring has been round, and what stands after `next` is what is oldest. */
  private isFull = false
  /** Where the next record goes. */
  private next = 0
  /** Where it cannot go before something is done: counting, making room, going round. */
  private end = 0
  /** From here on records are not counted yet. */
  private uncounted = 0
  /** How often each kind but refusals happened, by row: columns, since nearly all of them are of two kinds. */
  private tallies = [0, 1, 2, 3].map(() => new Uint32Array(FIRST_RECORDS))
  /** Windows that are refused may have no row. */
  private readonly refusals = new Map<number, number>()

  /**
   * @param rowOf the engine's row of a window, which stays the same; -1 for none
   * @param capacity how many records are kept
   */
  constructor(rowOf: (window: number) => number, capacity = HISTORY_LENGTH) {
    this.rowOf = rowOf
    this.fullLength = capacity * WIDTH
    this.ring = new Int32Array(Math.min(FIRST_RECORDS, capacity) * WIDTH)
  }

  /** A new list begins: what is known is of the one before. */
  clear(): void {
    this.isFull = false
    this.next = this.end = this.uncounted = 0
    for (const tally of this.tallies) tally.fill(0)
    this.refusals.clear()
  }

  /** A bitmap was given back unmodified, and another was built in its place. Both are told by their rows. */
  takenOver(oldest: number, row: number, step: number): void {
    if (this.next === this.end) this.turn()
    const { next, ring } = this
    ring[next] = row
    ring[next + 1] = oldest
    ring[next + 2] = step
    this.next = next + WIDTH
  }

  built(window: number, step: number): void {
    this.takenOver(~BUILT, this.rowOf(window), step)
  }

  destroyed(window: number, step: number, outcome: 'fragments' | 'unmodified' | 'kept'): void {
    const kind = outcome === 'unmodified' ? UNMODIFIED : outcome === 'fragments' ? FRAGMENTS : KEPT
    this.takenOver(~kind, this.rowOf(window), step)
  }

  refused(window: number, step: number, times: number): void {
    this.refusals.set(window, (this.refusals.get(window) ?? 0) + times)
    const { ring } = this
    const last = this.next - WIDTH
    // In v4 each cluster of a check is refused for itself.
    if (last >= 0 && refusedAt(ring, last) === window && ring[last + 2] === step) {
      ring[last + 3]! += times
      return
    }
    const high = Math.floor(window / LOW_BITS)
    this.takenOver(~(REFUSED + high * KINDS), window % LOW_BITS, step)
    this.ring[this.next - 1] = times
  }

  /** How often each happened to a window since the list was made. */
  counts(window: number): HistoryCounts {
    this.count()
    const row = this.rowOf(window)
    const of = (kind: number) => this.tallies[kind]![row] ?? 0
    return {
      built: of(BUILT),
      fragments: of(FRAGMENTS),
      unmodified: of(UNMODIFIED),
      kept: of(KEPT),
      refused: this.refusals.get(window) ?? 0,
    }
  }

  /** What is kept of a window. @returns how often it is in all, and the newest `most` records, newest first */
  records(window: number, most: number): { kept: number; newest: HistoryRecord[] } {
    const { ring } = this
    const newest: HistoryRecord[] = []
    let kept = 0
    const row = this.rowOf(window)
    const add = (at: number) => {
      const kind = kindAt(ring, at, window, row)
      if (kind < 0) return
      const times = kind === REFUSED ? ring[at + 3]! : 1
      kept += times
      if (newest.length < most) newest.push({ step: ring[at + 2]!, kind: HISTORY_KINDS[kind]!, times })
    }
    for (let at = this.next - WIDTH; at >= 0; at -= WIDTH) add(at)
    if (this.isFull) for (let at = ring.length - WIDTH; at >= this.next; at -= WIDTH) add(at)
    return { kept, newest }
  }

  /** Sees to it that there is room for records. */
  private turn(): void {
    this.count()
    if (this.next === this.ring.length) {
      if (this.ring.length < this.fullLength)
        this.ring = grown(this.ring, Math.min(this.fullLength, 4 * this.ring.length))
      else {
        this.next = this.uncounted = 0
        this.isFull = true
      }
    }
    this.end = Math.min(this.ring.length, this.next + COUNT_AT_ONCE * WIDTH)
  }

  /** Counts what was written since it was last called; refusals are counted already. */
  private count(): void {
    const { ring, next } = this
    let built = this.tallies[BUILT]!
    let unmodified = this.tallies[UNMODIFIED]!
    for (let at = this.uncounted; at < next; at += WIDTH) {
      const row = ring[at]!
      const other = ring[at + 1]!
      const kind = other >= 0 ? BUILT : ~other % KINDS
      if (kind === REFUSED) continue
      if (row >= built.length) {
        this.growTallies(row)
        built = this.tallies[BUILT]!
        unmodified = this.tallies[UNMODIFIED]!
      }
      if (other >= 0) {
        built[row]!++
        unmodified[other]!++
      } else this.tallies[kind]![row]!++
    }
    this.uncounted = next
  }

  private growTallies(row: number): void {
    let { length } = this.tallies[BUILT]!
    while (row >= length) length *= 2
    this.tallies = this.tallies.map(tally => grown(tally, length))
  }
}

/** @returns the window whose refusal a record is; -1 if it is none */
function refusedAt(ring: Int32Array, at: number): number {
  const code = ~ring[at + 1]!
  return code >= 0 && code % KINDS === REFUSED ? Math.floor(code / KINDS) * LOW_BITS + ring[at]! : -1
}

/** @returns what a record says of a window; -1 for nothing */
function kindAt(ring: Int32Array, at: number, window: number, row: number): number {
  const other = ring[at + 1]!
  if (other >= 0) return ring[at] === row ? BUILT : other === row ? UNMODIFIED : -1
  const kind = ~other % KINDS
  if (kind === REFUSED) return refusedAt(ring, at) === window ? REFUSED : -1
  return ring[at] === row ? kind : -1
}
