import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lastAtMost } from './last-at-most.ts'

test('finds the last that is not larger, among as many as are asked about', () => {
  const numbers = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 40 })
  fc.assert(
    fc.property(numbers, fc.nat(40), fc.integer({ min: -1, max: 31 }), (list, most, value) => {
      const sorted = list.toSorted((a, b) => a - b)
      const count = Math.min(most, sorted.length)
      const last = sorted.slice(0, count).findLastIndex(each => each <= value)
      expect(lastAtMost(Float64Array.from(sorted), count, value)).toBe(Math.max(0, last))
    }),
  )
})
