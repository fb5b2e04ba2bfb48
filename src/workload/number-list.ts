import { grown } from '../lib/grow.ts'

/** A list of numbers that grows, without the cost of an object for each. */
export class NumberList {
  #values = new Float64Array(64)
  length = 0

  push(value: number): void {
    if (this.length === this.#values.length) this.#values = grown(this.#values, this.length * 2)
    this.#values[this.length++] = value
  }

  /** @returns 0 past the end */
  at(index: number): number {
    return index < this.length ? (this.#values[index] ?? 0) : 0
  }

  /** Sets an element; what lies between the old end and it becomes 0. */
  set(index: number, value: number): void {
    while (this.length <= index) this.push(0)
    this.#values[index] = value
  }

  /** Index of the last element that is not greater than `value`, in an ascending list; -1 for none. */
  lastNotAbove(value: number): number {
    return lastNotAbove(this.#values, this.length, value)
  }
}

/** Index of the last of the first `length` ascending elements that is not greater than `value`; -1 for none. */
export function lastNotAbove(ascending: Float64Array, length: number, value: number): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ascending[middle] ?? 0) <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}
