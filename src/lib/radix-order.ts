import type { NumberArray } from './grow.ts'

/** Few enough buckets for the cache: what is put into each stays near where it was last put. */
const DIGIT_BITS = 12
const DIGITS = 1 << DIGIT_BITS

/**
 * The order that sorts the first `count` keys ascending, equal keys in the order they have. Sorting
 * indexes by digits instead of comparing keeps ten million keys within seconds, and serves any number of
 * parallel arrays.
 * @param keys whole numbers, 0 to 2^53 - 1
 * @returns indexes into `keys`
 */
export function radixOrder(keys: Float64Array, count: number): Uint32Array {
  let order = new Uint32Array(count)
  let sorted = true
  let largest = 0
  let previous = 0
  for (let i = 0; i < count; i++) {
    const key = keys[i]!
    order[i] = i
    if (key < previous) sorted = false
    if (key > largest) largest = key
    previous = key
  }
  if (sorted) return order

  let other = new Uint32Array(count)
  for (let divisor = 1; divisor <= largest; divisor *= DIGITS) {
    sortByDigit(keys, divisor, order, other)
    ;[order, other] = [other, order]
  }
  return order
}

/** @returns the values in an order, as many as it has; not the array itself, whatever the order is */
export function inOrder<T extends NumberArray>(values: T, order: Uint32Array): T {
  const into = new (values.constructor as new (length: number) => T)(order.length)
  for (let i = 0; i < order.length; i++) into[i] = values[order[i]!]!
  return into
}

function sortByDigit(keys: Float64Array, divisor: number, from: Uint32Array, to: Uint32Array): void {
  const next = new Uint32Array(DIGITS)
  // Dividing by a power of two is exact, and >>> takes the remainder of what exceeds 32 bits.
  const scale = 1 / divisor
  // Counting needs no order, so it reads the keys as they stand.
  for (let i = 0; i < from.length; i++) next[((keys[i]! * scale) >>> 0) & (DIGITS - 1)]!++
  let start = 0
  for (let digit = 0; digit < DIGITS; digit++) {
    const length = next[digit]!
    next[digit] = start
    start += length
  }
  for (let i = 0; i < from.length; i++) {
    const index = from[i]!
    const digit = ((keys[index]! * scale) >>> 0) & (DIGITS - 1)
    to[next[digit]!++] = index
  }
}
