import { grown } from '../lib/grow.ts'
import { Owner, type OwnerCode, OWNERS } from '../lib/owners.ts'
import type { ClusterIndex } from '../lib/units.ts'
import { type OwnerCounts, type OwnerRuns, RunFlag } from './owner-map.ts'

/** Puts runs together, merging neighbours that say the same. */
export class RunList {
  #count = 0
  #end: ClusterIndex
  #start = new Float64Array(256)
  #owner = new Uint8Array(256)
  #flags = new Uint8Array(256)
  readonly #clusters = OWNERS.map(() => 0)

  /** @param start where the first run begins */
  constructor(start: ClusterIndex = 0) {
    this.#end = start
  }

  /** Adds the run that goes on where the last one ended. */
  add(length: number, owner: OwnerCode, flags: number): void {
    if (length === 0) return
    const last = this.#count - 1
    if (!(owner === Owner.free && flags & RunFlag.pastEnd))
      this.#clusters[owner] = this.#clusters[owner]! + length
    if (last < 0 || this.#owner[last] !== owner || this.#flags[last] !== flags) {
      if (this.#count === this.#owner.length) this.#grow()
      this.#start[this.#count] = this.#end
      this.#owner[this.#count] = owner
      this.#flags[this.#count] = flags
      this.#count++
    }
    this.#end += length
  }

  get count(): number {
    return this.#count
  }

  /** Goes over the runs in order. */
  each(see: (start: ClusterIndex, end: ClusterIndex, owner: OwnerCode, flags: number) => void): void {
    for (let run = 0; run < this.#count; run++) {
      const end = run + 1 < this.#count ? this.#start[run + 1]! : this.#end
      see(this.#start[run]!, end, this.#owner[run]! as OwnerCode, this.#flags[run]!)
    }
  }

  get end(): ClusterIndex {
    return this.#end
  }

  /** Clusters by owner; free ones only as far as the file goes. */
  get clusters(): OwnerCounts {
    return this.#clusters
  }

  /** @returns runs in arrays of just their length, made to be kept */
  finished(): OwnerRuns {
    return {
      count: this.#count,
      start: this.#start.slice(0, this.#count),
      owner: this.#owner.slice(0, this.#count),
      flags: this.#flags.slice(0, this.#count),
      end: this.#end,
    }
  }

  #grow(): void {
    this.#start = grown(this.#start, 2 * this.#count)
    this.#owner = grown(this.#owner, 2 * this.#count)
    this.#flags = grown(this.#flags, 2 * this.#count)
  }
}
