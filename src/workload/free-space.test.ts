import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FreeSpace } from './free-space.ts'

const CLUSTERS = 60

test('agrees with a set of free clusters', () => {
  const step = fc.record({
    take: fc.boolean(),
    from: fc.nat(CLUSTERS - 10),
    count: fc.integer({ min: 1, max: 9 }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const space = new FreeSpace()
      const free = Array.from({ length: 4 * CLUSTERS }, () => true)
      const fits = (at: number, count: number, wanted: boolean) =>
        free.slice(at, at + count).every(one => one === wanted)
      for (const { take, from, count } of steps) {
        const place = Array.from({ length: 2 * CLUSTERS }, (_, i) => from + i).find(at =>
          fits(at, count, true),
        )
        expect(space.firstFit(from, count)).toBe(place)
        const at = take ? (place ?? 0) : from
        if (!take && !fits(at, count, false)) continue
        if (take) space.take(at, count)
        else space.give(at, count)
        free.fill(!take, at, at + count)
        expect(space.end).toBe(free.lastIndexOf(false) + 1)
        expect(space.lengthAt(at) > 0).toBe(!take)
      }
    }),
    { numRuns: 500, seed: 1 },
  )
})

test('will not use a cluster twice', () => {
  const space = new FreeSpace()
  space.take(3, 4)
  expect(() => space.take(5, 1)).toThrow('not all free')
})
