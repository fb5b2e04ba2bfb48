import { UserError } from '../lib/user-error.ts'
import { allocatorChecked, allocatorUnchecked } from './allocator.ts'
import { eventOfThePatch } from './event-of-the-patch.ts'
import {
  bitmapButNoFragments,
  fragmentsLargerThanBitmap,
  tooSmallToEnter,
  zeroLimit,
  zeroLimitUnchecked,
} from './iotest-060.ts'
import {
  fitsComfortably,
  keptBitmaps,
  lockOut,
  lostInVersion4,
  noRoomForABitmap,
  openUnchecked,
  tooManyWindows,
} from './openings.ts'
import type { Scenario } from './scenario.ts'

/** In the order in which they are offered. */
export const SCENARIOS: readonly Scenario[] = [
  eventOfThePatch,
  fitsComfortably,
  noRoomForABitmap,
  lockOut,
  keptBitmaps,
  lostInVersion4,
  tooManyWindows,
  openUnchecked,
  allocatorChecked,
  allocatorUnchecked,
  zeroLimit,
  zeroLimitUnchecked,
  tooSmallToEnter,
  bitmapButNoFragments,
  fragmentsLargerThanBitmap,
]

/** @throws UserError if there is none */
export function scenarioById(id: string): Scenario {
  const found = SCENARIOS.find(one => one.id === id)
  if (found) return found
  throw new UserError(`There is no scenario '${id}'`, {
    advice: `There are: ${SCENARIOS.map(one => one.id).join(', ')}.`,
  })
}
