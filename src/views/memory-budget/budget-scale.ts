/**
 * Where bytes stand on the gauge. The list's floor takes megabytes for a large image of small clusters, while
 * one bitmap more or less (4096 bytes) decides what is guarded. So the axis has two straight pieces: up to the
 * floor, given no more than a third of it, and from there to where more memory changes nothing. A limit
 * past that stands in a zone of its own at the right end, and the very end means unlimited.
 */
import { range, scaleLinear } from 'd3'
import type { ImageSummary, RunOptions, RunReport } from '../../simulation/report.ts'
import { BITMAP_BYTES, type ListFloor, listFloor } from './list-floor.ts'

/** Share of the gauge that has bytes; the rest is "past all need". */
const MEASURED = 0.9
/** Where a finite limit past the measured part stands. */
const BEYOND = 0.94
const FLOOR_LEAST = 0.04
const FLOOR_MOST = 0.32

export interface BudgetScale {
  readonly floor: number
  /** Bytes at the end of the measured part. */
  readonly end: number
  /** Whether a byte below the floor is drawn much narrower than one above it. */
  readonly broken: boolean
  /** @returns 0 to 1, also for what lies past the end; undefined (no limit) is 1 */
  fraction(bytes: number | undefined): number
  /** @returns whole bytes; undefined for unlimited */
  limitAt(fraction: number): number | undefined
  /** Two or three multiples of a power of two between the floor and the end; none where the axis is broken. */
  ticks(): number[]
}

export function makeBudgetScale(floor: number, mostNeeded: number): BudgetScale {
  // The margin is one of what stands above the floor: of the whole, it would dwarf a bitmap.
  const above = Math.max(mostNeeded - floor, BITMAP_BYTES) * 1.08
  const end = floor + (scaleLinear().domain([0, above]).nice(8).domain()[1] ?? above)
  const natural = floor / end
  const share = Math.min(FLOOR_MOST, Math.max(FLOOR_LEAST, natural))
  const axis = scaleLinear()
    .domain([0, floor, end])
    .range([0, share * MEASURED, MEASURED])
    .clamp(true)
  return {
    floor,
    end,
    broken: natural > 1.5 * share,
    fraction(bytes) {
      if (bytes === undefined) return 1
      return bytes > end ? BEYOND : axis(bytes)
    },
    limitAt(fraction) {
      if (fraction > BEYOND) return undefined
      return Math.round(axis.invert(Math.min(Math.max(fraction, 0), MEASURED)))
    },
    ticks() {
      // On a broken axis they would be too close to one another to be told apart in words.
      if (this.broken) return []
      const step = 2 ** Math.ceil(Math.log2((end - floor) / 3))
      return range(Math.ceil(floor / step) * step, end, step)
    },
  }
}

/** @returns the scale for an image under some options: the same for every limit, or nearly */
export function budgetScaleOf(
  image: ImageSummary,
  options: RunOptions,
  report: RunReport,
): { readonly scale: BudgetScale; readonly floor: ListFloor } {
  const floor = listFloor(image, options)
  const bitmaps = BITMAP_BYTES * Math.min(floor.slotCount, report.windows.withMetadata)
  const { memUsage, peak, fragments, refused } = report.budget
  const asked = refused && report.outcome.kind === 'guarded' ? refused.memUsage + refused.asked : 0
  const mostNeeded = Math.max(floor.bytes + bitmaps + fragments, memUsage, peak, asked)
  return { scale: makeBudgetScale(floor.bytes, mostNeeded), floor }
}

/** A key pressed on the handle: by how much the limit moves, or where it goes. */
export function limitAfterKey(
  key: string,
  shift: boolean,
  limit: number | undefined,
  scale: BudgetScale,
): { readonly limit: number | undefined } | undefined {
  if (key === 'Home') return { limit: scale.floor }
  if (key === 'End') return { limit: undefined }
  const step = STEPS[key]
  if (step === undefined) return undefined
  const by = Math.abs(step) === 1 ? step * (shift ? BITMAP_BYTES : 4) : step
  // Down from "unlimited" is where the measured part ends; up from past its end is "unlimited".
  if (limit === undefined) return by < 0 ? { limit: scale.end } : { limit }
  return { limit: Math.max(0, limit + by) }
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -16 * BITMAP_BYTES,
  PageUp: 16 * BITMAP_BYTES,
}
