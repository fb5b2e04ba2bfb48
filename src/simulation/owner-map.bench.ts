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
  ['1 TiB written at random', { virtualSize: '1T', fill: { pattern: 'random', share: 0.3 } }],
  ['1 PiB hardly written', { virtualSize: '1P', fill: { pattern: 'hot-spots', share: 0.0001, spots: 50 } }],
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
    notes: () => (owners ? [kept(owners)] : []),
  }
})

function kept({ byteLength, parts: { runs, claims, references } }: OwnerIndex): string {
  const each = (count: number) => (byteLength / count).toFixed(1)
  return (
    `kept: ${byteLength} bytes for ${runs.count} runs of ${runs.end} clusters, put together from ${claims.count} claims ` +
    `of ${references.groupCount} L2 tables; ${each(runs.count)} bytes a run, ${each(claims.count)} a claim`
  )
}
