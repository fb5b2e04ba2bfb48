import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asciiOf, hexByte, hexOffset, hexRows } from './hex-rows.ts'

describe('hexRows', () => {
  it('loses no byte, and leaves each its field', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 256 }),
        fc.bigInt({ min: 0n, max: 1n << 62n }),
        (bytes, start) => {
          const fields = Uint32Array.from(bytes, (_, index) => index)
          const rows = hexRows({ bytes, fields }, start)
          expect(rows.flatMap(row => [...row.bytes])).toEqual([...bytes])
          expect(rows.flatMap(row => [...row.fields])).toEqual([...fields])
          for (const [index, row] of rows.entries()) expect(row.offset).toBe(start + BigInt(8 * index))
        },
      ),
    )
  })

  it('writes offsets past 2^53 exactly', () => {
    const page = { bytes: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), fields: new Uint32Array() }
    const [, second] = hexRows(page, (1n << 62n) + 3n)
    expect(hexOffset(second!.offset)).toBe('400000000000000b')
    expect(hexOffset(0x30000000n)).toBe('30000000')
    expect(hexOffset(512n)).toBe('00000200')
    expect(hexByte(7)).toBe('07')
    expect([81, 10, 127].map(asciiOf).join('')).toBe('Q··')
  })
})
