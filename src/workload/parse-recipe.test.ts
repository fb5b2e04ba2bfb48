import { expect, test } from 'vitest'
import { UserError } from '../lib/user-error.ts'
import { checkLimits, geometryOf } from './geometry.ts'
import { parseRecipe } from './parse-recipe.ts'
import { planImage } from './plan-image.ts'
import { RECIPE_LIBRARY } from './recipe-library.ts'
import { writeCount } from './write-order.ts'

const recipe = (fields: object) => ({
  format: 'overlapscope-recipe',
  recipeVersion: 1,
  virtualSize: '1G',
  ...fields,
})

/** What a person is told: the message and the advice. */
function told(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof UserError) return `${error.message}. ${error.advice}`
    throw error
  }
  return 'nothing'
}

test('what is left out takes the defaults of QEMU', () => {
  expect(parseRecipe(recipe({}))).toEqual({
    format: 'overlapscope-recipe',
    recipeVersion: 1,
    virtualSize: '1G',
    clusterSize: 65536,
    version: 3,
    refcountBits: 16,
    fill: { pattern: 'empty' },
    snapshots: [],
    preallocation: 'off',
    seed: 0,
  })
})

test.each([
  [null, 'The recipe is null. A recipe is a JSON object: { … }.'],
  [[], 'The recipe is [].'],
  [{}, 'The recipe lacks "format".'],
  [recipe({ recipeVersion: 2 }), 'This program does not know recipeVersion 2. It knows recipeVersion 1.'],
  [recipe({ size: 5 }), 'The recipe has an unknown field "size". Known fields are: format, recipeVersion,'],
  [recipe({ virtualSize: undefined }), 'The recipe lacks "virtualSize". "virtualSize" takes bytes'],
  [recipe({ virtualSize: '1GB' }), 'The recipe\'s "virtualSize" is "1GB". "virtualSize" takes bytes'],
  [recipe({ virtualSize: -1 }), 'The recipe\'s "virtualSize" is -1.'],
  [recipe({ clusterSize: 1.5 }), 'The recipe\'s "clusterSize" is 1.5.'],
  [recipe({ version: 4 }), 'The recipe\'s "version" is 4. "version" takes 2 or 3.'],
  [recipe({ refcountBits: 0 }), 'The recipe\'s "refcountBits" is 0. "refcountBits" takes a whole number'],
  [recipe({ seed: 2 ** 32 }), '"seed" takes a whole number from 0 to 4294967295.'],
  [recipe({ preallocation: 'full' }), '"preallocation" takes "off", "metadata" or "falloc".'],
  [
    recipe({ fill: { pattern: 'zigzag' } }),
    'The recipe\'s "pattern" is "zigzag". "pattern" takes one of "empty"',
  ],
  [recipe({ fill: { pattern: 'toString' } }), 'The recipe\'s "pattern" is "toString".'],
  [recipe({ fill: { pattern: 'random' } }), 'The recipe lacks "share". "share" takes a part of the whole'],
  [recipe({ fill: { pattern: 'random', share: 2 } }), 'The recipe\'s "share" is 2.'],
  [recipe({ fill: { pattern: 'empty', n: 2 } }), 'The fill "empty" has an unknown field "n".'],
  [recipe({ fill: { pattern: 'every-nth', n: 0 } }), 'The recipe\'s "n" is 0.'],
  [recipe({ snapshots: 3 }), 'The recipe\'s "snapshots" is 3. "snapshots" takes a list'],
  [recipe({ snapshots: [{ name: '', at: 0 }] }), 'The recipe\'s "name" is "".'],
  [recipe({ snapshots: [{ name: 'a', at: 1.1 }] }), 'The recipe\'s "at" is 1.1.'],
])('refuses %j', (json, words) => {
  expect(told(() => parseRecipe(json))).toContain(words)
})

test.each([
  [{ clusterSize: 1000 }, 'It must be a power of two between 512 and 2M.'],
  [{ clusterSize: '4M' }, 'The cluster size 4M is not possible.'],
  [{ refcountBits: 3 }, 'Refcounts of 3 bits are not possible in version 3.'],
  [{ version: 2, refcountBits: 8 }, 'version 2 only of 16.'],
  [{ virtualSize: 0 }, 'A virtual size of 0 B is not possible here.'],
  [{ virtualSize: '10T', clusterSize: '4k' }, 'between 512 bytes and 8 TiB: an L1 table has 32 MiB at most.'],
  [{ refcountBits: 1, snapshots: [{ name: 'a', at: 0 }] }, '1 snapshots need larger refcounts than 1 bits.'],
  [
    { refcountBits: 2, snapshots: Array.from({ length: 3 }, () => ({ name: 'a', at: 0 })) },
    'with 2 bits 2 snapshots are possible at most.',
  ],
  [
    { virtualSize: '128G', clusterSize: 512, fill: { pattern: 'sequential', share: 1 } },
    'it holds 128 GiB at most: a refcount table has 8 MiB at most.',
  ],
  [{ virtualSize: '16T', fill: { pattern: 'random', share: 1 } }, 'at most a share of 0.0625 here.'],
])('says the limit before any work: %j', (fields, words) => {
  const act = () => {
    const parsed = parseRecipe(recipe(fields))
    const geometry = geometryOf(parsed)
    checkLimits(parsed, geometry, writeCount(parsed.fill, geometry))
  }
  expect(told(act)).toContain(words)
})

test('the largest disks of each cluster size are possible', () => {
  for (const clusterBits of [9, 12, 16]) {
    const virtualSize = String(2n ** BigInt(22 + clusterBits - 3 + clusterBits))
    const { geometry } = planImage(parseRecipe(recipe({ virtualSize, clusterSize: 2 ** clusterBits })))
    expect(geometry.l1Clusters * geometry.clusterSize).toBe(32 << 20)
  }
})

test('every recipe of the library can be read and planned', () => {
  expect(RECIPE_LIBRARY.length).toBeGreaterThanOrEqual(12)
  expect(new Set(RECIPE_LIBRARY.map(({ name }) => name)).size).toBe(RECIPE_LIBRARY.length)
  for (const { recipe: one } of RECIPE_LIBRARY) {
    expect(parseRecipe(JSON.parse(JSON.stringify(one)))).toEqual(one)
    expect(planImage(one).clusters).toBeGreaterThan(3)
  }
})
