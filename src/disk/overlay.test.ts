import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MemorySource } from './memory-source.ts'
import { Overlay } from './overlay.ts'
import { PageRow } from './page-row.ts'
import { PAGE_BYTES } from './paged-bytes.ts'

const SOURCE = Uint8Array.from({ length: 3 * PAGE_BYTES + 100 }, (_, i) => 1 + (i % 251))
const LARGEST = 40 * PAGE_BYTES

const offset = fc.oneof(
  fc.nat(SOURCE.length + 100),
  fc.nat(LARGEST),
  fc.nat(40).map(n => n * PAGE_BYTES),
)
const length = fc.oneof(fc.nat(20), fc.nat(3 * PAGE_BYTES), fc.constant(PAGE_BYTES))
const step = fc.oneof(
  fc.record({
    kind: fc.constant('write' as const),
    offset,
    length: length.filter(n => n > 0),
    byte: fc.nat(255),
  }),
  fc.record({ kind: fc.constant('fill' as const), offset, length, byte: fc.nat(255) }),
  fc.record({ kind: fc.constant('truncate' as const), offset, length: fc.constant(0), byte: fc.constant(0) }),
  fc.record({
    kind: fc.constant('table' as const),
    offset: fc.nat(9).map(n => n * PAGE_BYTES),
    length: fc.constantFrom(512, PAGE_BYTES, 4 * PAGE_BYTES),
    byte: fc.nat(255),
  }),
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** The same file, held whole. */
function carryOut(file: Uint8Array, { kind, offset: at, length: count, byte }: Step): Uint8Array {
  if (kind === 'truncate') {
    const cut = new Uint8Array(at)
    cut.set(file.subarray(0, at))
    return cut
  }
  if (count === 0) return file
  if (kind === 'table') return carryOut(file, { kind: 'fill', offset: at, length: count, byte })
  const longer = new Uint8Array(Math.max(file.length, at + count))
  longer.set(file)
  return longer.fill(byte, at, at + count)
}

function apply(overlay: Overlay, { kind, offset: at, length: count, byte }: Step): void {
  if (kind === 'truncate') overlay.truncate(at)
  else if (kind === 'fill') overlay.fill(at, count, byte)
  else if (kind === 'table') overlay.writeTable(at, PageRow.of(new Uint8Array(count).fill(byte)))
  else overlay.write(at, new Uint8Array(count).fill(byte))
}

function expectSame(overlay: Overlay, file: Uint8Array): void {
  expect(overlay.size).toBe(file.length)
  expect(Buffer.compare(overlay.readSync(0, file.length), file)).toBe(0)
  expect(overlay.readSync(file.length, 100)).toEqual(new Uint8Array(100))
}

it('reads as a file that was written to would, and leaves the one below alone', () => {
  const below = SOURCE.slice()
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), steps => {
      const overlay = new Overlay(new MemorySource(below))
      let file: Uint8Array = SOURCE
      for (const one of steps) {
        apply(overlay, one)
        file = carryOut(file, one)
      }
      expectSame(overlay, file)
      // What was not changed is as it was below.
      let clean = 0
      for (const range of overlay.dirtyRanges()) {
        expect(range.offset).toBeGreaterThanOrEqual(clean)
        expectClean(overlay, clean, range.offset)
        clean = range.offset + range.length
      }
      expectClean(overlay, clean, overlay.size)
    }),
  )
  expect(Buffer.compare(below, SOURCE)).toBe(0)
})

function expectClean(overlay: Overlay, from: number, to: number): void {
  const visible = Math.max(from, Math.min(to, overlay.visibleEnd))
  expect(Buffer.compare(overlay.readSync(from, visible - from), SOURCE.subarray(from, visible))).toBe(0)
  expect(overlay.readSync(visible, Math.max(0, to - visible)).every(byte => byte === 0)).toBe(true)
}

it('copies that go their own ways do not feel each other', () => {
  const branch = fc.record({ steps: fc.array(step, { maxLength: 5 }), from: fc.nat(9) })
  fc.assert(
    fc.property(fc.array(branch, { minLength: 1, maxLength: 10 }), branches => {
      const copies = [{ overlay: new Overlay(new MemorySource(SOURCE)), file: SOURCE as Uint8Array }]
      for (const { steps, from } of branches) {
        const base = copies[from % copies.length]!
        const copy = { overlay: base.overlay.clone(), file: base.file }
        copies.push(copy)
        // Both sides go on.
        for (const [index, one] of steps.entries()) {
          const side = index % 2 === 0 ? copy : base
          apply(side.overlay, one)
          side.file = carryOut(side.file, one)
        }
      }
      for (const { overlay, file } of copies) expectSame(overlay, file)
    }),
  )
})

it('keeps a terabyte of one byte in pages that all are the same', () => {
  const overlay = new Overlay(new MemorySource(new Uint8Array(0)))
  overlay.fill(2 ** 40, 2 ** 30, 0xab)
  expect(overlay.size).toBe(2 ** 40 + 2 ** 30)
  expect(overlay.readSync(2 ** 40 + 12345, 3)).toEqual(Uint8Array.of(0xab, 0xab, 0xab))
  expect([...overlay.dirtyRanges()]).toEqual([{ offset: 2 ** 40, length: 2 ** 30 }])
})

it('tells where two files differ, whichever of them was changed', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 8 }),
      fc.array(step, { maxLength: 8 }),
      fc.array(step, { maxLength: 8 }),
      (first, then, otherwise) => {
        const one = new Overlay(new MemorySource(SOURCE))
        for (const each of first) apply(one, each)
        const other = one.clone()
        for (const each of then) apply(one, each)
        for (const each of otherwise) apply(other, each)
        expectDifferencesWithin(one.changedSince(other), one, other)
        expectDifferencesWithin(one.changedSince(), one, new Overlay(new MemorySource(SOURCE)))
        expect(one.changedSince(one.clone())).toEqual([])
      },
    ),
  )
})

function expectDifferencesWithin(
  ranges: readonly { start: number; end: number }[],
  one: Overlay,
  other: Overlay,
): void {
  expect(ranges.every(({ start, end }, i) => start < end && start > (ranges[i - 1]?.end ?? -1))).toBe(true)
  const size = Math.max(one.size, other.size)
  const [bytes, otherBytes] = [one.readSync(0, size), other.readSync(0, size)]
  for (const { start, end } of ranges) {
    bytes.fill(0, start, end)
    otherBytes.fill(0, start, end)
  }
  expect(Buffer.compare(bytes, otherBytes)).toBe(0)
}
