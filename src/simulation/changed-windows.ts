/** In which windows two owner maps of an image differ. */
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import type { Range } from '../lib/ranges.ts'
import type { OwnerRuns, RefcountRuns } from '../qcow2/owner-map.ts'

/** What a window's cells come from, apart from the engine. */
export interface Mapped {
  readonly runs: OwnerRuns
  readonly refcounts: RefcountRuns
}

/** @returns windows with a cluster whose owner, flags or stored refcount differ, ascending */
export function changedWindows(before: Mapped, after: Mapped): number[] {
  const windows = [
    ...differingWindows(before.runs, after.runs),
    ...differingWindows(asRuns(before), asRuns(after)),
  ]
  return [...new Set(windows)].sort((a, b) => a - b)
}

/** @returns windows that have a cluster of these ranges, ascending */
export function windowsWithin(ranges: readonly Range[]): number[] {
  const windows: number[] = []
  for (const { start, end } of ranges) addWindows(windows, start, end)
  return windows
}

const asRuns = ({ runs, refcounts: { count, start, bucket } }: Mapped): OwnerRuns => ({
  count,
  start,
  owner: bucket,
  flags: NO_FLAGS,
  end: count === 0 ? 0 : runs.end,
})

/** Read past its end, it says the same of everything. */
const NO_FLAGS = new Uint8Array(0)

function differingWindows(before: OwnerRuns, after: OwnerRuns): number[] {
  const changed: number[] = []
  const end = Math.max(before.end, after.end)
  let at = 0
  let i = 0
  let j = 0
  while (at < end) {
    const untilBefore = endOf(before, i)
    const untilAfter = endOf(after, j)
    const until = Math.min(untilBefore, untilAfter, end)
    if (at >= before.end || at >= after.end || !sameRun(before, i, after, j)) addWindows(changed, at, until)
    if (untilBefore === until) i++
    if (untilAfter === until) j++
    at = until
  }
  return changed
}

/** Adds the windows of [start, end) that are not there yet; ranges come in order. */
function addWindows(windows: number[], start: number, end: number): void {
  const last = Math.floor((end - 1) / WINDOW_CLUSTERS)
  const next = (windows.at(-1) ?? -1) + 1
  for (let window = Math.max(next, Math.floor(start / WINDOW_CLUSTERS)); window <= last; window++)
    windows.push(window)
}

const endOf = ({ start, count, end }: OwnerRuns, run: number): number => {
  if (run >= count) return Infinity
  return run + 1 < count ? start[run + 1]! : end
}

const sameRun = (a: OwnerRuns, i: number, b: OwnerRuns, j: number): boolean =>
  a.owner[i] === b.owner[j] && a.flags[i] === b.flags[j]
