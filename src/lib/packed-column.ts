/** So many values are packed alike. */
const BLOCK_BITS = 8
const BLOCK = 1 << BLOCK_BITS

/** Of values that need more than a word: two words. */
const WIDE = 64

/**
 * Whole numbers that are not changed any more, in about as many bits as they differ by. Any of them is read
 * at once, without its neighbours.
 *
 * A block of 256 is a line, `base + step * k` for its k-th value, and how far the values lie above that line, in
 * as many bits as the farthest needs:
 *
 *     values    1000 1001 1002 1004 1005     7 7 7 7 7     300 12 44 0 511
 *     base         1000                        7              0
 *     step            1                        0              0
 *     width           1 bit                    0              9 bits
 *     words        0 0 0 1 1                   -              300 12 44 0 511
 *
 * Only a block that ascends has a step: clusters in a row, or tables one after the other, then take next to nothing. A
 * block costs 17 bytes besides. One with values that lie 2^32 or more above its line has two words for each.
 */
export class PackedColumn {
  readonly length: number
  readonly #base: Float64Array
  readonly #step: Uint32Array
  readonly #width: Uint8Array
  /** Where the block's words start. */
  readonly #first: Uint32Array
  readonly #words: Uint32Array

  /** @param values whole numbers, from -2^53 to 2^53, less than 2^53 apart from each other @param length how many of them */
  constructor(values: ArrayLike<number>, length: number = values.length) {
    const blocks = Math.ceil(length / BLOCK)
    this.length = length
    this.#base = new Float64Array(blocks)
    this.#step = new Uint32Array(blocks)
    this.#width = new Uint8Array(blocks)
    this.#first = new Uint32Array(blocks)
    let words = 0
    for (let block = 0; block < blocks; block++) {
      this.#layOut(block, values)
      this.#first[block] = words
      words += Math.ceil((this.#lengthOf(block) * this.#width[block]!) / 32)
    }
    this.#words = new Uint32Array(words)
    for (let block = 0; block < blocks; block++) if (this.#width[block]! > 0) this.#write(block, values)
  }

  /** @param index below `length` */
  at(index: number): number {
    const block = index >>> BLOCK_BITS
    const k = index & (BLOCK - 1)
    const line = this.#base[block]! + this.#step[block]! * k
    const width = this.#width[block]!
    if (width === 0) return line
    if (width === WIDE) {
      const word = this.#first[block]! + 2 * k
      return line + this.#words[word]! + this.#words[word + 1]! * 2 ** 32
    }
    const bit = k * width
    const word = this.#first[block]! + (bit >>> 5)
    const shift = bit & 31
    let above = this.#words[word]! >>> shift
    if (shift + width > 32) above |= this.#words[word + 1]! << (32 - shift)
    return line + ((above << (32 - width)) >>> (32 - width))
  }

  /** What it keeps in memory. */
  get byteLength(): number {
    return (
      this.#base.byteLength +
      this.#step.byteLength +
      this.#width.byteLength +
      this.#first.byteLength +
      this.#words.byteLength
    )
  }

  #lengthOf(block: number): number {
    return Math.min(BLOCK, this.length - block * BLOCK)
  }

  /** Finds the line below the values, and how wide what lies above it is. */
  #layOut(block: number, values: ArrayLike<number>): void {
    const from = block * BLOCK
    const last = from + this.#lengthOf(block) - 1
    const first = values[from]!
    let ascends = true
    for (let i = from; i < last && ascends; i++) ascends = values[i]! <= values[i + 1]!
    const rise = ascends && last > from ? Math.round((values[last]! - first) / (last - from)) : 0
    const step = Math.min(rise, 0xffffffff)
    let lowest = 0
    let highest = 0
    for (let i = from, line = first; i <= last; i++, line += step) {
      const above = values[i]! - line
      if (above < lowest) lowest = above
      if (above > highest) highest = above
    }
    this.#base[block] = first + lowest
    this.#step[block] = step
    this.#width[block] = widthOf(highest - lowest)
  }

  #write(block: number, values: ArrayLike<number>): void {
    const words = this.#words
    const width = this.#width[block]!
    const step = this.#step[block]!
    const from = block * BLOCK
    const length = this.#lengthOf(block)
    let line = this.#base[block]!
    let bit = this.#first[block]! * 32
    for (let k = 0; k < length; k++, line += step, bit += width) {
      const above = values[from + k]! - line
      const word = Math.floor(bit / 32)
      if (width === WIDE) {
        words[word] = above
        words[word + 1] = Math.floor(above / 2 ** 32)
        continue
      }
      const shift = bit & 31
      words[word]! |= above << shift
      if (shift + width > 32) words[word + 1]! |= above >>> (32 - shift)
    }
  }
}

const widthOf = (value: number): number => (value >= 2 ** 32 ? WIDE : 32 - Math.clz32(value))
