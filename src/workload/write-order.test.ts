import fc from 'fast-check'
import { expect, test } from 'vitest'
import { geometryOf } from './geometry.ts'
import { parseRecipe } from './parse-recipe.ts'
import { permutation } from './permutation.ts'
import { writeCount, writeOrderOf } from './write-order.ts'

test('a permutation has every value once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), fc.nat(0xffffffff), (length, seed) => {
      const value = permutation(length, seed)
      const values = new Set(Array.from({ length }, (_, place) => value(place)))
      expect(values.size).toBe(length)
      expect(Math.max(...values)).toBe(length - 1)
    }),
    { numRuns: 200, seed: 1 },
  )
})

test('a permutation of 2^40 stays in its range and depends on its seed', () => {
  const [one, other] = [permutation(2 ** 40 - 3, 1), permutation(2 ** 40 - 3, 2)]
  const places = Array.from({ length: 1000 }, (_, i) => i)
  expect(places.every(place => one(place) >= 0 && one(place) < 2 ** 40 - 3)).toBe(true)
  expect(new Set(places.map(one)).size).toBe(1000)
  expect(places.filter(place => one(place) === other(place))).toHaveLength(0)
  expect(places.filter(place => one(place) > 2 ** 39).length).toBeGreaterThan(400)
})

const share = fc.double({ min: 0, max: 1, noNaN: true })
const fill = fc.oneof(
  fc.record({ pattern: fc.constant('sequential' as const), share }),
  fc.record({ pattern: fc.constant('random' as const), share }),
  fc.record({ pattern: fc.constant('every-nth' as const), n: fc.integer({ min: 1, max: 200 }) }),
  fc.record({
    pattern: fc.constant('hot-spots' as const),
    share,
    spots: fc.integer({ min: 1, max: 30 }),
  }),
)

test('an order tells the same story in all its ways, and writes nothing twice', () => {
  fc.assert(
    fc.property(fill, fc.integer({ min: 1, max: 700 }), fc.nat(), (pattern, clusters, seed) => {
      const geometry = geometryOf(
        parseRecipe({
          format: 'overlapscope-recipe',
          recipeVersion: 1,
          virtualSize: clusters * 512,
          clusterSize: 512,
        }),
      )
      const order = writeOrderOf(pattern, geometry, seed)
      expect(order.count).toBe(writeCount(pattern, geometry))
      const guests: number[] = []
      const middle = order.count >> 1
      for (const [from, to] of [
        [0, middle],
        [middle, order.count],
      ] as const)
        order.stretches(from, to, (guest, time, count) => {
          expect(time).toBe(guests.length)
          for (let i = 0; i < count; i++) guests.push(guest + i * order.step)
          expect(Math.floor((guests.at(-1) ?? 0) / geometry.l2Entries)).toBe(
            Math.floor(guest / geometry.l2Entries),
          )
        })
      expect(guests).toHaveLength(order.count)
      expect(new Set(guests).size).toBe(order.count)
      expect(guests.every(guest => guest >= 0 && guest < clusters)).toBe(true)

      const times = Array.from({ length: clusters }, () => -1)
      for (const [time, guest] of guests.entries()) times[guest] = time
      expect(times.map((_, guest) => order.timeOf(guest))).toEqual(times)

      const early: number[] = []
      for (let table = 0; table < geometry.l1Entries; table++)
        order.writesTo(table, middle, (index, time, count) => {
          for (let i = 0; i < count; i++) {
            expect(guests[time + i]).toBe(table * geometry.l2Entries + index + i * order.step)
            early.push(time + i)
          }
        })
      expect(early.sort((a, b) => a - b)).toEqual(Array.from({ length: middle }, (_, time) => time))
    }),
    { numRuns: 300, seed: 1 },
  )
})
