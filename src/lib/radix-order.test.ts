import fc from 'fast-check'
import { expect, test } from 'vitest'
import { radixOrder } from './radix-order.ts'

const key = fc.oneof(
  fc.nat(5),
  fc.nat(100_000),
  fc.maxSafeNat(),
  fc.nat(52).map(bit => 2 ** bit),
)

test('sorts as a stable sort by comparing does', () => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 300 }), keys => {
      const order = radixOrder(Float64Array.from(keys), keys.length)
      const expected = keys.map((_, i) => i).sort((a, b) => keys[a]! - keys[b]! || a - b)
      expect([...order]).toEqual(expected)
    }),
    { numRuns: 500 },
  )
})

test('looks at the first keys only', () => {
  expect([...radixOrder(Float64Array.of(3, 1, 2, 0), 3)]).toEqual([1, 2, 0])
  expect([...radixOrder(new Float64Array(0), 0)]).toEqual([])
})
