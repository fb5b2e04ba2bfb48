/** What is wrong with the clusters of a structure, in words. */
import { type OwnerRuns, RunFlag } from '../qcow2/owner-map.ts'
import { runAt } from '../qcow2/splice-runs.ts'
import { counted } from './structure-tree/names.ts'

/** Clusters that follow one another. */
export interface ClusterRange {
  readonly start: number
  readonly count: number
}

/**
 * @param offset where the structure is, in bytes, of a file of `fileSize`
 * @param clusters undefined for what is no place in the file
 */
export function problemsOf(
  runs: OwnerRuns,
  fileSize: bigint,
  offset: bigint,
  clusters: ClusterRange | undefined,
): readonly string[] {
  const problems: string[] = []
  if (offset >= fileSize) problems.push('past the end of the file')
  if (!clusters) return problems
  const { start, count } = clusters
  for (const [flag, words] of FLAG_WORDS) {
    const found = countFlagged(runs, start, start + count, flag)
    if (found > 0) problems.push(count === 1 ? words : `${counted(found, 'cluster')} ${words}`)
  }
  return problems
}

const FLAG_WORDS = [
  [RunFlag.claimedTwice, 'claimed twice'],
  [RunFlag.refcountWrong, 'with a wrong refcount'],
] as const

/** Clusters of [from, to) whose run has the flag. */
function countFlagged(runs: OwnerRuns, from: number, to: number, flag: number): number {
  const { start, flags, count, end } = runs
  let found = 0
  for (let run = runAt(runs, from); run < count && start[run]! < to; run++) {
    const runEnd = run + 1 < count ? start[run + 1]! : end
    if (flags[run]! & flag) found += Math.max(0, Math.min(runEnd, to) - Math.max(start[run]!, from))
  }
  return found
}
