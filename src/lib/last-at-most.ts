/**
 * Where a number lies among others.
 * @param sorted ascending
 * @param count how many of them there are, from the first on
 * @returns the index of the last that is not larger than `value`; 0 where there is none
 */
export function lastAtMost(
  sorted: { readonly [index: number]: number },
  count: number,
  value: number,
): number {
  let low = 0
  let high = count
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! <= value) low = middle
    else high = middle
  }
  return low
}
