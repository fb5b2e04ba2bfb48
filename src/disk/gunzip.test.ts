import { crc32 as crcOfNode, gzipSync } from 'node:zlib'
import { array, assert, asyncProperty, integer, property, uint8Array } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Cancelled } from '../lib/cancel.ts'
import { UserError } from '../lib/user-error.ts'
import { crc32 } from './crc32.ts'
import { gunzipped } from './gunzip.ts'
import { MemorySource } from './memory-source.ts'

/** Bytes that deflate can shorten, but not to nothing. */
const data = (length: number, seed = 1): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => ((index * seed * 2654435761) >>> 27) ^ (index >> 10))

async function unpack(packed: Uint8Array, maxBytes?: number): Promise<Uint8Array> {
  const source = await gunzipped(new MemorySource(packed), maxBytes === undefined ? {} : { maxBytes })
  return source.read(0, source.size)
}

describe('sound files', () => {
  test('come out as they went in', async () => {
    const bytes = data(3_000_001)
    for (const level of [0, 1, 9])
      expect(Buffer.compare(await unpack(gzipSync(bytes, { level })), bytes)).toBe(0)
  })

  test('of any content and any row of members', async () => {
    const members = array(uint8Array({ maxLength: 9000 }), { minLength: 1, maxLength: 5 })
    await assert(
      asyncProperty(members, async parts => {
        const packed = Buffer.concat(parts.map(part => gzipSync(part)))
        expect(await unpack(packed)).toEqual(Uint8Array.from(Buffer.concat(parts)))
      }),
      { numRuns: 60 },
    )
  })

  test('with a name and a comment in their header', async () => {
    const plain = gzipSync(data(1000))
    const header = Buffer.concat([plain.subarray(0, 10), Buffer.from('name\0comment\0')])
    header[3] = 0x18
    expect(await unpack(Buffer.concat([header, plain.subarray(10)]))).toEqual(data(1000))
  })

  test('may hold any length of zeros', async () => {
    const length = 100 * 2 ** 20
    const progress: number[] = []
    const packed = gzipSync(new Uint8Array(length))
    const source = await gunzipped(new MemorySource(packed), {
      maxBytes: 2 ** 20,
      onProgress: done => progress.push(done),
    })
    expect(source.size).toBe(length)
    expect(progress.at(-1)).toBe(packed.length)
  })
})

test('what is not packed is left alone', async () => {
  for (const start of ['QFI\xfb', '\x1f\x8b\x07 compress', '']) {
    const source = new MemorySource(Buffer.from(start, 'latin1'))
    expect(await gunzipped(source)).toBe(source)
  }
})

describe('damaged files', () => {
  const bytes = data(20_000)
  const packed = gzipSync(bytes)

  test('cut anywhere are refused', async () => {
    await assert(
      asyncProperty(integer({ min: 3, max: packed.length - 1 }), async length => {
        await expect(unpack(packed.subarray(0, length))).rejects.toThrow(UserError)
      }),
      { numRuns: 200 },
    )
  })

  test('with a byte changed behind the header are refused', async () => {
    await assert(
      asyncProperty(
        integer({ min: 10, max: packed.length - 1 }),
        integer({ min: 1, max: 255 }),
        async (at, change) => {
          const changed = Uint8Array.from(packed)
          changed[at]! ^= change
          // Some changes do not change what comes out: spare bits in front of a stored block.
          await unpack(changed).then(
            result => expect(Buffer.compare(result, bytes)).toBe(0),
            error => expect(error).toBeInstanceOf(UserError),
          )
        },
      ),
      { numRuns: 300 },
    )
  })

  test('say where the fault was seen', async () => {
    const wrongChecksum = Uint8Array.from(packed)
    wrongChecksum[packed.length - 8]! ^= 1
    await expect(unpack(wrongChecksum)).rejects.toMatchObject({
      message: 'The gzip file is damaged or cut short: its checksum is wrong',
      offset: BigInt(packed.length - 8),
      advice: expect.stringContaining('gzip -t'),
    })
  })

  test('in a member before the last one are refused', async () => {
    const wrongChecksum = Uint8Array.from(Buffer.concat([packed, packed]))
    wrongChecksum[packed.length - 8]! ^= 1
    await expect(unpack(wrongChecksum)).rejects.toMatchObject({ offset: BigInt(packed.length - 8) })
  })

  test('followed by something else are refused', async () => {
    await expect(unpack(Buffer.concat([packed, Buffer.alloc(100, 7)]))).rejects.toThrow(UserError)
  })
})

test('more data than may be held are refused, with what to do', async () => {
  await expect(unpack(gzipSync(data(5 * 2 ** 20)), 2 * 2 ** 20)).rejects.toMatchObject({
    message: 'The packed image holds more than 2 MiB of data, which is the most that is unpacked here',
    advice: expect.stringContaining('gunzip'),
  })
})

test('stops when it is cancelled', async () => {
  const signal = { aborted: false }
  const unpacking = gunzipped(new MemorySource(gzipSync(data(5 * 2 ** 20))), {
    signal,
    onProgress: () => {
      signal.aborted = true
    },
  })
  await expect(unpacking).rejects.toThrow(Cancelled)
})

test('the checksum is that of zlib, in any number of parts', () => {
  assert(
    property(array(uint8Array()), parts => {
      const whole = Buffer.concat(parts)
      expect(parts.reduce((crc, part) => crc32(crc, part), 0)).toBe(crcOfNode(whole))
    }),
  )
})
