import { expect, test } from 'vitest'
import { measure, median } from './benchmark.ts'

test('the median is the middle value, or between the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([9, 1, 5, 7])).toBe(6)
})

test('contestants run in turns, and their times are compared round by round', async () => {
  let clock = 0
  let round = 0
  const calls: string[] = []
  const contestant = (name: string, cost: () => number) => ({
    name,
    prepare: () => void calls.push(`prepare ${name}`),
    run: () => {
      calls.push(name)
      clock += cost()
      return 10
    },
  })
  // The machine gets slower with every round; the ratio stays.
  const contestants = [
    contestant('yardstick', () => 2 * ++round),
    contestant('twice as slow', () => 4 * round),
  ]
  const standings = await measure({ name: 'made up', unit: 'call', contestants }, 3, () => clock)
  expect(calls.slice(0, 4)).toEqual([
    'prepare yardstick',
    'yardstick',
    'prepare twice as slow',
    'twice as slow',
  ])
  expect(calls).toHaveLength(4 * 4)
  // Rounds 2, 3 and 4 count: 4, 6, 8 ms for ten calls.
  expect(standings).toEqual([
    { name: 'yardstick', nsPerUnit: 600_000, spread: 2, ratio: 1 },
    { name: 'twice as slow', nsPerUnit: 1_200_000, spread: 2, ratio: 2 },
  ])
})
