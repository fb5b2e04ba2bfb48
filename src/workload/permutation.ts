/** Seeded disorder that needs no memory: a hash, and a shuffle that is computed rather than stored. */

/**
 * Mixes two 32-bit numbers into one. A multiply-and-shift hash: good enough to look random, nothing more.
 * @returns 32 bits, unsigned
 */
export function mix32(value: number, key: number): number {
  let hash = Math.imul(value ^ key, 0x9e3779b1)
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

const ROUNDS = 6

/**
 * A shuffle of 0 … length - 1: a Feistel network over the next power of two, walked until it comes back
 * into the range. So any place of a shuffle of 2^40 can be asked for at once.
 * @param length 1 to 2^42
 * @param seed 32 bits
 * @returns a function from place to value; each value comes up once
 */
export function permutation(length: number, seed: number): (place: number) => number {
  const bits = Math.max(2, Math.ceil(Math.log2(length)))
  const lowBits = bits >> 1
  const lowSize = 2 ** lowBits
  const lowMask = lowSize - 1
  const highMask = 2 ** (bits - lowBits) - 1
  const keys = Uint32Array.from({ length: ROUNDS }, (_, round) => mix32(round + 1, seed))

  return place => {
    let value = place
    do {
      let low = value % lowSize
      let high = (value - low) / lowSize
      for (let round = 0; round < ROUNDS; round += 2) {
        high ^= mix32(low, keys[round] ?? 0) & highMask
        low ^= mix32(high, keys[round + 1] ?? 0) & lowMask
      }
      value = high * lowSize + low
    } while (value >= length)
    return value
  }
}
