import fc from 'fast-check'
import { expect, it } from 'vitest'
import { EventLog, type EventRecord, type LimitRecord } from './event-log.ts'

const calls = fc.array(
  fc.record({
    window: fc.integer({ min: 0, max: 2 }),
    length: fc.constantFrom(4096, 5),
    repeats: fc.integer({ min: 1, max: 4 }),
  }),
  { maxLength: 60 },
)

const limits = (records: Iterable<EventRecord>): LimitRecord[] =>
  [...records].filter(record => record.kind === 'limit')

it('folds equal events into groups, and gives each of them back', () => {
  fc.assert(
    fc.property(calls, fc.nat(5), fc.nat(5), (list, from, count) => {
      const log = new EventLog()
      const all = list.flatMap(({ window, length, repeats }, step) => {
        log.add(step, 'bitmap', window, length, repeats, 1000 + step, 4096)
        return Array.from({ length: repeats }, () => ({ step, window, length }))
      })
      const groups = Array.from({ length: log.groups }, (_, group) => limits(log.members(group, 0, Infinity)))
      expect(groups.flat().map(({ step, window, length }) => ({ step, window, length }))).toEqual(all)
      expect(log.events).toBe(all.length)
      groups.forEach((members, group) => {
        const { first, lastStep, count: size } = log.group(group)
        expect([first.step, lastStep, size]).toEqual([members[0]!.step, members.at(-1)!.step, members.length])
        expect(new Set(members.map(({ window, length }) => `${window} ${length}`)).size).toBe(1)
        expect([...log.members(group, from, count)]).toEqual(members.slice(from, from + count))
      })
      list.forEach(({ window }, step) => {
        expect([0, 1, 2].filter(w => log.limitAt(step, w) !== undefined)).toEqual([window])
        const { record, group } = log.limitAt(step, undefined)!
        expect(record).toMatchObject({ step, window })
        expect(groups[group]).toContainEqual(record)
      })
      for (const window of [0, 1, 2]) {
        const later = list.flatMap((each, step) => (step > 0 && each.window === window ? [step] : []))
        expect(Array.from(log.limitsAfter(0, window), ({ record }) => record.step)).toEqual(later)
      }
    }),
  )
})

it('keeps neighbours apart that name different ranges', () => {
  const log = new EventLog()
  for (const [window, length] of [
    [0, 4096],
    [0, 4096],
    [1, 4096],
    [1, 7],
    [0, 4096],
  ] as const)
    log.add(0, 'bitmap', window, length, 1, 0, 4096)
  expect([log.groups, log.events]).toEqual([4, 5])
})

it('keeps corruptions, missed overlaps and refusals apart, and folds equal ones', () => {
  const log = new EventLog()
  const corruption = { message: 'overlaps', offset: 0, size: 512, fatal: true }
  log.add(0, 'bitmap', 0, 4096, 1, 0, 4096)
  log.addMissed(1, { start: 5, clusters: 1, types: 4 })
  log.addMissed(2, { start: 5, clusters: 1, types: 4 })
  log.addMissed(3, { start: 6, clusters: 1, types: 4 })
  log.addCorruption(4, corruption, { index: 0, text: 'write 0 512' })
  log.addCorruption(4, corruption, { index: 1, text: 'write 0 512' })
  log.add(5, 'window-array', 0, 4096, 2, 0, 32)
  log.add(5, 'bitmap', 0, 4096, 1, 0, 4096)
  const groups = Array.from({ length: log.groups }, (_, group) => log.group(group))
  expect(groups.map(({ first, count, lastStep }) => [first.kind, count, lastStep])).toEqual([
    ['limit', 1, 0],
    ['missed', 2, 2],
    ['missed', 1, 3],
    ['corrupted', 1, 4],
    ['corrupted', 1, 4],
    ['limit', 3, 5],
  ])
  expect(groups[3]!.first).toMatchObject({ corruption, command: { index: 0 } })
  expect(groups[2]!.first).toMatchObject({ overlap: { start: 6 } })
  const found = [log.limitAt(1, undefined), log.limitAt(5, 0), log.limitAt(5, 1)]
  expect(found.map(limit => limit?.group)).toEqual([undefined, 5, undefined])
})
