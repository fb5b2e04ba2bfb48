import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type LogRow, LogRows } from './log-rows.ts'
import { MOST_PIXELS, scrollFactor } from './scaled-scroll.ts'

/** The same, row by row. */
function literally(groups: number, unfolded: ReadonlyMap<number, number>): LogRow[] {
  const rows: LogRow[] = []
  for (let place = 0; place < groups; place++) {
    rows.push({ kind: 'group', place })
    for (let member = 0; member < (unfolded.get(place) ?? 0); member++)
      rows.push({ kind: 'member', place, member })
  }
  return rows
}

it('shows groups, and members below those unfolded', () => {
  const unfolding = fc.array(fc.tuple(fc.nat(25), fc.integer({ min: 2, max: 9 })), { maxLength: 6 })
  fc.assert(
    fc.property(fc.nat(20), unfolding, (groups, pairs) => {
      const unfolded = new Map(pairs)
      const rows = new LogRows(
        groups,
        [...unfolded].map(([place, members]) => ({ place, members })),
      )
      const expected = literally(groups, unfolded)
      expect(rows.count).toBe(expected.length)
      expect(expected.map((_, row) => rows.at(row))).toEqual(expected)
      for (let place = 0; place < groups; place++)
        expect(rows.at(rows.rowOf(place))).toEqual({ kind: 'group', place })
    }),
  )
})

it('scrolls as far as the last row however long the list is', () => {
  expect(scrollFactor(1000, 100)).toBe(1)
  expect(scrollFactor(MOST_PIXELS, 100)).toBe(1)
  fc.assert(
    fc.property(
      fc.integer({ min: MOST_PIXELS + 1, max: 2 ** 40 }),
      fc.integer({ min: 1, max: 2000 }),
      (total, view) => {
        const lowest = (MOST_PIXELS - view) * scrollFactor(total, view)
        expect(Math.abs(lowest - (total - view))).toBeLessThan(1)
      },
    ),
  )
})
