/** Tables with a row for each window that has something to tell, in ascending order of their numbers. */

/**
 * Index of a window's row; -1 if it has none.
 * @param windows the rows' windows, the first `count` elements, ascending
 */
export function rowOf(windows: Uint32Array, count: number, window: number): number {
  const at = firstRowFrom(windows, count, window)
  return at < count && windows[at] === window ? at : -1
}

/** Index of the first row of this window or a later one; `count` if there is none. */
export function firstRowFrom(windows: Uint32Array, count: number, window: number): number {
  // Where every window has a row, its number is its place.
  if (window < count && windows[window] === window) return window
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (windows[middle]! < window) low = middle + 1
    else high = middle
  }
  return low
}
