import { expect, it } from 'vitest'
import { GROUP_SPACE } from '../../lib/sizes.ts'
import type { Budget, RunReport } from '../../simulation/report.ts'
import { emptyReport } from '../../testing/fake-worker.ts'
import { budgetSentence } from './budget-sentence.ts'

const FLOOR = { windowCount: 4, slotCount: 16, bytes: 248 }

function sentence(change: Partial<Omit<RunReport, 'budget'>> & { budget?: Partial<Budget> }): string {
  const report = emptyReport()
  return budgetSentence(
    { ...report, ...change, budget: { ...report.budget, ...change.budget } },
    FLOOR,
  ).replaceAll(GROUP_SPACE, '')
}

it('says what was refused, and what that cost', () => {
  const budget = { limit: 4380n, peak: 4376, refused: { asked: 4096, memUsage: 288, step: 5 } }
  const coverage = { metadata: 9, guarded: 8, unguarded: 1, lost: 1, lockedOut: 0, typeNotChecked: 0 }
  expect(sentence({ budget, coverage })).toBe(
    'Refused: 4096 bytes on top of 288. 1 metadata cluster unguarded. Below 248 bytes the image does not open.',
  )
})

it('says of a lock-out whom it concerns, and in version 4 that it lasts for one try', () => {
  const budget = { limit: 4380n, refused: { asked: 4096, memUsage: 288, step: 5 } }
  const coverage = { metadata: 9, guarded: 1, unguarded: 8, lost: 1, lockedOut: 7, typeNotChecked: 0 }
  expect(sentence({ budget, coverage, canBuild: false })).toContain(
    'Locked out: no bitmap can be built, so 7 clusters recorded in windows without one cannot be looked at; a check there sends an event.',
  )
  const options = { ...emptyReport().options, version: 'v4' as const }
  expect(sentence({ options, budget, coverage, canBuild: false })).toContain(
    'The next try for a bitmap is refused: now 7 clusters recorded in windows without one cannot be looked at.',
  )
  // Every window that holds something has its bitmap: nobody is locked out of anything.
  const looked = sentence({ budget, coverage: { ...coverage, lockedOut: 0 }, canBuild: false })
  expect(looked).not.toContain('Locked out')
})

it.each([
  [100, 'Cannot allocate metadata overlap check windows', 'the array of 4 windows', 128, 56],
  [200, 'Cannot allocate metadata overlap cache pointers', 'the table of 16 slots', 64, 184],
  [20, 'Cannot allocate metadata list', 'the metadata list itself', 56, 0],
])('with a limit of %s says which part did not fit', (limit, error, part, asked, memUsage) => {
  const said = sentence({
    outcome: { kind: 'refused', error, needed: asked + memUsage },
    budget: { limit: BigInt(limit), refused: { asked, memUsage, step: 0 } },
  })
  expect(said).toBe(
    `The image does not open. There is no room for ${part}: ${asked} bytes on top of ${memUsage} bytes. From 248 bytes on it opens.`,
  )
})

it('says that nothing is guarded where nothing is checked', () => {
  expect(sentence({ outcome: { kind: 'off' } })).toContain('nothing is guarded')
})

it('says that there is no limit, or that it was not reached', () => {
  expect(sentence({ budget: { peak: 4384 } })).toMatch(/^Unlimited: the peak was 4384 bytes\./)
  expect(sentence({ budget: { peak: 4384, limit: 9000n } })).toMatch(
    /^Nothing was refused; the peak was 4384/,
  )
})
