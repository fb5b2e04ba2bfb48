import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { HISTORY_KINDS, type HistoryKind, WindowHistory } from './window-history.ts'

interface Happening {
  readonly window: number
  readonly kind: HistoryKind
  readonly step: number
  readonly times: number
}

/** Windows of hostile images lie far out. Their rows are those of an engine that used them from the last on. */
const WINDOWS = [0, 1, 255, 256, 70_000_000, 2 ** 41, 2 ** 41 + 1]
const rowOf = (window: number) => WINDOWS.length - 1 - WINDOWS.indexOf(window)

/** Steps only go on. */
const happenings = fc
  .array(
    fc.record({
      window: fc.constantFrom(...WINDOWS),
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
      const history = new WindowHistory(rowOf, capacity)
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

test('a take-over is what happened to either window', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(300), fc.nat(300)), { maxLength: 200 }), pairs => {
      const takeOvers = pairs.filter(([oldest, row]) => oldest !== row)
      const atOnce = new WindowHistory(window => window, 256)
      const oneByOne = new WindowHistory(window => window, 512)
      // As of an engine: no bitmap is given back that was not built.
      for (let row = 0; row <= 300; row++) for (const each of [atOnce, oneByOne]) each.built(row, 0)
      for (const [step, [oldest, row]] of takeOvers.entries()) {
        atOnce.takenOver(oldest, row, step)
        oneByOne.destroyed(oldest, step, 'unmodified')
        oneByOne.built(row, step)
      }
      for (const window of new Set(takeOvers.flat())) {
        expect(atOnce.counts(window)).toEqual(oneByOne.counts(window))
        const newest = atOnce.records(window, 3).newest.filter(({ step }) => step > 0)
        expect(newest).toEqual(oneByOne.records(window, newest.length).newest)
      }
    }),
  )
})

test('what lies on both sides of the ring’s end is told in order', () => {
  const history = new WindowHistory(window => window, 16)
  for (let step = 0; step < 40; step++) history.takenOver(step % 2, 1 - (step % 2), step)
  const { kept, newest } = history.records(0, 3)
  expect(kept).toBe(16)
  expect(newest.map(({ step, kind }) => `${step} ${kind}`)).toEqual(['39 built', '38 unmodified', '37 built'])
  expect(history.counts(0)).toMatchObject({ built: 20, unmodified: 20 })
})

test('refusals of one step in a row are one record', () => {
  const history = new WindowHistory(window => window, 16)
  for (let cluster = 0; cluster < 40; cluster++) history.refused(7, 3, 1)
  expect(history.records(7, 10)).toEqual({ kept: 40, newest: [{ step: 3, kind: 'refused', times: 40 }] })
  expect(history.counts(7).refused).toBe(40)
})

test('a new list has no history', () => {
  const history = new WindowHistory(window => window, 16)
  for (let step = 0; step < 100; step++) history.built(step % 3, step)
  history.clear()
  expect(history.counts(1).built).toBe(0)
  expect(history.records(1, 10)).toEqual({ kept: 0, newest: [] })
})
