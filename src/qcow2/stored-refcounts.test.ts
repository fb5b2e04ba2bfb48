/** Refcounts are the same however their blocks were read: when they are needed, before that, or along with something else. */
import {
  assert as assertProperty,
  asyncProperty,
  constantFrom,
  integer,
  nat,
  option,
  record,
} from 'fast-check'
import { expect, test } from 'vitest'
import { type ByteSource, readMany } from '../disk/byte-source.ts'
import { parseRecipe } from '../workload/parse-recipe.ts'
import { syntheticSource } from '../workload/synthetic-image.ts'
import type { Qcow2Image } from './image.ts'
import { openImage } from './open-image.ts'
import { StoredRefcounts, unpackRefcounts } from './stored-refcounts.ts'

const snapshots = [{ name: 'one', at: 0.5 }]
const fill = { pattern: 'sequential', share: 1 }

/** Blocks loaded in 8 parts each; many blocks, each loaded whole. */
const RECIPES = [
  { virtualSize: '32G', clusterSize: '64k', refcountBits: 2, fill, snapshots },
  { virtualSize: '64M', clusterSize: '4k', refcountBits: 16, fill, snapshots },
  { virtualSize: '1M', clusterSize: 512, refcountBits: 64, fill, snapshots },
]

/** @returns an image, and how often anything was read of it since it was opened */
async function opened(fields: object): Promise<{ image: Qcow2Image; reads: () => number }> {
  const source = syntheticSource(parseRecipe({ format: 'overlapscope-recipe', recipeVersion: 1, ...fields }))
  let reads = 0
  const image = await openImage({
    size: source.size,
    read: (offset, length) => source.read(offset, length),
    readMany(spans) {
      reads++
      return readMany(source, spans)
    },
  })
  return { image, reads: () => reads }
}

/** Every stretch up to the end of the file. */
async function stretches(stored: StoredRefcounts, end: number): Promise<unknown[]> {
  const all: unknown[] = []
  for (let at = 0; at < end; at = stored.end) {
    await stored.load(at)
    const { base, end: next, empty, failed } = stored
    all.push({ base, next, empty, failed, values: empty ? [] : stored.values.slice(0, next - base) })
  }
  return all
}

test.each(RECIPES)('of $virtualSize in clusters of $clusterSize', async fields => {
  const { image, reads } = await opened(fields)
  const { fileClusters } = image
  const expected = await stretches(new StoredRefcounts(image), fileClusters)
  expect(expected.length).toBeGreaterThan(8)
  expect(reads()).toBe(expected.length)

  const ahead = new StoredRefcounts(image)
  ahead.startLoading(fileClusters)
  expect(await stretches(ahead, fileClusters)).toEqual(expected)
  expect(reads()).toBe(expected.length + 1)

  const along = new StoredRefcounts(image)
  const blocks = along.blocksToKeep()
  const readings = await readMany(image.disk, blocks)
  // One of two, so that the others have to be read ahead.
  for (const [index, block] of blocks.entries()) if (index % 2 === 0) along.keep(block, readings[index]!)
  along.startLoading(fileClusters)
  expect(await stretches(along, fileClusters)).toEqual(expected)
  expect(reads()).toBe(expected.length + 3)
})

test('equal refcounts are told from such of which one is another', async () => {
  const { image } = await opened(RECIPES[1]!)
  const { clusterSize } = image
  await assertProperty(
    asyncProperty(
      record({
        order: integer({ min: 0, max: 6 }),
        byte: constantFrom(0, 1, 0xff, 0x55, 0x10),
        width: constantFrom(1, 2, 4, 8),
        other: option(nat(clusterSize - 1)),
      }),
      async ({ order, byte, width, other }) => {
        const block = Uint8Array.from({ length: clusterSize }, (_, i) => (i % width === width - 1 ? byte : 0))
        if (other !== null) block[other]! ^= 1
        const header = { ...image.header, refcountOrder: order }
        const stored = new StoredRefcounts({
          ...image,
          header,
          disk: { size: 2 ** 40, read: async () => block },
        })
        await stored.load(0)
        const count = stored.end - stored.base
        const expected = new Float64Array(count)
        unpackRefcounts(block.subarray(0, (count * 2 ** order) / 8), order, expected)
        expect(stored.values.subarray(0, count)).toEqual(expected)
        expect(stored.uniform).toBe(expected.every(value => value === expected[0]))
      },
    ),
    { numRuns: 300 },
  )
})

test('a block that could not be read ahead is tried again when it is needed', async () => {
  const { image, reads } = await opened(RECIPES[1]!)
  const expected = await stretches(new StoredRefcounts(image), image.fileClusters)
  const before = reads()
  const disk: ByteSource = {
    ...image.disk,
    readMany: async spans =>
      spans.length > 1 ? spans.map(() => new Error('busy')) : await readMany(image.disk, spans),
  }
  const stored = new StoredRefcounts({ ...image, disk })
  const blocks = stored.blocksToKeep()
  for (const block of blocks) stored.keep(block, new Error('busy'))
  stored.startLoading(image.fileClusters)
  expect(await stretches(stored, image.fileClusters)).toEqual(expected)
  expect(reads() - before).toBe(blocks.length)
})
