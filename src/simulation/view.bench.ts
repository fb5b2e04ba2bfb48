/** Looking at an image again after a guest's write of one cluster: at everything, and at what changed. */
import type { Overlay } from '../disk/overlay.ts'
import type { Benchmark } from '../testing/benchmark.ts'
import { seededRandom } from '../testing/seeded-random.ts'
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

/** Writes in a row, each at another place. */
const WRITES = 100

/** Two moments of a file, one write between them, and those that follow. */
interface Moments {
  readonly before: View
  readonly file: Overlay
  readonly next: Overlay
  readonly later: readonly Overlay[]
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
  const next = session.settled()
  const random = seededRandom(1)
  const later: Overlay[] = []
  for (let i = 0; i < WRITES; i++) {
    await write(`${Math.floor(random() * 64 * 2 ** 14) * 2 ** 16}`)
    later.push(session.settled())
  }
  return { before, file, next, later }
}

async function lookAtChanges(before: View, file: Overlay, next: Overlay): Promise<View> {
  const view = await viewAfter(before, next, next.changedSince(file))
  if (view.changed === 'all') throw new Error('everything was looked at again')
  return view
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
          await lookAtChanges(now.before, now.file, now.next)
          return 1
        },
      },
      {
        name: `at what changed, ${WRITES} times`,
        prepare,
        async run() {
          let { before, file } = now
          for (const next of now.later) {
            before = await lookAtChanges(before, file, next)
            file = next
          }
          return WRITES
        },
      },
    ],
  }
})
