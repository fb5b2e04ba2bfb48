import { BLANK_RECIPE } from './blank-recipe.ts'
import type { Recipe } from './recipe.ts'

/** A recipe with a name to be chosen by. */
export interface NamedRecipe {
  readonly name: string
  /** What it is good for, a line. */
  readonly line: string
  readonly recipe: Recipe
}

const named = (
  name: string,
  line: string,
  fields: Pick<Recipe, 'virtualSize' | 'fill'> & Partial<Recipe>,
): NamedRecipe => ({
  name,
  line,
  recipe: { ...BLANK_RECIPE, seed: 1, ...fields },
})

const daily = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** Images worth starting from, each different in what its metadata looks like. */
export const RECIPE_LIBRARY: readonly NamedRecipe[] = [
  named('10 GiB, fresh', 'As qemu-img create leaves it: four clusters, no data.', {
    virtualSize: '10G',
    fill: { pattern: 'empty' },
  }),
  named('1 TiB, written in order', 'The calmest image there is: one L2 table every 512 MiB.', {
    virtualSize: '1T',
    fill: { pattern: 'sequential', share: 1 },
  }),
  named('64 GiB, random', 'All L2 tables come early and lie together; data is scattered over them.', {
    virtualSize: '64G',
    fill: { pattern: 'random', share: 0.5 },
  }),
  named('256 GiB, hot spots', 'A dozen busy places on a disk that is otherwise empty.', {
    virtualSize: '256G',
    fill: { pattern: 'hot-spots', share: 0.05, spots: 12 },
  }),
  named('2 GiB, every second cluster', 'L2 tables at even distances, one in each window.', {
    virtualSize: '2000M',
    fill: { pattern: 'every-nth', n: 2 },
  }),
  named('A snapshot a day', 'Seven snapshots; each first write after one copies an L2 table.', {
    virtualSize: '40G',
    fill: { pattern: 'hot-spots', share: 0.2, spots: 9 },
    snapshots: daily.map((name, day) => ({ name, at: (day + 1) / (daily.length + 1) })),
  }),
  named('512-byte clusters', 'A table for every 32 KiB of data: metadata is everywhere.', {
    virtualSize: '512M',
    clusterSize: 512,
    fill: { pattern: 'sequential', share: 0.25 },
  }),
  named('L2 tables and data in turn', 'No list of fragments is shorter than a bitmap here.', {
    virtualSize: '256M',
    clusterSize: 512,
    fill: { pattern: 'every-nth', n: 64 },
  }),
  named(
    '8 TiB, 4 KiB clusters',
    'The largest disk of such clusters: its L1 table has the 32 MiB that are allowed.',
    {
      virtualSize: '8T',
      clusterSize: '4k',
      fill: { pattern: 'sequential', share: 0.002 },
    },
  ),
  named('16 TiB, 2 MiB clusters', 'Very little metadata for very much data.', {
    virtualSize: '16T',
    clusterSize: '2M',
    fill: { pattern: 'sequential', share: 0.5 },
  }),
  named('1 PiB, sparse', 'A few busy places in a petabyte, and nothing between them.', {
    virtualSize: '1P',
    clusterSize: '2M',
    fill: { pattern: 'hot-spots', share: 0.0005, spots: 24 },
  }),
  named('128 GiB, preallocated metadata', 'Every L2 table is there before the first write.', {
    virtualSize: '128G',
    fill: { pattern: 'empty' },
    preallocation: 'metadata',
  }),
  named(
    '32 GiB, preallocated, then a snapshot',
    'Written in place at first, and copied once a snapshot shares it.',
    {
      virtualSize: '32G',
      fill: { pattern: 'random', share: 0.1 },
      snapshots: [{ name: 'before the upgrade', at: 0.5 }],
      preallocation: 'falloc',
    },
  ),
  named('64-bit refcounts', 'A refcount block for every 8192 clusters, four times as many as usual.', {
    virtualSize: '64G',
    refcountBits: 64,
    fill: { pattern: 'sequential', share: 0.5 },
  }),
  named('Version 2', 'The format of before 2012, without feature bits.', {
    virtualSize: '20G',
    version: 2,
    fill: { pattern: 'random', share: 0.1 },
  }),
]
