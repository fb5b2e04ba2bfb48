import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseRecipe } from './parse-recipe.ts'
import { syntheticSource } from './synthetic-image.ts'

const image = (fields: object) =>
  syntheticSource(
    parseRecipe({ format: 'overlapscope-recipe', recipeVersion: 1, virtualSize: '4M', ...fields }),
  )

const snapshots = [
  { name: 'one', at: 0.3 },
  { name: 'two', at: 0.6 },
]

const RECIPES: object[] = [
  { fill: { pattern: 'sequential', share: 0.5 } },
  { clusterSize: 512, fill: { pattern: 'random', share: 0.2 }, snapshots },
  {
    clusterSize: '4k',
    fill: { pattern: 'hot-spots', share: 0.3, spots: 3 },
    preallocation: 'metadata',
    snapshots,
  },
  { clusterSize: '2M', fill: { pattern: 'every-nth', n: 2 }, preallocation: 'falloc', refcountBits: 2 },
]

test.each(RECIPES)('any range reads as it does in the whole: %j', async fields => {
  const whole = await image(fields).read(0, image(fields).size)
  const source = image(fields)
  await fc.assert(
    fc.asyncProperty(fc.nat(source.size), fc.nat(100_000), async (offset, length) => {
      const expected = new Uint8Array(length)
      expected.set(whole.subarray(offset, offset + length))
      expect(Buffer.from(await source.read(offset, length)).equals(expected)).toBe(true)
    }),
    { numRuns: 100, seed: 1 },
  )
})

test.each(RECIPES)('metadata is told apart from the rest, and as it reads: %j', async fields => {
  const source = image(fields)
  let end = 0
  for (const { offset, bytes } of source.metadata()) {
    expect(offset).toBeGreaterThanOrEqual(end)
    end = offset + bytes.length
    expect(Buffer.from(await source.read(offset, bytes.length)).equals(bytes)).toBe(true)
  }
  expect(end).toBeLessThanOrEqual(source.size)
})

async function everything(seed: number): Promise<Buffer> {
  const source = image({ clusterSize: '4k', fill: { pattern: 'random', share: 0.5 }, seed })
  return Buffer.from(await source.read(0, source.size))
}

test('the seed decides about order and data, and nothing else does', async () => {
  expect((await everything(5)).equals(await everything(5))).toBe(true)
  expect((await everything(5)).equals(await everything(6))).toBe(false)
})

test('guest data is never zero, except where space was only set aside', async () => {
  const written = image({ fill: { pattern: 'sequential', share: 0.5 } })
  const [first] = await written.read(5 * 65536, 1)
  expect(first).toBeGreaterThan(0)
  const reserved = image({ fill: { pattern: 'sequential', share: 0.5 }, preallocation: 'metadata' })
  expect((await reserved.read(5 * 65536, 1))[0]).toBeGreaterThan(0)
  expect((await reserved.read(60 * 65536, 1))[0]).toBe(0)
})

test('a terabyte is planned as a few thousand stretches', () => {
  const { plan } = image({ virtualSize: '1T', fill: { pattern: 'sequential', share: 1 } })
  // Header, refcount table, L1 table; a table for each 512 MiB; a block for each 32768 clusters; data.
  expect(plan.clusters).toBe(3 + 2048 + 513 + 2 ** 24)
  expect(plan.segments.count).toBeLessThan(6000)
})
