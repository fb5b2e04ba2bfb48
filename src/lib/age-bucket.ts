/**
 * When a cluster's window was last used, as the value of a map cell: a step of a logarithmic scale of the engine's
 * ticks, whether the window's bitmap is in memory, and whether the cluster itself is metadata.
 *
 *     0, 1                     never used (not metadata, metadata)
 *     2 + 4 step + 2 bitmap + metadata
 */

/** The last number of ticks of each step. A window that the very last tick used was used one tick ago. */
export const AGE_STEPS: readonly number[] = [1, 10, 100, 1000, 10_000, 100_000, Infinity]

/** @param ticks since the last use; undefined for never */
export function ageValue(ticks: number | undefined, hasBitmap: boolean, isMetadata: boolean): number {
  const metadata = isMetadata ? 1 : 0
  if (ticks === undefined) return metadata
  return 2 + 4 * AGE_STEPS.findIndex(last => ticks <= last) + (hasBitmap ? 2 : 0) + metadata
}

/** @returns index into AGE_STEPS; -1 for never used */
export const ageStep = (value: number): number => (value < 2 ? -1 : (value - 2) >> 2)
export const ageHasBitmap = (value: number): boolean => value >= 2 && ((value - 2) & 2) !== 0
export const ageIsMetadata = (value: number): boolean => (value & 1) !== 0

/** Ticks between a window's stamp and the engine's clock, which both are 32 bits wide and wrap. */
export const ticksBetween = (age: number, currentAge: number): number => (currentAge - age) >>> 0
