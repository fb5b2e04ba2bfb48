/** How the original's fragment array grows, and when it is given up for the bitmap. */
import { WINDOW_CLUSTERS } from '../lib/units.ts'

/** A fragment: types, clusters - 1, start. */
export const FRAGMENT_BYTES = 4

/**
 * The array size that has room for so many fragments, grown from the present one by the original's
 * steps (0, 1, 2, 4, 7, 11 … 709).
 * @returns undefined where the array would take as much memory as a bitmap: then the bitmap is kept
 */
export function grownArraySize(arraySize: number, fragments: number): number | undefined {
  while (arraySize < fragments) {
    arraySize = Math.floor((3 * arraySize) / 2) + 1
    if (FRAGMENT_BYTES * arraySize >= WINDOW_CLUSTERS) return undefined
  }
  return arraySize
}
