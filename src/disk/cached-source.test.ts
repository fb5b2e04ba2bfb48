import { assert as assertProperty, asyncProperty, integer, array, record, tuple } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Cancelled } from '../lib/cancel.ts'
import { DamagedBlob } from '../testing/damaged-blob.ts'
import { BlobSource } from './blob-source.ts'
import { bytesOf, type Span } from './byte-source.ts'
import { CachedSource, type CacheOptions, UNIT_BYTES } from './cached-source.ts'
import { DiskError } from './disk-error.ts'

const pattern = (size: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, index) => (index * 2654435761) >>> 24)

/** A file of 20.5 units that writes down what is asked of it. */
const FILE = pattern(20.5 * UNIT_BYTES)

function watched(options: CacheOptions = {}): { source: CachedSource; calls: [number, number][] } {
  const calls: [number, number][] = []
  const source = new CachedSource(
    FILE.length,
    async spans =>
      spans.map(({ offset, length }) => {
        calls.push([offset, length])
        return FILE.slice(offset, offset + length)
      }),
    options,
  )
  return { source, calls }
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

describe('reading', () => {
  test('gives the same bytes as the file, and zeros past its end', async () => {
    const padded = new Uint8Array(FILE.length + 2 * UNIT_BYTES)
    padded.set(FILE)
    const read = tuple(
      integer({ min: 0, max: FILE.length + 100 }),
      integer({ min: 0, max: 1.5 * UNIT_BYTES }),
    )
    await assertProperty(
      asyncProperty(array(read, { maxLength: 8 }), async reads => {
        const { source } = watched({ cacheBytes: 3 * UNIT_BYTES })
        const results = await Promise.all(reads.map(([offset, length]) => source.read(offset, length)))
        for (const [index, [offset, length]] of reads.entries())
          expect(same(results[index]!, padded.subarray(offset, offset + length))).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('fetches one unit for what lies in it, once', async () => {
    const { source, calls } = watched()
    await source.read(10, 8)
    await source.read(UNIT_BYTES - 8, 8)
    expect(calls).toEqual([[0, UNIT_BYTES]])
    expect(source.bytesRead).toBe(UNIT_BYTES)
  })

  test('fetches once what two ask for at the same time', async () => {
    const { source, calls } = watched()
    await Promise.all([source.read(0, 8), source.read(8, 8)])
    expect(calls).toHaveLength(1)
  })

  test('fetches missing units in a row in one call, and no others', async () => {
    const { source, calls } = watched()
    await source.read(3 * UNIT_BYTES, 1)
    await source.read(0, 6 * UNIT_BYTES)
    expect(calls).toEqual([
      [3 * UNIT_BYTES, UNIT_BYTES],
      [0, 3 * UNIT_BYTES],
      [4 * UNIT_BYTES, 2 * UNIT_BYTES],
    ])
  })

  test('fetches no more than there is', async () => {
    const { source, calls } = watched()
    await source.read(20 * UNIT_BYTES, 4 * UNIT_BYTES)
    expect(calls).toEqual([[20 * UNIT_BYTES, UNIT_BYTES / 2]])
    await source.read(30 * UNIT_BYTES, 8)
    expect(calls).toHaveLength(1)
  })

  test('drops the unit that was not used for longest', async () => {
    const { source, calls } = watched({ cacheBytes: 2 * UNIT_BYTES })
    for (const unit of [0, 1, 0, 2, 0, 1]) await source.read(unit * UNIT_BYTES, 1)
    expect(calls.map(([offset]) => offset / UNIT_BYTES)).toEqual([0, 1, 2, 1])
  })

  test('reads more at once than it may keep', async () => {
    const { source } = watched({ cacheBytes: UNIT_BYTES })
    expect(same(await source.read(5, 4 * UNIT_BYTES), FILE.subarray(5, 5 + 4 * UNIT_BYTES))).toBe(true)
  })
})

/** Places of many sizes at many distances, in no order, some past the end. */
const places = array(
  record({ offset: integer({ min: 0, max: FILE.length + 100 }), length: integer({ min: 0, max: 300_000 }) }),
  { maxLength: 12 },
)

describe('reading from many places', () => {
  test('gives the same bytes as reading them one by one, whatever was there before', async () => {
    await assertProperty(
      asyncProperty(places, places, async (before, together) => {
        const { source } = watched({ cacheBytes: 3 * UNIT_BYTES })
        for (const { offset, length } of before) await source.read(offset, length)
        const readings = await source.readMany(together)
        expect(readings).toHaveLength(together.length)
        const { source: other } = watched()
        for (const [index, { offset, length }] of together.entries())
          expect(same(bytesOf(readings[index]!), await other.read(offset, length))).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('fetches what is far apart alone, in one go, and what is close together as one', async () => {
    const asked: (readonly Span[])[] = []
    const source = new CachedSource(FILE.length, async stretches => {
      asked.push(stretches.map(({ offset, length }) => ({ offset, length })))
      return stretches.map(({ offset, length }) => FILE.slice(offset, offset + length))
    })
    await source.readMany([
      { offset: 100, length: 50 },
      { offset: 150, length: 50 },
      { offset: 300, length: 100 },
      { offset: 2 * UNIT_BYTES, length: 10 },
      { offset: 1000, length: 10 },
    ])
    expect(asked).toEqual([
      [
        { offset: 100, length: 300 },
        { offset: 2 * UNIT_BYTES, length: 10 },
        { offset: 1000, length: 10 },
      ],
    ])
    expect(source.bytesRead).toBe(320)
  })

  test('fetches no more in one piece than it is told to', async () => {
    const asked: Span[] = []
    const source = new CachedSource(
      FILE.length,
      async stretches => {
        for (const { offset, length } of stretches) asked.push({ offset, length })
        return stretches.map(({ offset, length }) => FILE.slice(offset, offset + length))
      },
      { maxStretchBytes: 300 },
    )
    const wanted = [0, 100, 200, 300, 1000].map(offset => ({ offset, length: 100 }))
    const readings = await source.readMany([...wanted, { offset: 1100, length: 500 }])
    expect(asked).toEqual([
      { offset: 0, length: 300 },
      { offset: 300, length: 100 },
      { offset: 1000, length: 100 },
      { offset: 1100, length: 500 },
    ])
    for (const [index, { offset, length }] of wanted.entries())
      expect(same(bytesOf(readings[index]!), FILE.subarray(offset, offset + length))).toBe(true)
  })

  test('fetches nothing for what is there, or past the end', async () => {
    const { source, calls } = watched()
    await source.read(5, 1)
    calls.length = 0
    const [there, past] = await source.readMany([
      { offset: 100, length: 5000 },
      { offset: FILE.length, length: 8 },
    ])
    expect(same(bytesOf(there!), FILE.subarray(100, 5100))).toBe(true)
    expect(past).toEqual(new Uint8Array(8))
    expect(calls).toEqual([])
    expect(source.bytesRead).toBe(UNIT_BYTES)
  })

  test('names exactly what cannot be read, and gives the rest', async () => {
    const blob = new DamagedBlob(FILE, [{ start: 5_000_000, end: 5_000_010 }])
    const source = new BlobSource(blob, { join: blob.join })
    const [before, broken, after, far] = await source.readMany([
      { offset: 4_990_000, length: 10_000 },
      { offset: 5_000_000, length: 100 },
      { offset: 5_000_100, length: 100 },
      { offset: 9_000_000, length: 100 },
    ])
    expect(same(bytesOf(before!), FILE.subarray(4_990_000, 5_000_000))).toBe(true)
    expect(same(bytesOf(after!), FILE.subarray(5_000_100, 5_000_200))).toBe(true)
    expect(same(bytesOf(far!), FILE.subarray(9_000_000, 9_000_100))).toBe(true)
    expect(broken).toMatchObject({ name: 'DiskError', offset: 5_000_000n })
    expect(() => bytesOf(broken!)).toThrow('The file could not be read: gone')
    expect(source.bytesRead).toBe(10_200)
  })

  test('ends when it is cancelled meanwhile', async () => {
    const signal = { aborted: false }
    const source = new CachedSource(
      FILE.length,
      async stretches => {
        signal.aborted = true
        return stretches.map(({ length }) => new Uint8Array(length))
      },
      { signal },
    )
    await expect(source.readMany([{ offset: 0, length: 1 }])).rejects.toThrow(Cancelled)
  })
})

describe('cancel and failure', () => {
  test('reads nothing more once it was cancelled', async () => {
    const signal = { aborted: false }
    const { source, calls } = watched({ signal })
    await source.read(0, 1)
    signal.aborted = true
    await expect(source.read(0, 1)).rejects.toThrow(Cancelled)
    expect(calls).toHaveLength(1)
  })

  test('tells how much was read', async () => {
    const told: number[] = []
    const { source } = watched({ onProgress: bytes => told.push(bytes) })
    await source.read(0, 1)
    await source.read(20 * UNIT_BYTES, 1)
    expect(told).toEqual([UNIT_BYTES, 1.5 * UNIT_BYTES])
  })

  test('tries again after a failure', async () => {
    let fail = true
    const source = new CachedSource(100, async spans => {
      if (fail) throw new DiskError('gone')
      return spans.map(({ length }) => new Uint8Array(length))
    })
    await expect(source.read(0, 1)).rejects.toThrow('gone')
    fail = false
    await expect(source.read(0, 1)).resolves.toEqual(new Uint8Array(1))
  })
})

describe('BlobSource', () => {
  test('reads slices of a Blob', async () => {
    const source = new BlobSource(new Blob([FILE.slice()]))
    expect(source.size).toBe(FILE.length)
    expect(same(await source.read(UNIT_BYTES - 3, 9), FILE.subarray(UNIT_BYTES - 3, UNIT_BYTES + 6))).toBe(
      true,
    )
  })

  test('says what to do when the file is gone, and where it was read', async () => {
    const blob = {
      size: 3 * UNIT_BYTES,
      slice: () => ({ arrayBuffer: () => Promise.reject(new Error('could not be found')) }),
    }
    await expect(new BlobSource(blob).read(UNIT_BYTES + 5, 1)).rejects.toMatchObject({
      name: 'DiskError',
      message: 'The file could not be read: could not be found',
      offset: BigInt(UNIT_BYTES),
      advice: expect.stringContaining('Choose it again'),
    })
  })

  test('reads one Blob where many places are asked for', async () => {
    const blob = new DamagedBlob(FILE)
    const source = new BlobSource(blob, { join: blob.join })
    const wanted = [1, 5, 9].map(unit => ({ offset: unit * UNIT_BYTES, length: 70_000 }))
    const readings = await source.readMany(wanted)
    expect(blob.reads).toBe(1)
    for (const [index, { offset, length }] of wanted.entries())
      expect(same(bytesOf(readings[index]!), FILE.subarray(offset, offset + length))).toBe(true)
  })

  test('joins the Blobs that a browser has', async () => {
    const source = new BlobSource(new Blob([FILE.slice()]), { join: slices => new Blob(slices) })
    const wanted = [3, 4, 8].map(unit => ({ offset: unit * UNIT_BYTES - 7, length: 4096 }))
    const readings = await source.readMany(wanted)
    for (const [index, { offset, length }] of wanted.entries())
      expect(same(bytesOf(readings[index]!), FILE.subarray(offset, offset + length))).toBe(true)
  })

  test('does not take a shorter answer for the file', async () => {
    const blob = { size: 100, slice: () => ({ arrayBuffer: async () => new ArrayBuffer(40) }) }
    await expect(new BlobSource(blob).read(0, 100)).rejects.toThrow('40 of 100 bytes')
  })
})
