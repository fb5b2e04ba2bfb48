import type { OwnerRuns } from '../qcow2/owner-map.ts'

/** Index of the run that holds the cluster; the last run for clusters past the end, 0 for no runs. */
export function runIndexAt(runs: OwnerRuns, cluster: number): number {
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
export const runEndAt = (runs: OwnerRuns, run: number): number =>
  run + 1 < runs.count ? runs.start[run + 1]! : runs.end
