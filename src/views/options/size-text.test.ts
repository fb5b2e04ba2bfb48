import fc from 'fast-check'
import { expect, it } from 'vitest'
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
