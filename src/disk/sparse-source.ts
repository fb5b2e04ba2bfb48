import type { Bytes } from '../lib/units.ts'
import type { ByteSource } from './byte-source.ts'
import type { SyncSource } from './sync-source.ts'

/** A stretch of bytes that are not all zero. */
export interface Extent {
  readonly offset: Bytes
  readonly bytes: Uint8Array
}

/** A few extents over zeros: a terabyte that costs what is written in it. */
export class SparseSource implements ByteSource, SyncSource {
  readonly size: Bytes
  /** By offset, without overlaps. */
  readonly #extents: readonly Extent[]

  /**
   * @param size in bytes; extents must end before it
   * @throws RangeError if extents overlap or reach past the end: a defect of the caller
   */
  constructor(size: Bytes, extents: Iterable<Extent>) {
    this.size = size
    this.#extents = Array.from(extents)
      .filter(({ bytes }) => bytes.length > 0)
      .sort((a, b) => a.offset - b.offset)
    let end = 0
    for (const { offset, bytes } of this.#extents) {
      if (offset < end) throw new RangeError(`Extents overlap at ${offset}.`)
      end = offset + bytes.length
    }
    if (end > size) throw new RangeError(`An extent ends at ${end}, past the size ${size}.`)
  }

  async read(offset: Bytes, length: Bytes): Promise<Uint8Array> {
    return this.readSync(offset, length)
  }

  readSync(offset: Bytes, length: Bytes): Uint8Array {
    const end = offset + length
    let index = this.#firstEndingAfter(offset)
    const first = this.#extents[index]
    if (first && first.offset <= offset && end <= first.offset + first.bytes.length)
      return first.bytes.subarray(offset - first.offset, end - first.offset)
    const result = new Uint8Array(length)
    for (;;) {
      const extent = this.#extents[index++]
      if (!extent || extent.offset >= end) return result
      const from = Math.max(offset, extent.offset)
      const to = Math.min(end, extent.offset + extent.bytes.length)
      result.set(extent.bytes.subarray(from - extent.offset, to - extent.offset), from - offset)
    }
  }

  #firstEndingAfter(offset: Bytes): number {
    let low = 0
    let high = this.#extents.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const extent = this.#extents[middle]
      if (extent && extent.offset + extent.bytes.length <= offset) low = middle + 1
      else high = middle
    }
    return low
  }
}
