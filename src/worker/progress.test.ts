import { expect, it } from 'vitest'
import { ProgressReporter } from './progress.ts'

it('tells of reading only until it is known what is read, and a phase no more often than it can be shown', () => {
  const phases: string[] = []
  const reporter = new ProgressReporter(({ phase }) => phases.push(phase))
  const counter = { bytesRead: () => 5, bytesTotal: 10 }
  reporter.reading(5, counter)
  for (let table = 0; table < 100; table++) {
    reporter.report('Following the tables', table, 100, 'tables', counter)
    reporter.reading(5, counter)
  }
  expect(phases.slice(0, 2)).toEqual(['Reading the file', 'Following the tables'])
  expect(new Set(phases.slice(2))).not.toContain('Reading the file')
  expect(phases.length).toBeLessThan(20)
})
