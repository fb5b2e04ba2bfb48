import { grown } from '../lib/grow.ts'
import type { ClusterIndex } from '../lib/units.ts'
import type { RefcountRuns } from './owner-map.ts'

/** Puts runs of stored refcounts together, merging neighbours of the same bucket. */
export class RefcountRunList {
  #count = 0
  #end: ClusterIndex
  #start = new Float64Array(256)
  #bucket = new Uint8Array(256)

  /** @param start where the first run begins */
  constructor(start: ClusterIndex = 0) {
    this.#end = start
  }

  /** Adds the run that goes on where the last one ended. @param bucket a RefcountBucket */
  add(length: number, bucket: number): void {
    if (length === 0) return
    if (this.#count === 0 || this.#bucket[this.#count - 1] !== bucket) {
      if (this.#count === this.#bucket.length) {
        this.#start = grown(this.#start, 2 * this.#count)
        this.#bucket = grown(this.#bucket, 2 * this.#count)
      }
      this.#start[this.#count] = this.#end
      this.#bucket[this.#count] = bucket
      this.#count++
    }
    this.#end += length
  }

  get count(): number {
    return this.#count
  }

  /** Goes over the runs in order. */
  each(see: (start: ClusterIndex, end: ClusterIndex, bucket: number) => void): void {
    for (let run = 0; run < this.#count; run++) {
      const end = run + 1 < this.#count ? this.#start[run + 1]! : this.#end
      see(this.#start[run]!, end, this.#bucket[run]!)
    }
  }

  /** @returns runs in arrays of just their length, made to be kept */
  finished(): RefcountRuns {
    return {
      count: this.#count,
      start: this.#start.slice(0, this.#count),
      bucket: this.#bucket.slice(0, this.#count),
    }
  }
}
