/** Real qemu-img looks at images that were written as files: clean, and as the recipe says. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createImage } from '../cli/create.ts'
import { ImageFolder, mustRun, qemuCheck } from '../testing/qemu.ts'
import { parseRecipe } from './parse-recipe.ts'
import { planImage } from './plan-image.ts'
import { RECIPE_LIBRARY } from './recipe-library.ts'

let folder: ImageFolder
beforeAll(() => {
  folder = new ImageFolder()
})
afterAll(() => folder.remove())

const FILLS = [
  { pattern: 'sequential', share: 0.7 },
  { pattern: 'random', share: 0.3 },
  { pattern: 'every-nth', n: 5 },
  { pattern: 'hot-spots', share: 0.2, spots: 4 },
  { pattern: 'empty' },
]
const SNAPSHOTS = [
  [],
  [{ name: 'half way', at: 0.5 }],
  [
    { name: 'late', at: 0.9 },
    { name: 'first', at: 0 },
    { name: 'early', at: 0.2 },
  ],
]
const PREALLOCATIONS = ['off', 'off', 'metadata', 'falloc']
const CLUSTER_BITS = [9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]
const REFCOUNT_BITS = [16, 1, 2, 4, 8, 16, 32, 64]

/** Every cluster size three times; the other properties go round at speeds of their own, so that they meet. */
const RECIPES: object[] = Array.from({ length: 3 * CLUSTER_BITS.length }, (_, i) => {
  const clusterSize = 2 ** (CLUSTER_BITS[i % CLUSTER_BITS.length] ?? 16)
  const version = i % 7 === 3 ? 2 : 3
  const refcountBits = version === 2 ? 16 : (REFCOUNT_BITS[i % REFCOUNT_BITS.length] ?? 16)
  const most = 2 ** refcountBits - 2
  const snapshots = SNAPSHOTS[i % SNAPSHOTS.length] ?? []
  return {
    format: 'overlapscope-recipe',
    recipeVersion: 1,
    // Some end within a cluster, and the smaller ones are long enough for their refcount table to grow.
    virtualSize: clusterSize * (3000 + 41 * i) - (i % 4 === 0 ? 512 : 0),
    clusterSize,
    version,
    refcountBits,
    fill: FILLS[i % FILLS.length],
    snapshots: snapshots.slice(0, most),
    preallocation: PREALLOCATIONS[Math.floor(i / 3) % PREALLOCATIONS.length],
    seed: i,
  }
})

/** Those of the library that cost little to check. */
const LIBRARY = RECIPE_LIBRARY.filter(({ recipe }) => planImage(recipe).l2Tables.count < 600)

const named = (prefix: string, recipes: readonly object[]): [string, object][] =>
  recipes.map((recipe, i) => [`${prefix} ${i}: ${JSON.stringify(recipe)}`, recipe])

test.concurrent.each([
  ...named('recipe', RECIPES),
  ...named(
    'library',
    LIBRARY.map(({ recipe }) => recipe),
  ),
])('%s', async (name, json) => {
  const file = join(folder.path, `${name.slice(0, name.indexOf(':')).replace(' ', '-')}.qcow2`)
  await createImage('recipe', JSON.stringify(json), file, false)
  const recipe = parseRecipe(json)
  const { geometry, clusters, order } = planImage(recipe)

  const found = await qemuCheck([file])
  expect(found).toMatchObject({
    'check-errors': 0,
    'image-end-offset': clusters * geometry.clusterSize,
    'total-clusters': geometry.guestClusters,
    // Where there are none, it leaves the number out.
    ...(recipe.preallocation === 'off' && order.count === 0
      ? {}
      : { 'allocated-clusters': recipe.preallocation === 'off' ? order.count : geometry.guestClusters }),
  })
  expect([found['corruptions'], found['leaks']]).toEqual([undefined, undefined])

  const info = JSON.parse(await mustRun('qemu-img', ['info', '--output=json', file]))
  expect(info).toMatchObject({
    'virtual-size': Number(geometry.virtualSize),
    'cluster-size': geometry.clusterSize,
    format: 'qcow2',
    'format-specific': {
      data:
        geometry.version === 2
          ? { compat: '0.10' }
          : { compat: '1.1', 'refcount-bits': geometry.refcountBits, corrupt: false, 'extended-l2': false },
    },
  })
  const taken = recipe.snapshots.toSorted((a, b) => a.at - b.at)
  expect((info.snapshots ?? []).map((snapshot: { name: string }) => snapshot.name)).toEqual(
    taken.map(snapshot => snapshot.name),
  )
})

test('a file that is there is kept, unless it is to be replaced', async () => {
  const file = join(folder.path, 'kept.qcow2')
  const recipe = JSON.stringify(RECIPES[3])
  writeFileSync(file, 'precious')
  await expect(createImage('recipe', recipe, file, false)).rejects.toThrow('is there already')
  await expect(createImage('recipe', '{', file, true)).rejects.toThrow('recipe is not JSON')
  await expect(createImage('recipe', recipe, folder.path, true)).rejects.toThrow('and not a file')
  await createImage('recipe', recipe, file, true)
  expect(await qemuCheck([file])).toMatchObject({ 'check-errors': 0 })
})

test('nothing is left where nothing can be written', async () => {
  const file = join(folder.path, 'missing', 'image.qcow2')
  await expect(createImage('recipe', JSON.stringify(RECIPES[3]), file, false)).rejects.toThrow(file)
  expect(existsSync(file)).toBe(false)
})
