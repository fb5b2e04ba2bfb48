/** Runs one after another, as far as a search needs them. */
export interface SortedRuns {
  readonly count: number
  readonly start: Float64Array
}

/** Index of the run that holds the cluster; the last run for clusters past the end, 0 for no runs. */
export function runIndexAt(runs: SortedRuns, cluster: number): number {
  let low = 0
  let high = runs.count
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (runs.start[middle]! <= cluster) low = middle
    else high = middle
  }
  return low
}

/** The first cluster after a run. */
export const runEndAt = (runs: SortedRuns & { readonly end: number }, run: number): number =>
  run + 1 < runs.count ? runs.start[run + 1]! : runs.end
