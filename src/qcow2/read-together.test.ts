/** Tables that are read together say the same as tables that are read one by one, of any image and any fault. */
import {
  array,
  assert as assertProperty,
  asyncProperty,
  constantFrom,
  double,
  nat,
  option,
  record,
} from 'fast-check'
import { expect, test } from 'vitest'
import { BlobSource } from '../disk/blob-source.ts'
import { type ByteSource, bytesOf } from '../disk/byte-source.ts'
import { mergedRanges } from '../lib/ranges.ts'
import { UserError } from '../lib/user-error.ts'
import { DamagedBlob } from '../testing/damaged-blob.ts'
import { parseRecipe } from '../workload/parse-recipe.ts'
import { syntheticSource } from '../workload/synthetic-image.ts'
import { buildOwnerMap } from './build-owner-map.ts'
import { openImage } from './open-image.ts'

const snapshots = [{ name: 'one', at: 0.5 }]

/** Tables side by side, close together and far apart; refcount blocks that are loaded whole and in parts. */
const RECIPES = [
  { virtualSize: '24M', clusterSize: '4k', fill: { pattern: 'sequential', share: 1 } },
  { virtualSize: '4M', clusterSize: 512, fill: { pattern: 'random', share: 0.2 }, snapshots },
  { virtualSize: '16M', clusterSize: '4k', fill: { pattern: 'hot-spots', share: 0.3, spots: 3 }, snapshots },
  { virtualSize: '16M', clusterSize: '2k', fill: { pattern: 'sequential', share: 1 }, refcountBits: 64 },
  { virtualSize: '8M', clusterSize: '64k', fill: { pattern: 'every-nth', n: 2 }, refcountBits: 2 },
].map(fields => {
  const source = syntheticSource(parseRecipe({ format: 'overlapscope-recipe', recipeVersion: 1, ...fields }))
  // Without the header, where opening would fail already.
  const tables = [...source.metadata()].slice(1)
  return { bytes: source.readSync(0, source.size), tables }
})

/** One read after another, each of exactly what is asked for. */
const oneByOne = (blob: DamagedBlob): ByteSource => ({
  size: blob.size,
  read: async (offset, length) => bytesOf((await new BlobSource(blob).readMany([{ offset, length }]))[0]!),
})

const together = (blob: DamagedBlob): ByteSource => ({
  ...oneByOne(blob),
  // Nothing is there from earlier reads, so that everything has to be read together.
  readMany: spans => new BlobSource(blob, { join: blob.join }).readMany(spans),
})

/** Everything that is told of an image, or why it does not open. */
async function told(disk: ByteSource): Promise<unknown> {
  try {
    const owners = await buildOwnerMap(await openImage(disk))
    const { runs, refcounts, counts, problems, problemCount, corruptions, leaks, check } = owners
    return { runs, refcounts, counts, problems, problemCount, corruptions, leaks, check }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { name: error.name, message: error.message, offset: error.offset }
  }
}

/** A place in the tables: a share of the way through them, so that it means something in every image. */
const place = double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

const cases = record({
  recipe: constantFrom(...RECIPES),
  words: array(
    record({ at: place, value: constantFrom(0n, 1n, 1n << 63n, (1n << 63n) | 512n, 3n << 16n, 1n << 62n) }),
  ),
  bad: array(record({ at: place, length: nat(3000) }), { maxLength: 2 }),
  cut: option(place, { freq: 4 }),
})

test('whatever is damaged, unreadable or cut off', async () => {
  const seen = { opened: 0, unreadable: 0 }
  await assertProperty(
    asyncProperty(cases, async ({ recipe, words, bad, cut }) => {
      const offsetAt = (share: number) => {
        const { offset, bytes } = recipe.tables[Math.floor(share * recipe.tables.length)]!
        return offset + Math.floor(((share * recipe.tables.length) % 1) * (bytes.length / 8)) * 8
      }
      const bytes = recipe.bytes.slice(0, cut === null ? undefined : offsetAt(cut))
      const view = new DataView(bytes.buffer)
      for (const { at, value } of words)
        if (offsetAt(at) + 8 <= bytes.length) view.setBigUint64(offsetAt(at), value)
      const ranges = mergedRanges(
        bad.map(({ at, length }) => ({ start: offsetAt(at), end: offsetAt(at) + length })),
      )
      const expected = await told(oneByOne(new DamagedBlob(bytes, ranges)))
      expect(await told(together(new DamagedBlob(bytes, ranges)))).toEqual(expected)
      if (typeof expected === 'object' && expected && 'runs' in expected) seen.opened++
      else if (expected && (expected as { name: string }).name === 'DiskError') seen.unreadable++
    }),
    { numRuns: 400 },
  )
  expect(seen.opened).toBeGreaterThan(30)
  expect(seen.unreadable).toBeGreaterThan(30)
})

test('tables far apart are read in one go', async () => {
  const { bytes } = RECIPES[0]!
  const apart = new DamagedBlob(bytes)
  const joined = new DamagedBlob(bytes)
  expect(await told(together(joined))).toEqual(await told(oneByOne(apart)))
  // 12 L2 tables, each 2 MiB from the next, and 4 refcount blocks.
  expect(apart.reads - joined.reads).toBe(12 + 4 - 1)
})
