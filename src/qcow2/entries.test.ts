import { assert, bigInt, integer, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  clusterType,
  compressedExtent,
  isCopied,
  l1EntryOffset,
  l2EntryOffset,
  subclusterBitmap,
  tableEntry,
} from './entries.ts'

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
