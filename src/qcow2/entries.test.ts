import { array, assert, bigInt, boolean, constant, constantFrom, integer, oneof, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  clusterType,
  type L2Format,
  isCompressed,
  compressedExtent,
  isCopied,
  l1EntryOffset,
  l2EntryOffset,
  subclusterBitmap,
  tableEntry,
} from './entries.ts'
import { Incompatible } from './features.ts'
import type { Qcow2Image } from './image.ts'
import { L2Cursor } from './l2-cursor.ts'

const FORMAT = { clusterBits: 16, extendedL2: false, externalDataFile: false }

describe('clusterType', () => {
  test.each([
    ['nothing', 0n, 'unallocated'],
    ['zero bit', 1n, 'zero-plain'],
    ['zero bit and offset', 0x50001n, 'zero-alloc'],
    ['offset', 0x50000n, 'normal'],
    ['offset and COPIED', 0x8000000000050000n, 'normal'],
    ['COPIED without offset', 1n << 63n, 'unallocated'],
    ['compressed', 1n << 62n, 'compressed'],
    ['compressed with the lowest bit set', (1n << 62n) | 1n, 'compressed'],
    ['reserved bits only', 0x3f000000000001fen, 'unallocated'],
  ])('%s', (_name, entry, type) => {
    expect(clusterType(entry, FORMAT)).toBe(type)
  })

  test('bit 0 is no zero flag with extended L2', () => {
    expect(clusterType(1n, { ...FORMAT, extendedL2: true })).toBe('unallocated')
    expect(clusterType(0x50001n, { ...FORMAT, extendedL2: true })).toBe('normal')
  })

  test('offset 0 of a data file is a place, if COPIED says so', () => {
    expect(clusterType(1n << 63n, { ...FORMAT, externalDataFile: true })).toBe('normal')
    expect(clusterType(0n, { ...FORMAT, externalDataFile: true })).toBe('unallocated')
  })
})

test('offset and COPIED are read back from an entry', () => {
  assert(
    property(bigInt({ min: 0n, max: (1n << 47n) - 1n }), integer({ min: 0, max: 1 }), (sector, copied) => {
      const entry = tableEntry(sector * 512n, copied === 1)
      expect([l1EntryOffset(entry), l2EntryOffset(entry)]).toEqual([sector * 512n, sector * 512n])
      expect(isCopied(entry)).toBe(copied === 1)
    }),
  )
})

/** In the words of the specification: x = 62 - (cluster_bits - 8); bits 0 to x - 1 offset, x to 61 sectors. */
test('a compressed descriptor is taken apart as it was put together', () => {
  const parts = [
    integer({ min: 9, max: 21 }),
    bigInt({ min: 0n, max: (1n << 61n) - 1n }),
    integer({ min: 0, max: 8191 }),
  ] as const
  assert(
    property(...parts, (clusterBits, anyOffset, anySectors) => {
      const x = BigInt(62 - (clusterBits - 8))
      const offset = anyOffset % (1n << x)
      const sectors = anySectors % 2 ** (clusterBits - 8)
      const entry = (1n << 62n) | (BigInt(sectors) << x) | offset
      const extent = compressedExtent(entry, clusterBits)
      expect(extent.offset).toBe(offset)
      // It ends at the end of the last sector.
      expect((extent.offset + BigInt(extent.length)) % 512n).toBe(0n)
      expect((extent.offset + BigInt(extent.length)) / 512n - extent.offset / 512n).toBe(BigInt(sectors + 1))
    }),
  )
})

test('an extended entry says of each subcluster what it is', () => {
  expect(subclusterBitmap(0x8000000000000001n)).toEqual({ allocated: 1, zero: 0x80000000 })
  expect(subclusterBitmap(0x00000001ffffffffn)).toEqual({ allocated: 0xffffffff, zero: 1 })
})

/** The walker of millions of entries decodes them in 32-bit halves; it must see what the bigints say. */
test('L2Cursor reads every entry alike', () => {
  const kinds = ['unallocated', 'zero-plain', 'zero-alloc', 'normal', 'compressed'] as const
  const words = array(bigInt({ min: 0n, max: (1n << 64n) - 1n }), { minLength: 2, maxLength: 8 })
  const sparse = words.map(list => list.map((word, index) => (index % 2 ? word : word & 0xe0000000000f0001n)))
  assert(
    property(
      oneof(words, sparse),
      integer({ min: 9, max: 21 }),
      integer({ min: 0, max: 3 }),
      (list, bits, f) => {
        const format = { clusterBits: bits, extendedL2: (f & 1) === 1, externalDataFile: (f & 2) === 2 }
        const view = new DataView(new ArrayBuffer(list.length * 8))
        for (const [index, word] of list.entries()) view.setBigUint64(index * 8, word)
        const cursor = new L2Cursor(imageOf(format), view)
        for (let index = 0; index < cursor.length; index++) {
          const entry = view.getBigUint64(index * (format.extendedL2 ? 16 : 8))
          cursor.read(index)
          expect(kinds[cursor.kind]).toBe(clusterType(entry, format))
          const extent = compressedExtent(entry, bits)
          const offset = isCompressed(entry) ? extent.offset : l2EntryOffset(entry)
          expect(BigInt(cursor.sector) * 512n + BigInt(cursor.byteInSector)).toBe(offset)
          const ends = isCompressed(entry) ? cursor.sectors * 512 - cursor.byteInSector : extent.length
          expect(ends).toBe(extent.length)
          const second = format.extendedL2 ? view.getBigUint64(index * 16 + 8) : 0n
          const { allocated, zero } = subclusterBitmap(second)
          expect([cursor.allocated, cursor.zero]).toEqual([allocated, zero])
        }
      },
    ),
    { numRuns: 2000 },
  )
})

test('L2Cursor passes over entries that are all zero, and over no others', () => {
  const word = oneof(
    { weight: 8, arbitrary: constant(0n) },
    { weight: 1, arbitrary: constantFrom(1n, 0x80n, 1n << 63n, 1n << 32n, 1n << 31n) },
  )
  assert(
    property(
      array(word, { maxLength: 60, size: 'max' }),
      boolean(),
      constantFrom(0, 1, 4),
      (list, extendedL2, byteOffset) => {
        const view = new DataView(new ArrayBuffer(byteOffset + list.length * 8), byteOffset)
        for (const [index, each] of list.entries()) view.setBigUint64(index * 8, each)
        const cursor = new L2Cursor(imageOf({ ...FORMAT, extendedL2 }), view)
        const perEntry = extendedL2 ? 2 : 1
        const used = Array.from({ length: cursor.length }, (_, i) => i).filter(i =>
          list.slice(i * perEntry, (i + 1) * perEntry).some(each => each !== 0n),
        )
        const found: number[] = []
        for (let i = cursor.nextUsed(0); i < cursor.length; i = cursor.nextUsed(i + 1))
          if (cursor.read(i)) found.push(i)
        expect(found).toEqual(used)
        const isOnWord = byteOffset % 4 === 0
        expect(cursor.nextUsed(0)).toBe(isOnWord ? (used[0] ?? cursor.length) : 0)
      },
    ),
    { numRuns: 1000 },
  )
})

/** As much of an image as L2Cursor looks at. */
function imageOf({ clusterBits, extendedL2, externalDataFile }: L2Format): Qcow2Image {
  const incompatibleFeatures =
    (extendedL2 ? Incompatible.extendedL2 : 0n) | (externalDataFile ? Incompatible.dataFile : 0n)
  return {
    clusterSize: 2 ** clusterBits,
    header: { clusterBits, incompatibleFeatures },
  } as unknown as Qcow2Image
}
