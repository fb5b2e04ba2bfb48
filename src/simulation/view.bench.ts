/** Looking at an image again after a guest's write of one cluster: at everything, and at what changed. */
import type { Overlay } from '../disk/overlay.ts'
import type { Benchmark } from '../testing/benchmark.ts'
import { BLANK_RECIPE } from '../workload/blank-recipe.ts'
import { parseScript } from '../workload/commands/parse-script.ts'
import { parseRecipe } from '../workload/parse-recipe.ts'
import { syntheticSource } from '../workload/synthetic-image.ts'
import { DEFAULT_OPTIONS } from './run-options.ts'
import { Session } from './session.ts'
import { type View, viewAfter, viewOf } from './view.ts'

const FULL = { pattern: 'sequential', share: 0.9 }
const RANDOM = { pattern: 'random', share: 0.3 }

const images: readonly (readonly [name: string, recipe: object])[] = [
  ['64 GiB', { virtualSize: '64G', fill: FULL }],
  ['1 TiB', { virtualSize: '1T', fill: FULL }],
  ['4 TiB', { virtualSize: '4T', fill: FULL }],
  ['1 TiB random', { virtualSize: '1T', fill: RANDOM }],
]

/** Two moments of a file, one write between them. */
interface Moments {
  readonly before: View
  readonly file: Overlay
  readonly next: Overlay
}

async function moments(recipe: object): Promise<Moments> {
  const source = syntheticSource(parseRecipe({ ...BLANK_RECIPE, ...recipe }))
  const session = await Session.open(source, { seconds: 0n, microseconds: 0 }, { source: () => source })
  session.runUnder(DEFAULT_OPTIONS)
  const write = (offset: string) => session.runCommands(parseScript(`write -P 7 ${offset} 64k`))
  await write('4G')
  const file = session.settled()
  const before = await viewOf(file)
  await write('60G')
  return { before, file, next: session.settled() }
}

export const benchmarks: readonly Benchmark[] = images.map(([name, recipe]) => {
  let made: Promise<Moments> | undefined
  let now: Moments
  const prepare = async () => {
    now = await (made ??= moments(recipe))
  }
  return {
    name: `look after a write: ${name}`,
    unit: 'look',
    contestants: [
      {
        name: 'at everything',
        prepare,
        async run() {
          await viewOf(now.next)
          return 1
        },
      },
      {
        name: 'at what changed',
        prepare,
        async run() {
          const { before, file, next } = now
          const { changed } = await viewAfter(before, next, next.changedSince(file))
          if (changed === 'all') throw new Error('everything was looked at again')
          return 1
        },
      },
    ],
  }
})
