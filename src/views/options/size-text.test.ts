import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatBytes, formatCount } from '../../lib/sizes.ts'
import { limitText, readLimit, readSize, sizeText } from './size-text.ts'

it('shows a size so that it is read again as the same', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: (1n << 63n) - 1n }), bytes => {
      expect(readSize(sizeText(bytes), 'p')).toEqual({ ok: true, bytes })
      expect(readLimit(limitText(bytes), 'p')).toEqual({ ok: true, bytes })
    }),
  )
  expect([0n, 4380n, 65536n, 1n << 30n].map(sizeText)).toEqual(['0', '4380', '64k', '1G'])
})

it('takes an empty field and a word for no limit', () => {
  for (const text of ['', ' ', 'unlimited', 'Unlimited', limitText(undefined)])
    expect(readLimit(text, 'p')).toEqual({ ok: true, bytes: undefined })
  expect(readSize('', 'p').ok).toBe(false)
})

it("refuses in QEMU's manner, naming the parameter and what it takes", () => {
  const read = readSize('12 apples', 'overlap-structures.bitmap-size')
  expect(read).toMatchObject({ ok: false })
  if (read.ok) return
  expect(read.error.message).toContain("Parameter 'overlap-structures.bitmap-size' expects a size")
  expect(read.error.message).toContain('12 apples')
  expect(read.error.advice).toContain('64k')
})

it('takes what the page itself prints', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: (1n << 63n) - 1n }), bytes => {
      expect(readSize(formatCount(bytes), 'p')).toEqual({ ok: true, bytes })
      expect(readSize(`${formatCount(bytes)} B`, 'p')).toEqual({ ok: true, bytes })
    }),
  )
  for (const bytes of [4380n, 65536n, 3n << 29n, 5n << 60n]) {
    const read = readSize(formatBytes(bytes), 'p')
    expect(read.ok && formatBytes(read.bytes)).toBe(formatBytes(bytes))
  }
  for (const text of ['4 380', '4\u2009380', '4\u00a0380 B', ' 4380 b'])
    expect(readSize(text, 'p')).toEqual({ ok: true, bytes: 4380n })
  expect(readLimit('64 KiB', 'p')).toEqual({ ok: true, bytes: 65536n })
  // Not groups of three, thousands of bytes, and a digit of a hexadecimal number.
  for (const text of ['4 38', '64 kB']) expect(readSize(text, 'p').ok).toBe(false)
  expect(readSize('0x10B', 'p')).toEqual({ ok: true, bytes: 0x10bn })
})
