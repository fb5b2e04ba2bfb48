/**
 * What happened to each window's bitmap: built, given back, kept, refused. How often is counted for every window; what
 * happened when is kept of the last 65536 times, in a ring, whoever's they were. A cache miss writes two records, so a
 * record is two numbers put down, and counting waits until there are some thousands to be counted in one go:
 *
 *     written:  … counted already … | not yet counted |
 *               [ the ring's capacity, or less        ]
 */
import { grown } from '../lib/grow.ts'

/** How many times are kept, of all windows together. */
export const HISTORY_LENGTH = 2 ** 16

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
/** A record's key is window * KEYS + kind. */
const KEYS = 8
const FIRST_LENGTH = 64
const COUNT_AT_ONCE = 2 ** 12
/** Keys whose counts lie together, and pages that are found by index; those of hostile images further out are not. */
const PAGE_KEYS = 256 * KEYS
const NEAR_PAGES = 2 ** 16

export class WindowHistory {
  private readonly capacity: number
  private readonly countAtOnce: number
  /** Records written; the last `capacity` of them are there. */
  private written = 0
  /** Records counted, from the first on. */
  private counted = 0
  private key = new Float64Array(FIRST_LENGTH)
  private step = new Float64Array(FIRST_LENGTH)
  /** Of refusals; once, of everything else. */
  private times = new Uint32Array(FIRST_LENGTH)
  private readonly near: (Uint32Array | undefined)[] = []
  private readonly far = new Map<number, Uint32Array>()

  /** @param capacity a power of two */
  constructor(capacity = HISTORY_LENGTH) {
    this.capacity = capacity
    this.countAtOnce = Math.min(COUNT_AT_ONCE, capacity)
  }

  /** A new list begins: what is known is of the one before. */
  clear(): void {
    this.written = 0
    this.counted = 0
    this.near.length = 0
    this.far.clear()
  }

  built(window: number, step: number): void {
    this.put(window * KEYS + BUILT, step)
  }

  destroyed(window: number, step: number, outcome: 'fragments' | 'unmodified' | 'kept'): void {
    const kind = outcome === 'unmodified' ? UNMODIFIED : outcome === 'fragments' ? FRAGMENTS : KEPT
    this.put(window * KEYS + kind, step)
  }

  refused(window: number, step: number, times: number): void {
    const key = window * KEYS + REFUSED
    const last = (this.written - 1) & (this.capacity - 1)
    // In v4 each cluster of a check is refused for itself.
    if (this.written > this.counted && this.key[last] === key && this.step[last] === step)
      this.times[last]! += times
    else this.times[this.put(key, step)] = times
  }

  /** How often each happened to a window since the list was made. */
  counts(window: number): HistoryCounts {
    this.count()
    const first = window * KEYS
    const page = this.pageOf(Math.floor(first / PAGE_KEYS), false)
    const of = (kind: number) => page?.[(first % PAGE_KEYS) + kind] ?? 0
    return {
      built: of(BUILT),
      fragments: of(FRAGMENTS),
      unmodified: of(UNMODIFIED),
      kept: of(KEPT),
      refused: of(REFUSED),
    }
  }

  /** What is kept of a window. @returns how often it is in all, and the newest `most` records, newest first */
  records(window: number, most: number): { kept: number; newest: HistoryRecord[] } {
    const newest: HistoryRecord[] = []
    let kept = 0
    const oldest = Math.max(0, this.written - this.capacity)
    for (let record = this.written - 1; record >= oldest; record--) {
      const at = record & (this.capacity - 1)
      const kind = this.key[at]! - window * KEYS
      if (kind < 0 || kind >= KEYS) continue
      const times = kind === REFUSED ? this.times[at]! : 1
      kept += times
      if (newest.length < most) newest.push({ step: this.step[at]!, kind: HISTORY_KINDS[kind]!, times })
    }
    return { kept, newest }
  }

  /** @returns where the record is */
  private put(key: number, step: number): number {
    if (this.written - this.counted === this.countAtOnce) this.count()
    const at = this.written & (this.capacity - 1)
    if (at === this.key.length) this.grow()
    this.key[at] = key
    this.step[at] = step
    this.written++
    return at
  }

  /** Counts what was written since it was last called. */
  private count(): void {
    for (; this.counted < this.written; this.counted++) {
      const at = this.counted & (this.capacity - 1)
      const key = this.key[at]!
      // Remainders by hand: of numbers past 2^31 the % of the language is slow.
      const index = Math.floor(key / PAGE_KEYS)
      const inPage = key - index * PAGE_KEYS
      const page = this.pageOf(index, true)!
      page[inPage]! += (inPage & (KEYS - 1)) === REFUSED ? this.times[at]! : 1
    }
  }

  private pageOf(index: number, make: boolean): Uint32Array | undefined {
    const isNear = index < NEAR_PAGES
    const page = isNear ? this.near[index] : this.far.get(index)
    if (page || !make) return page
    const made = new Uint32Array(PAGE_KEYS)
    if (isNear) this.near[index] = made
    else this.far.set(index, made)
    return made
  }

  private grow(): void {
    const length = 2 * this.key.length
    this.key = grown(this.key, length)
    this.step = grown(this.step, length)
    this.times = grown(this.times, length)
  }
}
