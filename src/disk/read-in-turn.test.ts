import { array, assert as assertProperty, asyncProperty, integer } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Cancelled } from '../lib/cancel.ts'
import { bytesOf, readMany, type Span } from './byte-source.ts'
import { DiskError } from './disk-error.ts'
import { MemorySource } from './memory-source.ts'
import { type Batch, inFileOrder, readInTurn } from './read-in-turn.ts'

const FILE = Uint8Array.from({ length: 1 << 16 }, (_, index) => (index * 2654435761) >>> 24)

const manySpans = (count: number, length = 16): Span[] =>
  Array.from({ length: count }, (_, index) => ({ offset: index * 64, length }))

async function batchesOf(batches: AsyncIterable<Batch<Span>>): Promise<Batch<Span>[]> {
  const all: Batch<Span>[] = []
  for await (const batch of batches) all.push(batch)
  return all
}

describe('reading in turn', () => {
  test('gives every span in its order, with its bytes', async () => {
    const spans = manySpans(900)
    const batches = await batchesOf(readInTurn(new MemorySource(FILE), spans))
    expect(batches.length).toBeGreaterThan(1)
    expect(batches.flatMap(batch => batch.spans)).toEqual(spans)
    for (const { spans: some, readings } of batches)
      for (const [index, { offset, length }] of some.entries())
        expect(readings[index]).toEqual(FILE.subarray(offset, offset + length))
  })

  test('asks for the next ones before the last are looked at, and for no more than some', async () => {
    let asked = 0
    const disk = {
      size: 2 ** 40,
      read: () => Promise.reject(new Error('one by one')),
      readMany: async (spans: readonly Span[]) => {
        asked++
        return spans.map(() => new Uint8Array(1))
      },
    }
    const reading = readInTurn(disk, manySpans(100_000))
    await reading.next()
    expect(asked).toBeGreaterThan(1)
    expect(asked).toBeLessThan(10)
    const before = asked
    await reading.next()
    expect(asked).toBe(before + 1)
  })

  test('long spans come a few at a time', async () => {
    const batches = await batchesOf(readInTurn(new MemorySource(FILE), manySpans(20, 2 ** 22)))
    expect(Math.max(...batches.map(({ spans }) => spans.length))).toBeLessThanOrEqual(2)
  })

  test('a span that cannot be read fails where it stands, and no other', async () => {
    const disk = {
      size: 1000,
      async read(offset: number, length: number) {
        if (offset === 128) throw new DiskError('gone', { offset: 128n })
        return new Uint8Array(length)
      },
    }
    const [batch] = await batchesOf(readInTurn(disk, manySpans(4)))
    expect(batch!.readings.map(reading => reading instanceof Error)).toEqual([false, false, true, false])
    expect(() => bytesOf(batch!.readings[2]!)).toThrow('gone')
  })

  test('is cancelled as a whole', async () => {
    const disk = { size: 1000, read: () => Promise.reject(new Cancelled()) }
    await expect(batchesOf(readInTurn(disk, manySpans(4)))).rejects.toThrow(Cancelled)
    await expect(readMany(disk, manySpans(1))).rejects.toThrow(Cancelled)
  })
})

test('two rows in the order of the file are one in that order, with nothing lost', async () => {
  const row = array(integer({ min: 0, max: 60 })).map(offsets =>
    offsets.toSorted((a, b) => a - b).map(offset => ({ offset, length: 1 })),
  )
  await assertProperty(
    asyncProperty(row, row, async (one, other) => {
      const both = [...inFileOrder(one, other)]
      expect(both).toEqual([...one, ...other].toSorted((a, b) => a.offset - b.offset))
      expect(new Set(both)).toEqual(new Set([...one, ...other]))
    }),
  )
})
