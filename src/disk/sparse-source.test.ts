import { array, assert, asyncProperty, integer, tuple } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MemorySource } from './memory-source.ts'
import { SparseSource } from './sparse-source.ts'
import { SparseWriter } from './sparse-writer.ts'

const SIZE = 1000

describe('SparseSource', () => {
  test('reads what an array with the same extents would', async () => {
    const gapAndLength = tuple(integer({ min: 0, max: 60 }), integer({ min: 0, max: 40 }))
    const reads = array(tuple(integer({ min: 0, max: 1100 }), integer({ min: 0, max: 300 })))
    await assert(
      asyncProperty(array(gapAndLength, { maxLength: 10 }), reads, async (layout, ranges) => {
        const whole = new Uint8Array(SIZE)
        let offset = 0
        const extents = layout.map(([gap, length], index) => {
          offset += gap
          const bytes = new Uint8Array(length).fill(index + 1)
          const extent = { offset, bytes }
          whole.set(bytes, offset)
          offset += length
          return extent
        })
        const sparse = new SparseSource(SIZE, extents.toReversed())
        const memory = new MemorySource(whole)
        for (const [from, length] of ranges)
          expect(await sparse.read(from, length)).toEqual(await memory.read(from, length))
      }),
    )
  })

  test('refuses extents that overlap, or reach past the end', () => {
    const bytes = new Uint8Array(10)
    const overlap = [
      { offset: 0, bytes },
      { offset: 9, bytes },
    ]
    expect(() => new SparseSource(100, overlap)).toThrow(RangeError)
    expect(() => new SparseSource(19, [{ offset: 10, bytes }])).toThrow(RangeError)
  })
})

describe('SparseWriter', () => {
  test('keeps what is not zero, and the size of all', async () => {
    const writer = new SparseWriter()
    const zeros = new Uint8Array(5 * 2 ** 20 + 3)
    writer.write(zeros)
    writer.write(Uint8Array.of(1, 2, 3))
    writer.write(zeros)
    writer.write(Uint8Array.of(4))
    const source = writer.finish()
    expect(source.size).toBe(2 * zeros.length + 4)
    expect(await source.read(zeros.length - 1, 5)).toEqual(Uint8Array.of(0, 1, 2, 3, 0))
    expect(await source.read(source.size - 2, 4)).toEqual(Uint8Array.of(0, 4, 0, 0))
    expect(writer.heldBytes).toBeLessThanOrEqual(2 * 2 ** 20)
  })
})
