/** In which windows two owner maps of an image differ. */
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import type { OwnerRuns } from '../qcow2/owner-map.ts'

/** @returns windows with a cluster whose owner or flags differ, ascending */
export function changedWindows(before: OwnerRuns, after: OwnerRuns): number[] {
  const changed: number[] = []
  const end = Math.max(before.end, after.end)
  let at = 0
  let i = 0
  let j = 0
  while (at < end) {
    const untilBefore = endOf(before, i)
    const untilAfter = endOf(after, j)
    const until = Math.min(untilBefore, untilAfter, end)
    if (at >= before.end || at >= after.end || !sameRun(before, i, after, j)) {
      const last = Math.floor((until - 1) / WINDOW_CLUSTERS)
      const next = (changed.at(-1) ?? -1) + 1
      for (let window = Math.max(next, Math.floor(at / WINDOW_CLUSTERS)); window <= last; window++)
        changed.push(window)
    }
    if (untilBefore === until) i++
    if (untilAfter === until) j++
    at = until
  }
  return changed
}

const endOf = ({ start, count, end }: OwnerRuns, run: number): number => {
  if (run >= count) return Infinity
  return run + 1 < count ? start[run + 1]! : end
}

const sameRun = (a: OwnerRuns, i: number, b: OwnerRuns, j: number): boolean =>
  a.owner[i] === b.owner[j] && a.flags[i] === b.flags[j]
