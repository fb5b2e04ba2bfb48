import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MemorySource } from '../disk/memory-source.ts'
import { Overlay } from '../disk/overlay.ts'
import { sameChanges } from './same-changes.ts'

const change = fc.oneof(
  fc.record({ offset: fc.nat(60_000), length: fc.integer({ min: 1, max: 9000 }), byte: fc.nat(1) }),
  fc.record({ size: fc.nat(80_000) }),
)
const below = new MemorySource(new Uint8Array(50_000).map((_, i) => i % 7))

function overlay(changes: readonly ({ offset: number; length: number; byte: number } | { size: number })[]) {
  const disk = new Overlay(below)
  for (const each of changes)
    if ('size' in each) disk.truncate(each.size)
    else disk.fill(each.offset, each.length, each.byte)
  return disk
}

it('holds for copies, and never for files that differ', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 5 }), fc.array(change, { maxLength: 2 }), (first, then) => {
      const a = overlay(first)
      const b = overlay([...first, ...then])
      expect(sameChanges(a, overlay(first))).toBe(true)
      expect(sameChanges(a, a.clone())).toBe(true)
      const areEqual = a.size === b.size && Buffer.compare(a.readSync(0, a.size), b.readSync(0, b.size)) === 0
      expect(sameChanges(a, b) && !areEqual).toBe(false)
      expect(sameChanges(b, a) && !areEqual).toBe(false)
    }),
  )
})
