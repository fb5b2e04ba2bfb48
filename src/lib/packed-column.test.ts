import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PackedColumn } from './packed-column.ts'

const LARGEST = Number.MAX_SAFE_INTEGER

const readBack = (column: PackedColumn) => Array.from({ length: column.length }, (_, i) => column.at(i))

/** Small ones, large ones, and those next to a power of two, where one more bit is needed. */
const value = fc.oneof(
  fc.nat(5),
  fc.nat(100_000),
  fc.maxSafeNat(),
  fc.tuple(fc.nat(52), fc.constantFrom(-1, 0, 1)).map(([bit, more]) => 2 ** bit + more),
)
/** Stretches of a few values, so that blocks are filled, alike and unlike. */
const values = fc
  .array(fc.tuple(value, fc.integer({ min: 1, max: 200 }), fc.constantFrom(0, 0, 1, 7, -1)), {
    maxLength: 12,
  })
  .map(stretches =>
    stretches.flatMap(([first, length, step]) =>
      Array.from({ length }, (_, i) => Math.max(0, Math.min(LARGEST, first + i * step))),
    ),
  )

test('says what was put in, in whatever order it was', () => {
  fc.assert(
    fc.property(values, all => {
      expect(readBack(new PackedColumn(all))).toEqual(all)
    }),
    { numRuns: 500 },
  )
})

test('says what was put in, ascending as far as numbers go', () => {
  fc.assert(
    fc.property(values, unsorted => {
      const all = Float64Array.from(unsorted).sort()
      expect(readBack(new PackedColumn(all))).toEqual([...all])
    }),
    { numRuns: 500 },
  )
})

test('takes all of a range as large as there are numbers for', () => {
  for (const all of [
    [0, LARGEST],
    [LARGEST, 0],
    [0, 0, 0, LARGEST],
    [0, LARGEST, LARGEST, LARGEST],
    [-1, LARGEST - 1],
    [0, 2 ** 32 - 1, 1],
    [0, 2 ** 32, 1],
  ])
    expect(readBack(new PackedColumn(all))).toEqual(all)
})

test('takes the first values only', () => {
  expect(readBack(new PackedColumn([3, 1, 2], 2))).toEqual([3, 1])
  expect(readBack(new PackedColumn([]))).toEqual([])
})

const bytes = (made: (index: number) => number) =>
  new PackedColumn(Array.from({ length: 2560 }, (_, i) => made(i))).byteLength

test('takes no more bits for a value than values differ by', () => {
  const blocks = 10 * 17
  expect(bytes(() => 7)).toBe(blocks)
  expect(bytes(i => 2 ** 40 + i)).toBe(blocks)
  expect(bytes(i => 2 ** 40 + 128 * i)).toBe(blocks)
  expect(bytes(i => (i * 389) % 2048)).toBe(blocks + (2560 * 11) / 8)
  expect(bytes(i => 2 ** 40 + 128 * i + (i % 2))).toBe(blocks + 2560 / 8)
})
