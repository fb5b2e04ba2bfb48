import { expect, it } from 'vitest'
import { sequenceOf } from '../testing/open-sequences.ts'
import { budgetOf } from './budget.ts'
import { runOpening } from './opening-run.ts'
import { DEFAULT_OPTIONS } from './run-options.ts'

const WINDOW = 4096
const CLUSTER_BITS = 16

/** The budget after entering one cluster at each of these, in a file of one window. */
function budget(clusters: readonly number[], limit: bigint | undefined, bitmapSize = 65536n) {
  const sequence = sequenceOf(clusters.map(cluster => ({ cluster, clusters: 1, types: 4 })))
  const input = { clusterBits: CLUSTER_BITS, fileSize: WINDOW * 2 ** CLUSTER_BITS, sequence }
  return budgetOf(runOpening(input, { ...DEFAULT_OPTIONS, bitmapSize, totalSizeLimit: limit }))
}

it('takes memUsage apart into parts that add up to it', () => {
  const parts = budget([0, 5000, 9000, 1], undefined, 4096n)
  expect(parts).toMatchObject({ list: 56, windows: 3 * 32, slots: 4, bitmaps: 4096, drift: 0 })
  const { list, windows, slots, bitmaps, fragments, drift } = parts
  expect(list + windows + slots + bitmaps + fragments + drift).toBe(parts.memUsage)
})

it('counts the list itself as the peak where nothing else was granted', () => {
  expect(budget([], 4000n)).toMatchObject({ memUsage: 152, peak: 152, refused: undefined })
  expect(budget([0], 4000n)).toMatchObject({ memUsage: 152, peak: 152 })
})

it('sees a peak that is over before the call is: the array grows, then a bitmap has to go', () => {
  // 152 + 4096 for window 0; 3 windows of 32 more are granted, and only then does window 3 ask for its bitmap.
  expect(budget([0, 3 * WINDOW], 4344n)).toMatchObject({ peak: 4344 })
})

it('tells the refused part of a list that cannot be made, and what was in use before it', () => {
  expect(budget([0], 60n).refused).toMatchObject({ asked: 32, memUsage: 56 })
  expect(budget([0], 100n).refused).toMatchObject({ asked: 64, memUsage: 88 })
})
