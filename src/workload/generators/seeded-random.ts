import { mix32 } from '../permutation.ts'

/** Numbers that look random and are the same for the same seed, on every machine. */
export class SeededRandom {
  private readonly key: number
  private drawn = 0

  /** @param seed 32 bits */
  constructor(seed: number) {
    // Mixed first: seeds that differ in low bits would else only swap each other's numbers.
    this.key = mix32(seed, 0x6a09e667)
  }

  /** @param bound 1 to 2^53; @returns a whole number from 0 to bound - 1 */
  below(bound: number): number {
    const high = this.next()
    return Math.floor(((high * 2 ** 21 + (this.next() >>> 11)) / 2 ** 53) * bound)
  }

  private next(): number {
    return mix32(this.drawn++, this.key)
  }
}
