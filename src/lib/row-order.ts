import type { NumberArray } from './grow.ts'
import { inOrder, radixOrder } from './radix-order.ts'

/** So many rows make a part, if keys are evenly spread: few enough to stay in the processor's cache. */
const PART_ROWS = 4096
const MOST_PARTS = 4096

/**
 * The order that sorts millions of rows by their keys, equal ones as they are, for moving their columns one at a time.
 * Each value goes to its part of the keys' range first, and to its place within the part then, so that memory is gone
 * through in order or within the cache; picking values from all over the memory takes three times as long.
 *
 *     keys            9  2  7  1  3  8
 *     parts           2  1  3 | 9  7  8       keys below 4, and up to 9
 *     sorted          1  2  3 | 7  8  9
 */
export class RowOrder {
  /** Where each row goes when rows are parted. */
  readonly #place: Uint32Array
  /** Where each part starts; one element more than there are parts. */
  readonly #starts: Uint32Array
  /** Of each part, where in it the rows are that come first, second and so on. */
  readonly #within: readonly Uint32Array[]

  /** @param keys whole numbers, 0 to 2^53 - 1, at least `count` of them */
  constructor(keys: Float64Array, count: number) {
    let largest = 0
    for (let i = 0; i < count; i++) if (keys[i]! > largest) largest = keys[i]!
    const most = Math.max(1, Math.min(MOST_PARTS, Math.ceil(count / PART_ROWS)))
    let width = 1
    while (largest >= width * most) width *= 2
    // Exact, for it is a power of two; and there are few enough parts for 32 bits.
    const scale = 1 / width
    const parts = ((largest * scale) | 0) + 1
    const starts = new Uint32Array(parts + 1)
    for (let i = 0; i < count; i++) starts[((keys[i]! * scale) | 0) + 1]!++
    for (let part = 0; part < parts; part++) starts[part + 1]! += starts[part]!
    const place = new Uint32Array(count)
    const next = starts.slice()
    for (let i = 0; i < count; i++) place[i] = next[(keys[i]! * scale) | 0]!++
    this.#place = place
    this.#starts = starts
    const parted = this.#parted(keys)
    this.#within = Array.from({ length: parts }, (_, part) => {
      const offsets = parted.subarray(starts[part], starts[part + 1])
      for (let i = 0; i < offsets.length; i++) offsets[i]! -= part * width
      return radixOrder(offsets, offsets.length)
    })
  }

  /** @returns a column's values in this order, as many as there are rows */
  applied<T extends NumberArray>(column: T): T {
    const values = this.#parted(column)
    for (const [part, within] of this.#within.entries()) {
      const start = this.#starts[part]!
      values.set(inOrder(values.subarray(start, start + within.length), within), start)
    }
    return values
  }

  #parted<T extends NumberArray>(column: T): T {
    const place = this.#place
    const into = new (column.constructor as new (length: number) => T)(place.length)
    for (let i = 0; i < place.length; i++) into[place[i]!] = column[i]!
    return into
  }
}
