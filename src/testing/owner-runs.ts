/** Owner runs for tests, as random as a hostile image's. */
import fc from 'fast-check'
import { OWNERS } from '../lib/owners.ts'
import type { OwnerRuns } from '../qcow2/owner-map.ts'

export interface RunPlan {
  readonly owner: number
  readonly flags: number
  readonly length: number
}

/** @param plans may repeat owner and flags from one to the next, as runs put together by hand do */
export function ownerRuns(plans: readonly RunPlan[]): OwnerRuns {
  const start = new Float64Array(plans.length)
  let end = 0
  plans.forEach(({ length }, i) => {
    start[i] = end
    end += length
  })
  return {
    count: plans.length,
    start,
    owner: Uint8Array.from(plans, ({ owner }) => owner),
    flags: Uint8Array.from(plans, ({ flags }) => flags),
    end,
  }
}

/** Short runs of all owners and flags; a few owners more often, so that stretches of several runs come up. */
export const arbitraryRuns = (most: number): fc.Arbitrary<OwnerRuns> =>
  fc
    .array(
      fc.record({
        owner: fc.oneof(fc.constantFrom(0, 1, 2, 9), fc.constantFrom(...OWNERS.map(({ code }) => code))),
        flags: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 15 })),
        length: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 6 })),
      }),
      { maxLength: most, size: 'max' },
    )
    .map(ownerRuns)
