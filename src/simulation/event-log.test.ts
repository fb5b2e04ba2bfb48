import fc from 'fast-check'
import { expect, it } from 'vitest'
import { EventLog } from './event-log.ts'

const calls = fc.array(
  fc.record({
    window: fc.integer({ min: 0, max: 2 }),
    length: fc.constantFrom(4096, 5),
    repeats: fc.integer({ min: 1, max: 4 }),
  }),
  { maxLength: 60 },
)

it('folds equal events into groups, and gives each of them back', () => {
  fc.assert(
    fc.property(calls, fc.nat(5), fc.nat(5), (list, from, count) => {
      const log = new EventLog()
      const all = list.flatMap(({ window, length, repeats }, step) => {
        log.add(step, 'bitmap', window, length, repeats, 1000 + step)
        return Array.from({ length: repeats }, () => ({ step, window, length }))
      })
      const groups = Array.from({ length: log.groups }, (_, group) => [...log.members(group, 0, Infinity)])
      expect(groups.flat().map(({ step, window, length }) => ({ step, window, length }))).toEqual(all)
      expect(log.events).toBe(all.length)
      groups.forEach((members, group) => {
        const { first, lastStep, count: size } = log.group(group)
        expect([first.step, lastStep, size]).toEqual([members[0]!.step, members.at(-1)!.step, members.length])
        expect(new Set(members.map(({ window, length }) => `${window} ${length}`)).size).toBe(1)
        expect([...log.members(group, from, count)]).toEqual(members.slice(from, from + count))
      })
      list.forEach(({ window }, step) => {
        expect([0, 1, 2].filter(w => log.hasEvent(step, w))).toEqual([window])
      })
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
    log.add(0, 'bitmap', window, length, 1, 0)
  expect([log.groups, log.events]).toEqual([4, 5])
})
