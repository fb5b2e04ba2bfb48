import type { ClusterIndex } from '../lib/units.ts'

/**
 * Which host clusters have refcount 0: a short ascending list of stretches, the last without end. (Used space
 * of an image that grows is one piece with a few holes.)
 */
export class FreeSpace {
  readonly #starts: number[] = [0]
  readonly #ends: number[] = [Number.POSITIVE_INFINITY]

  /** The first place, not before `from`, where `count` consecutive clusters are free. */
  firstFit(from: ClusterIndex, count: number): ClusterIndex {
    for (let index = this.#firstEndingAfter(from); ; index++) {
      const start = Math.max(from, this.#starts[index] ?? 0)
      if ((this.#ends[index] ?? 0) - start >= count) return start
    }
  }

  /** How many clusters are free from here on without a gap; 0 where this one is used. */
  lengthAt(cluster: ClusterIndex): number {
    const index = this.#firstEndingAfter(cluster)
    return (this.#starts[index] ?? 0) > cluster ? 0 : (this.#ends[index] ?? 0) - cluster
  }

  /** The cluster after the last used one. */
  get end(): ClusterIndex {
    return this.#starts[this.#starts.length - 1] ?? 0
  }

  /** Uses clusters, all of them free. */
  take(start: ClusterIndex, count: number): void {
    const index = this.#firstEndingAfter(start)
    const freeStart = this.#starts[index] ?? 0
    const freeEnd = this.#ends[index] ?? 0
    const end = start + count
    if (start < freeStart || end > freeEnd)
      throw new Error(`clusters ${start} to ${end - 1} are not all free`)
    if (start === freeStart && end < freeEnd) {
      // The usual case, and the one that must be fast: a piece off the beginning moves nothing.
      this.#starts[index] = end
      return
    }
    const rest: [number, number][] = []
    if (freeStart < start) rest.push([freeStart, start])
    if (end < freeEnd) rest.push([end, freeEnd])
    this.#replace(index, 1, rest)
  }

  /** Gives used clusters back. */
  give(start: ClusterIndex, count: number): void {
    let end = start + count
    let index = this.#firstEndingAfter(start)
    let from = start
    let replaced = 0
    if ((this.#ends[index - 1] ?? -1) === start) {
      index--
      from = this.#starts[index] ?? 0
      replaced++
    }
    if ((this.#starts[index + replaced] ?? -1) === end) {
      end = this.#ends[index + replaced] ?? 0
      replaced++
    }
    this.#replace(index, replaced, [[from, end]])
  }

  #replace(index: number, count: number, stretches: [number, number][]): void {
    this.#starts.splice(index, count, ...stretches.map(([start]) => start))
    this.#ends.splice(index, count, ...stretches.map(([, end]) => end))
  }

  #firstEndingAfter(cluster: ClusterIndex): number {
    let low = 0
    let high = this.#ends.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#ends[middle] ?? 0) > cluster) high = middle
      else low = middle + 1
    }
    return low
  }
}
