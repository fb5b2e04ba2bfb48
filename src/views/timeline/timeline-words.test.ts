import { expect, it } from 'vitest'
import { emptyReport } from '../../testing/fake-worker.ts'
import { timelineWords } from './timeline-words.ts'

const report = emptyReport()
const budget = { ...report.budget, memUsage: 1292, peak: 4376 }
const live = { commands: 1, isClosed: false, unreadable: undefined, path: [] }
const outcomeOf = (kind: 'off' | 'scanned') => ({ ...report, steps: 0, outcome: { kind } }) as const

it('counts the calls, and says what memory they took', () => {
  expect(timelineWords({ ...report, outcome: { kind: 'guarded' }, steps: 10, budget })).toBe(
    '10 engine calls opened this image. The list takes 1\u202f292 bytes now, and took 4\u202f376 at most.',
  )
  const after = { ...report, outcome: { kind: 'guarded' }, steps: 1, budget, live } as const
  expect(timelineWords(after)).toContain('1 engine call so far. ')
})

it('says why there were none, and speaks of no list where there is none', () => {
  expect(timelineWords(outcomeOf('off'))).toBe('No engine calls: nothing is checked.')
  expect(timelineWords(outcomeOf('scanned'))).toContain('mainline’s check keeps no list')
  expect(timelineWords({ ...outcomeOf('scanned'), steps: 3, live })).toBe('3 checks so far.')
})
