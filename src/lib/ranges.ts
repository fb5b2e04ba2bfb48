/** Ranges of whole numbers, `end` not among them. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** @returns the same numbers, ascending, in ranges that do not touch each other */
export function mergedRanges(ranges: readonly Range[]): Range[] {
  const merged: Range[] = []
  for (const { start, end } of ranges.toSorted((one, other) => one.start - other.start)) {
    if (start >= end) continue
    const last = merged.at(-1)
    if (last && start <= last.end)
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, end) }
    else merged.push({ start, end })
  }
  return merged
}

/** @param ranges ascending, not overlapping @returns what of them lies in one range */
export function within(ranges: readonly Range[], { start, end }: Range): Range[] {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ranges[middle]!.end > start) high = middle
    else low = middle + 1
  }
  const found: Range[] = []
  for (let at = low; at < ranges.length && ranges[at]!.start < end; at++)
    found.push({ start: Math.max(start, ranges[at]!.start), end: Math.min(end, ranges[at]!.end) })
  return found
}

/** Whether ranges, ascending and not overlapping, have a number in common with one. */
export const touches = (ranges: readonly Range[], range: Range): boolean => within(ranges, range).length > 0
