import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type LogRow, LogRows } from './log-rows.ts'
import { MOST_PIXELS, scrolledHeight, scrollFactor } from '../parts/scaled-scroll.ts'

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

it('scrolls exactly as far as the last row, however long the list is', () => {
  expect(scrollFactor(1000)).toBe(1)
  expect(scrolledHeight(1000, 100)).toBe(1000)
  expect(scrolledHeight(50, 100)).toBe(50)
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2 ** 40 }),
      fc.integer({ min: 1, max: 2000 }),
      (total, viewport) => {
        const height = scrolledHeight(total, viewport)
        const lowest = Math.max(0, height - viewport) * scrollFactor(total)
        expect(Math.abs(lowest - Math.max(0, total - viewport))).toBeLessThan(1)
        expect(height).toBeLessThanOrEqual(MOST_PIXELS + viewport)
      },
    ),
  )
})
