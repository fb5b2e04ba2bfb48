/** What the budget comes to, in words: whether the image opens, what did not fit, what would be enough. */
import { formatCount } from '../../lib/sizes.ts'
import type { RunReport } from '../../simulation/report.ts'
import type { ListFloor } from './list-floor.ts'

const bytes = (count: number | bigint): string =>
  `${formatCount(count)} ${Number(count) === 1 ? 'byte' : 'bytes'}`
const many = (count: number, one: string): string => `${formatCount(count)} ${one}${count === 1 ? '' : 's'}`

/** Which part of the list did not fit, where it could not be made. */
export function refusedPart(error: string, floor: ListFloor): string {
  if (error.includes('windows')) return `the array of ${many(floor.windowCount, 'window')}`
  if (error.includes('cache')) return `the table of ${many(floor.slotCount, 'slot')}`
  return 'the metadata list itself'
}

export function budgetSentence(report: RunReport, floor: ListFloor): string {
  const { outcome, budget, coverage } = report
  const { limit, refused } = budget
  switch (outcome.kind) {
    case 'off':
      return 'No type is checked, so no list is made: nothing is guarded, and no memory is used.'
    case 'refused':
    case 'unchecked': {
      const opened = outcome.kind === 'unchecked' ? 'Opened unchecked.' : 'The image does not open.'
      const asked = refused ? bytes(refused.asked) : 'its memory'
      const inUse = refused ? ` on top of ${bytes(refused.memUsage)}` : ''
      return `${opened} There is no room for ${refusedPart(outcome.error, floor)}: ${asked}${inUse}. From ${bytes(floor.bytes)} on it opens.`
    }
    case 'guarded':
      break
  }
  const opens = `Below ${bytes(floor.bytes)} the image does not open.`
  if (limit === undefined) return `Unlimited: the peak was ${bytes(budget.peak)}. ${opens}`
  if (!refused) return `Nothing was refused; the peak was ${bytes(budget.peak)}. ${opens}`
  const lost = coverage.unguarded > 0 ? ` ${many(coverage.unguarded, 'metadata cluster')} unguarded.` : ''
  return `Refused: ${formatCount(refused.asked)} bytes on top of ${formatCount(refused.memUsage)}.${lost} ${lockedOut(report) ?? opens}`
}

/**
 * What is recorded, and cannot be looked at all the same. Windows that have their bitmap are not concerned;
 * and version 4 refuses one try, not all that follow. It has the place of the floor, which the gauge marks too.
 */
function lockedOut({ options, coverage }: RunReport): string | undefined {
  if (coverage.lockedOut === 0) return undefined
  const clusters = `${many(coverage.lockedOut, 'cluster')} recorded in windows without one`
  return options.version === 'v4'
    ? `The next try for a bitmap is refused: now ${clusters} cannot be looked at.`
    : `Locked out: no bitmap can be built, so ${clusters} cannot be looked at; a check there sends an event.`
}
