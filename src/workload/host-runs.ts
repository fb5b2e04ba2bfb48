import type { ClusterIndex } from '../lib/units.ts'
import { NumberList } from './number-list.ts'

/**
 * Which host cluster each of a row of things has got, as runs in which both count up by one. The things are
 * numbers, entered in ascending order; there may be gaps between them.
 */
export class HostRuns {
  readonly #first = new NumberList()
  readonly #host = new NumberList()
  readonly #length = new NumberList()
  /** Where the last search ended: the next is mostly for what comes behind. */
  #hint = 0

  append(first: number, host: ClusterIndex, count: number): void {
    const last = this.#first.length - 1
    const length = this.#length.at(last)
    if (last >= 0 && this.#first.at(last) + length === first && this.#host.at(last) + length === host) {
      this.#length.set(last, length + count)
      return
    }
    this.#first.push(first)
    this.#host.push(host)
    this.#length.push(count)
  }

  /** Those of the things from `first` on that have a host cluster, `count` things long, in order. */
  visit(
    first: number,
    count: number,
    visit: (first: number, host: ClusterIndex, count: number) => void,
  ): void {
    const end = first + count
    for (let run = this.#runEndingAfter(first); run < this.#first.length; run++) {
      const runFirst = this.#first.at(run)
      if (runFirst >= end) return
      this.#hint = run
      const from = Math.max(first, runFirst)
      const to = Math.min(end, runFirst + this.#length.at(run))
      visit(from, this.#host.at(run) + (from - runFirst), to - from)
    }
  }

  #runEndingAfter(thing: number): number {
    for (let run = this.#hint; run < this.#hint + 2; run++)
      if (this.#first.at(run) <= thing && thing < this.#first.at(run) + this.#length.at(run)) return run
    const run = this.#first.lastNotAbove(thing)
    if (run < 0) return 0
    return thing < this.#first.at(run) + this.#length.at(run) ? run : run + 1
  }
}
