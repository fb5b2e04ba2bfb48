import { lastAtMost } from '../lib/last-at-most.ts'

/** Runs one after another, as far as a search needs them. */
export interface SortedRuns {
  readonly count: number
  readonly start: Float64Array
}

/** Index of the run that holds the cluster; the last run for clusters past the end, 0 for no runs. */
export const runIndexAt = ({ start, count }: SortedRuns, cluster: number): number =>
  lastAtMost(start, count, cluster)

/** The first cluster after a run. */
export const runEndAt = (runs: SortedRuns & { readonly end: number }, run: number): number =>
  run + 1 < runs.count ? runs.start[run + 1]! : runs.end
