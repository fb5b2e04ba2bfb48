/** A window as one cell of the map, and whether something was refused to it, in one number. */

/** Set where something was refused; the other bits are the cell. */
export const REFUSED = 0x100
export const CODES = 0x200

/** Windows [from, to) that all show the same. */
export interface WindowStretch {
  readonly from: number
  readonly to: number
  readonly cell: number
}

/** @returns the cells of windows that are asked for in ascending order; 0 outside the stretches */
export function cellsOf(stretches: readonly WindowStretch[]): (window: number) => number {
  let at = 0
  return window => {
    while (at < stretches.length && stretches[at]!.to <= window) at++
    const stretch = stretches[at]
    return stretch && stretch.from <= window ? stretch.cell : 0
  }
}
