import { expect, test } from 'vitest'
import fc from 'fast-check'
import { MemorySource } from '../disk/memory-source.ts'
import { Overlay } from '../disk/overlay.ts'
import { imageBlob } from './image-blob.ts'

const change = fc.oneof(
  fc.record({ offset: fc.nat(3_000_000), length: fc.integer({ min: 1, max: 70_000 }), byte: fc.nat(255) }),
  fc.record({ size: fc.nat(4_000_000) }),
)

test('the file is the overlay, byte for byte, whether a file lies below it or not', async () => {
  const below = new Uint8Array(1_500_000).map((_, i) => (i >> 12) % 3)
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 6 }), fc.boolean(), async (changes, isFile) => {
      const disk = new Overlay(new MemorySource(below))
      for (const each of changes)
        if ('size' in each) disk.truncate(each.size)
        else disk.fill(each.offset, each.length, each.byte)
      const blob = await imageBlob(disk, isFile ? new Blob([below]) : undefined)
      expect(blob.size).toBe(disk.size)
      const bytes = Buffer.from(await blob.arrayBuffer())
      expect(bytes.equals(disk.readSync(0, disk.size))).toBe(true)
    }),
    { numRuns: 30 },
  )
})
