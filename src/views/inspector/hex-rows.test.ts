import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hexByte, hexOffset, hexRows } from './hex-rows.ts'

describe('hexRows', () => {
  it('folds equal rows, and loses no byte', () => {
    const bytes = fc.uint8Array({ maxLength: 256 }).map(array => array.map(byte => (byte < 200 ? 0 : byte)))
    fc.assert(
      fc.property(bytes, fc.bigInt({ min: 0n, max: 1n << 62n }), (array, start) => {
        const unfolded: number[] = []
        let offset = start
        for (const row of hexRows(array, start)) {
          expect(row.offset).toBe(offset)
          for (let i = 0; i < row.rows; i++) unfolded.push(...row.bytes)
          offset += BigInt(row.rows * 8)
        }
        expect(unfolded).toEqual([...array])
      }),
    )
  })

  it('writes offsets past 2^53 exactly', () => {
    const [, second] = hexRows(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), (1n << 62n) + 3n)
    expect(hexOffset(second!.offset)).toBe('400000000000000b')
    expect(hexOffset(0x30000000n)).toBe('30000000')
    expect(hexOffset(512n)).toBe('00000200')
    expect(hexByte(7)).toBe('07')
  })
})
