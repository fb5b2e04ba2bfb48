import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { HISTORY_KINDS, type HistoryKind, WindowHistory } from './window-history.ts'

interface Happening {
  readonly window: number
  readonly kind: HistoryKind
  readonly step: number
  readonly times: number
}

/** Steps only go on; windows of hostile images lie far out. */
const happenings = fc
  .array(
    fc.record({
      window: fc.constantFrom(0, 1, 255, 256, 70_000_000, 2 ** 41),
      kind: fc.constantFrom(...HISTORY_KINDS),
      stepsOn: fc.nat({ max: 2 }),
      times: fc.integer({ min: 1, max: 5 }),
    }),
    { maxLength: 200 },
  )
  .map(list => {
    let step = 0
    return list.map(({ window, kind, stepsOn, times }): Happening => {
      step += stepsOn
      return { window, kind, step, times: kind === 'refused' ? times : 1 }
    })
  })

function write(history: WindowHistory, { window, kind, step, times }: Happening): void {
  if (kind === 'built') history.built(window, step)
  else if (kind === 'refused') history.refused(window, step, times)
  else history.destroyed(window, step, kind)
}

test.each([16, 64, 256])('counts everything, and keeps the newest %i records', capacity => {
  fc.assert(
    fc.property(happenings, list => {
      const history = new WindowHistory(capacity)
      for (const each of list) write(history, each)
      for (const window of new Set(list.map(each => each.window))) {
        const own = list.filter(each => each.window === window)
        const counts = history.counts(window)
        for (const kind of HISTORY_KINDS) {
          const times = own.filter(each => each.kind === kind).map(each => each.times)
          expect(counts[kind]).toBe(times.reduce((sum, count) => sum + count, 0))
        }
        const { kept, newest } = history.records(window, Infinity)
        const told = newest.flatMap(({ kind, step, times }) =>
          Array.from({ length: times }, () => `${step} ${kind}`),
        )
        const all = own.flatMap(({ kind, step, times }) =>
          Array.from({ length: times }, () => `${step} ${kind}`),
        )
        expect(kept).toBe(told.length)
        // The newest of them, without gaps; all of them where there were not more than the ring holds.
        expect(told.toReversed()).toEqual(all.slice(all.length - kept))
        expect(kept === all.length || list.length > capacity).toBe(true)
        expect(history.records(window, 2).newest).toEqual(newest.slice(0, 2))
      }
    }),
  )
})

test('refusals of one step in a row are one record', () => {
  const history = new WindowHistory(16)
  for (let cluster = 0; cluster < 40; cluster++) history.refused(7, 3, 1)
  expect(history.records(7, 10)).toEqual({ kept: 40, newest: [{ step: 3, kind: 'refused', times: 40 }] })
  expect(history.counts(7).refused).toBe(40)
})

test('a new list has no history', () => {
  const history = new WindowHistory(16)
  for (let step = 0; step < 100; step++) history.built(step % 3, step)
  history.clear()
  expect(history.counts(1).built).toBe(0)
  expect(history.records(1, 10)).toEqual({ kept: 0, newest: [] })
})
