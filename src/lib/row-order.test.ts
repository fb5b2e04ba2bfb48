import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../testing/seeded-random.ts'
import { RowOrder } from './row-order.ts'

/** How keys are spread: over what range, in how coarse steps, and which part of them lies far away. */
const spread = fc.record({
  count: fc.oneof(fc.nat(40), fc.integer({ min: 4000, max: 20_000 })),
  range: fc.constantFrom(1, 3, 5000, 20_000, 2 ** 32, 2 ** 53 - 1),
  step: fc.constantFrom(1, 1, 512),
  far: fc.constantFrom(0, 0, 0.001, 0.5),
  seed: fc.nat(1000),
})

test('sorts columns as a stable sort of their rows does', () => {
  fc.assert(
    fc.property(spread, ({ count, range, step, far, seed }) => {
      const random = seededRandom(seed)
      const some = (below: number) => Math.floor((random() * below) / step) * step
      // There is room for more rows than there are.
      const keys = Float64Array.from({ length: count + 7 }, () =>
        random() < far ? 2 ** 53 - 1 - some(1000) : some(range),
      )
      const order = new RowOrder(keys, count)
      const expected = Array.from({ length: count }, (_, i) => i).sort((a, b) => keys[a]! - keys[b]! || a - b)
      expect([...order.applied(keys)]).toEqual(expected.map(i => keys[i]))
      const rows = Uint32Array.from(keys, (_, i) => i)
      expect([...order.applied(rows)]).toEqual(expected)
      expect([...order.applied(Uint8Array.from(rows))]).toEqual(expected.map(i => i % 256))
    }),
    { numRuns: 60 },
  )
})
