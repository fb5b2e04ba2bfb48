import { formatCount } from '../lib/sizes.ts'
import { UserError } from '../lib/user-error.ts'
import { grown } from '../lib/grow.ts'
import type { Geometry } from './geometry.ts'
import { mix32, permutation } from './permutation.ts'
import type { Fill } from './recipe.ts'

/**
 * In which order the guest writes its clusters. A write has a time, 0 to count - 1, and goes to one guest
 * cluster; no cluster is written twice.
 */
export interface WriteOrder {
  readonly count: number
  /** Distance in guest clusters of the writes of one stretch. */
  readonly step: number
  /** The writes of times `from` to `to` (not included) in order, in stretches that stay within one L2 table. */
  stretches(from: number, to: number, visit: (guest: number, time: number, count: number) => void): void
  /**
   * The writes to one L2 table before time `end`, in order, in stretches: entry `index` at `time`,
   * index + step at time + 1, …
   */
  writesTo(table: number, end: number, visit: (index: number, time: number, count: number) => void): void
  /** When a guest cluster is written; -1 for never. */
  timeOf(guest: number): number
}

/** What scattered writes may cost: eight bytes each. */
const MAX_SCATTERED = 2 ** 24

/**
 * @returns how many guest clusters a fill writes
 * @throws UserError when a scattered fill has too many writes
 */
export function writeCount(fill: Fill, { guestClusters }: Geometry): number {
  switch (fill.pattern) {
    case 'empty':
      return 0
    case 'every-nth':
      return Math.ceil(guestClusters / fill.n)
    case 'sequential':
      return Math.round(fill.share * guestClusters)
    case 'random':
    case 'hot-spots': {
      const count = Math.round(fill.share * guestClusters)
      if (count <= MAX_SCATTERED) return count
      throw new UserError(`${formatCount(count)} scattered writes are too many`, {
        advice: `Random and hot-spots fill at most ${formatCount(MAX_SCATTERED)} clusters: at most a share of ${(MAX_SCATTERED / guestClusters).toPrecision(3)} here. Sequential and every-nth have no such limit.`,
      })
    }
  }
}

/**
 * @param seed 32 bits
 * @throws UserError when a scattered fill has too many writes
 */
export function writeOrderOf(fill: Fill, geometry: Geometry, seed: number): WriteOrder {
  const { guestClusters } = geometry
  const count = writeCount(fill, geometry)
  switch (fill.pattern) {
    case 'empty':
    case 'sequential':
      return new RegularOrder(count, 1, geometry)
    case 'every-nth':
      return new RegularOrder(count, fill.n, geometry)
    case 'random':
      return new ScatteredOrder(count, permutation(guestClusters, seed), geometry)
    case 'hot-spots':
      return new ScatteredOrder(count, hotSpots(fill.spots, count, guestClusters, seed), geometry)
  }
}

/**
 * The disk is cut into as many zones as there are spots, and each zone has a hot place, up to twice as wide as
 * what is written there; the spots take turns.
 * @returns the guest cluster of each write
 */
function hotSpots(
  wanted: number,
  count: number,
  guestClusters: number,
  seed: number,
): (time: number) => number {
  const spots = Math.max(1, Math.min(wanted, count))
  // The first spots have a write more where it does not come out even; so their zones are the wider ones.
  const zone = Math.floor(guestClusters / spots)
  const wider = guestClusters % spots
  const places = Array.from({ length: spots }, (_, spot) => {
    const length = spot < wider ? zone + 1 : zone
    const width = Math.min(length, 2 * Math.ceil(count / spots))
    const offset = Math.floor((mix32(spot, seed) / 2 ** 32) * (length - width + 1))
    return {
      start: spot * zone + Math.min(spot, wider) + offset,
      inside: permutation(width, mix32(seed, spot)),
    }
  })
  return time => {
    const place = places[time % spots]
    return place ? place.start + place.inside(Math.floor(time / spots)) : 0
  }
}

/** Guest clusters 0, step, 2 step, … */
class RegularOrder implements WriteOrder {
  readonly count: number
  readonly step: number
  readonly #l2Entries: number

  constructor(count: number, step: number, geometry: Geometry) {
    this.count = count
    this.step = step
    this.#l2Entries = geometry.l2Entries
  }

  stretches(from: number, to: number, visit: (guest: number, time: number, count: number) => void): void {
    for (let time = from; time < to; ) {
      const guest = time * this.step
      const table = Math.floor(guest / this.#l2Entries)
      const end = Math.min(to, this.#firstTime(table + 1))
      visit(guest, time, end - time)
      time = end
    }
  }

  writesTo(table: number, end: number, visit: (index: number, time: number, count: number) => void): void {
    const time = this.#firstTime(table)
    const count = Math.min(end, this.#firstTime(table + 1)) - time
    if (count > 0) visit(time * this.step - table * this.#l2Entries, time, count)
  }

  timeOf(guest: number): number {
    const time = guest / this.step
    return Number.isInteger(time) && time < this.count ? time : -1
  }

  /** Of the first write to a table or any after it. */
  #firstTime(table: number): number {
    return Math.min(this.count, Math.ceil((table * this.#l2Entries) / this.step))
  }
}

/** Any order: the times of each L2 table's writes are gathered by a counting sort. */
class ScatteredOrder implements WriteOrder {
  readonly count: number
  readonly step = 1
  readonly #guestAt: (time: number) => number
  readonly #l2Entries: number
  /** Where each table's writes start in the two arrays below. */
  readonly #starts: Uint32Array
  readonly #index: Uint32Array
  readonly #time: Uint32Array
  /** timeOf is asked for one guest cluster after another: the times of the last table, -1 for never. */
  #cachedTable = -1
  readonly #cachedTimes: Int32Array

  constructor(count: number, guestAt: (time: number) => number, geometry: Geometry) {
    const { l1Entries, l2Entries } = geometry
    this.count = count
    this.#guestAt = guestAt
    this.#l2Entries = l2Entries
    const next = new Uint32Array(l1Entries + 1)
    for (let time = 0; time < count; time++) {
      const table = Math.floor(guestAt(time) / l2Entries)
      next[table + 1] = (next[table + 1] ?? 0) + 1
    }
    for (let table = 1; table <= l1Entries; table++) next[table] = (next[table] ?? 0) + (next[table - 1] ?? 0)
    this.#starts = grown(next, l1Entries + 1)
    this.#index = new Uint32Array(count)
    this.#time = new Uint32Array(count)
    for (let time = 0; time < count; time++) {
      const guest = guestAt(time)
      const table = Math.floor(guest / l2Entries)
      const place = next[table] ?? 0
      next[table] = place + 1
      this.#index[place] = guest - table * l2Entries
      this.#time[place] = time
    }
    this.#cachedTimes = new Int32Array(l2Entries)
  }

  stretches(from: number, to: number, visit: (guest: number, time: number, count: number) => void): void {
    for (let time = from; time < to; time++) visit(this.#guestAt(time), time, 1)
  }

  writesTo(table: number, end: number, visit: (index: number, time: number, count: number) => void): void {
    const stop = this.#starts[table + 1] ?? 0
    for (let place = this.#starts[table] ?? 0; place < stop; place++) {
      const time = this.#time[place] ?? 0
      if (time >= end) return
      visit(this.#index[place] ?? 0, time, 1)
    }
  }

  timeOf(guest: number): number {
    const table = Math.floor(guest / this.#l2Entries)
    if (table !== this.#cachedTable) {
      this.#cachedTimes.fill(-1)
      this.writesTo(table, this.count, (index, time) => {
        this.#cachedTimes[index] = time
      })
      this.#cachedTable = table
    }
    return this.#cachedTimes[guest - table * this.#l2Entries] ?? -1
  }
}
