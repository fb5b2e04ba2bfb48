/** What the timeline tells of the engine's calls. */
import { formatCount } from '../../lib/sizes.ts'
import type { RunReport } from '../../simulation/report.ts'

const counted = (count: number, noun: string) => `${formatCount(count)} ${count === 1 ? noun : `${noun}s`}`

/** Why there was no call, by how the opening ended. */
const WITHOUT_CALLS = {
  guarded: 'nothing was entered',
  scanned: 'mainline’s check keeps no list, and goes through the tables before each write instead',
  off: 'nothing is checked',
  refused: 'the list could not be made, and the image does not open',
  unchecked: 'the list could not be made',
} as const satisfies Record<RunReport['outcome']['kind'], string>

/** How many calls there were, and what memory they took in the end and at most. */
export function timelineWords({
  steps,
  outcome,
  live,
  budget,
}: Pick<RunReport, 'steps' | 'outcome' | 'live' | 'budget'>): string {
  if (steps === 0) return `No engine calls: ${WITHOUT_CALLS[outcome.kind]}.`
  const calls = counted(steps, outcome.kind === 'scanned' ? 'check' : 'engine call')
  const what = live ? `${calls} so far` : `${calls} opened this image`
  if (outcome.kind !== 'guarded') return `${what}.`
  return `${what}. The list takes ${counted(budget.memUsage, 'byte')} now, and took ${formatCount(budget.peak)} at most.`
}
