import { expect, it } from 'vitest'
import type { LogGroup } from '../simulation/report.ts'
import { isFiltering, type LogFilter, type Matches, NO_FILTER, passes, searchLog } from './log-filter.ts'

const group = (index: number, change: Partial<LogGroup> = {}): LogGroup => ({
  index,
  firstStep: index,
  lastStep: index,
  count: 1,
  kind: 'limit',
  json: `{"event": "QCOW2_OVERLAP_CHECK_MEMORY_LIMIT_REACHED", "data": {"start": ${index * 4096}}}`,
  why: `The bitmap of window ${index} needs 4096 bytes.`,
  range: { start: index, clusters: 1 },
  cluster: index,
  command: undefined,
  ...change,
})

async function search(groups: readonly LogGroup[], filter: LogFilter) {
  const asked: number[] = []
  const found: Matches[] = []
  const fetchGroups = async (from: number, count: number) => {
    asked.push(from)
    return groups.slice(from, from + count)
  }
  for await (const matches of searchLog(fetchGroups, groups.length, filter)) found.push(matches)
  return { asked, found }
}

it('looks at the JSON and at the sentence, in whatever case', () => {
  expect(passes(group(3), { ...NO_FILTER, text: ' WINDOW 3 ' })).toBe(true)
  expect(passes(group(3), { ...NO_FILTER, text: '12288' })).toBe(true)
  expect(passes(group(3), { ...NO_FILTER, text: 'window 4' })).toBe(false)
})

it('tells the kinds apart', () => {
  const whole = group(1, { range: undefined })
  const many = group(2, { count: 5 })
  const passing = (kind: LogFilter['kind']) =>
    [group(0), whole, many].filter(each => passes(each, { text: '', kind })).map(({ index }) => index)
  expect(passing('all')).toEqual([0, 1, 2])
  expect(passing('range')).toEqual([0, 2])
  expect(passing('whole-image')).toEqual([1])
  expect(passing('repeated')).toEqual([2])
  expect(isFiltering({ text: '  ', kind: 'all' })).toBe(false)
  expect(isFiltering({ text: '', kind: 'repeated' })).toBe(true)
})

it('searches chunk by chunk and tells how far it is', async () => {
  const groups = Array.from({ length: 2500 }, (_, i) => group(i))
  const { asked, found } = await search(groups, { ...NO_FILTER, text: 'window 20' })
  expect(asked).toEqual([0, 1000, 2000])
  expect(found.map(({ searched }) => searched)).toEqual([1000, 2000, 2500])
  const expected = groups.filter(({ why }) => why.includes('window 20')).map(({ index }) => index)
  expect(found.at(-1)?.groups).toEqual(expected)
  expect(expected).toHaveLength(111)
})

it('ends where the log turns out to be shorter', async () => {
  const asked: number[] = []
  const fetchNothing = async (from: number) => {
    asked.push(from)
    return []
  }
  for await (const matches of searchLog(fetchNothing, 5000, NO_FILTER)) expect(matches).toBeUndefined()
  expect(asked).toEqual([0])
})

const kinds = (each: LogGroup) =>
  (['corrupted', 'missed', 'whole-image'] as const).filter(kind => passes(each, { text: '', kind }))

it('tells corruptions and missed overlaps from the rest', () => {
  const missed = group(1, { kind: 'missed' })
  const corrupted = group(2, { kind: 'corrupted', range: undefined })
  expect([kinds(group(0)), kinds(missed), kinds(corrupted)]).toEqual([[], ['missed'], ['corrupted']])
})
