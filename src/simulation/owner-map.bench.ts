/** Finding out who owns which cluster of synthetic images, and what is kept of it. */
import type { Benchmark } from '../testing/benchmark.ts'
import { BLANK_RECIPE } from '../workload/blank-recipe.ts'
import { parseRecipe } from '../workload/parse-recipe.ts'
import { syntheticSource, type SyntheticImage } from '../workload/synthetic-image.ts'
import { buildOwnerMap } from '../qcow2/build-owner-map.ts'
import { openImage } from '../qcow2/open-image.ts'
import type { OwnerIndex } from '../qcow2/owner-index.ts'

const images: readonly (readonly [name: string, recipe: object])[] = [
  ['1 TiB written in order', { virtualSize: '1T', fill: { pattern: 'sequential', share: 1 } }],
  ['128 GiB written at random', { virtualSize: '128G', fill: { pattern: 'random', share: 0.3 } }],
  ['1 TiB written at random', { virtualSize: '1T', fill: { pattern: 'random', share: 0.3 } }],
  ['1 PiB hardly written', { virtualSize: '1P', fill: { pattern: 'hot-spots', share: 0.0001, spots: 50 } }],
  [
    '1 PiB in clusters of 2 MiB, a hundredth of it written at random',
    { virtualSize: '1P', clusterSize: '2M', fill: { pattern: 'random', share: 0.01 } },
  ],
]

export const benchmarks: readonly Benchmark[] = images.map(([name, recipe]) => {
  let source: SyntheticImage | undefined
  let owners: OwnerIndex | undefined
  return {
    name: `owners: ${name}`,
    unit: 'opening',
    contestants: [
      {
        name: 'opened and every table followed',
        prepare() {
          source ??= syntheticSource(parseRecipe({ ...BLANK_RECIPE, ...recipe }))
        },
        async run() {
          owners = await buildOwnerMap(await openImage(source!))
          return 1
        },
      },
    ],
    notes: () => (owners ? kept(owners) : []),
  }
})

const each = (bytes: number, count: number) => `${(bytes / count).toFixed(2)} bytes each`

function kept({ byteLength, parts: { runs, claims, references } }: OwnerIndex): string[] {
  const rest = byteLength - claims.byteLength - references.byteLength
  return [
    `kept: ${byteLength} bytes`,
    `${runs.count} runs of ${runs.end} clusters, with those of refcounts: ${rest} bytes, ${each(rest, runs.count)}`,
    `${claims.count} claims: ${claims.byteLength} bytes, ${each(claims.byteLength, claims.count)}`,
    `${references.count} references to ${references.groupCount} L2 tables: ${references.byteLength} bytes, ` +
      each(references.byteLength, references.count),
  ]
}
