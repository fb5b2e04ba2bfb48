/** Runs one after another, as far as a search needs them. */
export interface SortedRuns {
  readonly count: number
  readonly start: Float64Array
}

/** The first cluster after a run. */
export const runEndAt = (runs: SortedRuns & { readonly end: number }, run: number): number =>
  run + 1 < runs.count ? runs.start[run + 1]! : runs.end
