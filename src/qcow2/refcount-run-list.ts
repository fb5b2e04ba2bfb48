import { grown } from '../lib/grow.ts'
import type { RefcountRuns } from './owner-map.ts'

/** Puts runs of stored refcounts together, merging neighbours of the same bucket. */
export class RefcountRunList {
  #count = 0
  #end = 0
  #start = new Float64Array(256)
  #bucket = new Uint8Array(256)

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

  /** @returns runs in arrays of just their length, made to be kept */
  finished(): RefcountRuns {
    return {
      count: this.#count,
      start: this.#start.slice(0, this.#count),
      bucket: this.#bucket.slice(0, this.#count),
    }
  }
}
