import { lastAtMost } from '../lib/last-at-most.ts'
import type { ClusterIndex } from '../lib/units.ts'
import type { OwnerRuns, RefcountRuns } from './owner-map.ts'

/** What stands in a range from now on. */
export interface RunPatch {
  readonly start: ClusterIndex
  readonly end: ClusterIndex
  /** Runs of the whole range; undefined where the file now ends before it. */
  readonly runs: PatchRuns | undefined
}

/** As RunList and RefcountRunList have them. */
interface PatchRuns {
  readonly count: number
  each(see: (start: ClusterIndex, end: ClusterIndex, value: number, flags?: number) => void): void
}

/**
 * Runs with some ranges replaced, neighbours that say the same merged. Takes a copy of the arrays, and a step for each
 * run that is replaced.
 * @param patches ascending, not touching each other; only the last may be without runs, or go on behind the old end
 */
export function spliceRuns(old: OwnerRuns, patches: readonly RunPatch[]): OwnerRuns {
  const most = patches.reduce((sum, { runs }) => sum + (runs?.count ?? 0) + 1, old.count)
  const into = new Spliced(most)
  let at = 0
  for (const { start, end, runs } of patches) {
    into.copy(old, at, start)
    runs?.each((first, _, value, flags = 0) => into.run(first, value, flags))
    at = end
  }
  into.copy(old, at, old.end)
  const last = patches.at(-1)
  const end = !last ? old.end : last.runs ? Math.max(last.end, old.end) : last.start
  return into.finished(end)
}

/** The same for stored refcounts. @param end where the old ones end */
export function spliceRefcounts(
  { count, start, bucket }: RefcountRuns,
  end: ClusterIndex,
  patches: readonly RunPatch[],
): RefcountRuns {
  const flags = new Uint8Array(count)
  const spliced = spliceRuns({ count, start, owner: bucket, flags, end }, patches)
  return { count: spliced.count, start: spliced.start, bucket: spliced.owner }
}

class Spliced {
  #count = 0
  readonly #start: Float64Array
  readonly #owner: Uint8Array
  readonly #flags: Uint8Array

  constructor(most: number) {
    this.#start = new Float64Array(most)
    this.#owner = new Uint8Array(most)
    this.#flags = new Uint8Array(most)
  }

  /** A run from this cluster on, unless it goes on with what the last one says. */
  run(start: ClusterIndex, owner: number, flags: number): void {
    const at = this.#count
    if (at > 0 && this.#owner[at - 1] === owner && this.#flags[at - 1] === flags) return
    this.#start[at] = start
    this.#owner[at] = owner
    this.#flags[at] = flags
    this.#count = at + 1
  }

  /** What the old runs say of a range. */
  copy(old: OwnerRuns, start: ClusterIndex, end: ClusterIndex): void {
    if (start >= end || start >= old.end) return
    const first = runAt(old, start)
    this.run(start, old.owner[first]!, old.flags[first]!)
    const stop = end >= old.end ? old.count : runAt(old, end - 1) + 1
    // The first of them differs from its neighbour before already.
    const from = first + 1
    if (from >= stop) return
    this.#start.set(old.start.subarray(from, stop), this.#count)
    this.#owner.set(old.owner.subarray(from, stop), this.#count)
    this.#flags.set(old.flags.subarray(from, stop), this.#count)
    this.#count += stop - from
  }

  finished(end: ClusterIndex): OwnerRuns {
    return {
      count: this.#count,
      start: this.#start.subarray(0, this.#count),
      owner: this.#owner.subarray(0, this.#count),
      flags: this.#flags.subarray(0, this.#count),
      end,
    }
  }
}

/** @returns the run that holds a cluster; the last one for what lies behind the end, 0 for no runs */
export const runAt = ({ start, count }: Pick<OwnerRuns, 'start' | 'count'>, cluster: ClusterIndex): number =>
  lastAtMost(start, count, cluster)
