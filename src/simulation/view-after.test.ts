/** Looking at what a command changed says the same as looking at everything anew, after any command on any image. */
import { readFileSync } from 'node:fs'
import { afterAll, expect, it } from 'vitest'
import { MemorySource } from '../disk/memory-source.ts'
import {
  type CommandSequence,
  commandSequence,
  createOptions,
  damagedSequence,
} from '../testing/command-sequences.ts'
import { BROKEN_PLANS, SOUND_PLANS } from '../testing/image-plans.ts'
import { ImageFolder, inPairs, landmarks } from '../testing/qemu.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { parseScript } from '../workload/commands/parse-script.ts'
import { DEFAULT_OPTIONS } from './run-options.ts'
import { Session } from './session.ts'
import type { OwnerRuns } from '../qcow2/owner-map.ts'
import { type View, viewAfter, viewOf } from './view.ts'

const folder = new ImageFolder()
afterAll(() => folder.remove())

const CLOCK = { seconds: 0n, microseconds: 0 }
/** Clusters that are reported on after each command. */
const REPORTS = 6

/** How often was looked again, and how often only at what had changed. */
interface Looks {
  all: number
  byDifference: number
}

/** Runs commands one after the other, and looks after each in both ways. */
async function compare(bytes: Uint8Array, commands: readonly string[], looks: Looks, random: () => number) {
  const source = new MemorySource(bytes)
  const session = await Session.open(source, CLOCK, { source: () => source })
  session.runUnder(DEFAULT_OPTIONS)
  let view = await viewOf(source)
  let file = session.settled()
  for (const command of commands) {
    await session.runCommands(parseScript(command))
    const now = session.settled()
    const anew = await viewOf(now).catch(String)
    const after = await viewAfter(view, now, now.changedSince(file)).catch(String)
    if (typeof anew === 'string' || typeof after === 'string') {
      if (after !== anew) throw new Error(`one is refused: ${String(after)}, the other: ${String(anew)}`)
      continue
    }
    await expectSame(after, anew, random)
    expectUnchangedElsewhere(view, after)
    expect({ ...session.owners }).toMatchObject({ problems: anew.owners.problems })
    looks.all++
    if (after.changed !== 'all') looks.byDifference++
    ;[view, file] = [after, now]
  }
}

/** Everything that a view says, to be compared. */
const told = ({ image, owners, sequence, truth }: View) => ({
  fileClusters: image.fileClusters,
  header: image.header,
  snapshots: image.snapshots,
  tables: [image.l1Table, image.refcountTable].map(latin1),
  imageProblems: image.problems,
  runs: { ...owners.runs, ...bytesOfRuns(owners.runs) },
  refcounts: bytesOfRuns(refcountRuns(owners)),
  counts: owners.counts,
  corruptions: owners.corruptions,
  leaks: owners.leaks,
  check: owners.check,
  problems: owners.problems,
  problemCount: owners.problemCount,
  sequence,
  typeCounts: truth.typeCounts,
  truth: truth.engine.usedWindows().map(window => [window, ...truth.engine.runs(window)]),
})

async function expectSame(after: View, anew: View, random: () => number): Promise<void> {
  expect(told(after)).toEqual(told(anew))
  for (let i = 0; i < REPORTS; i++) {
    const cluster = Math.floor(random() * (anew.owners.runs.end + 1))
    expect(await after.owners.report(cluster)).toEqual(await anew.owners.report(cluster))
  }
}

const latin1 = ({ buffer, byteOffset, byteLength }: DataView) =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('latin1')

/** A table far away, once written, makes a file of many holes. */
const MOST_CLUSTERS = 2 ** 20

/** Nothing is said anew of clusters that are not told to have changed. */
function expectUnchangedElsewhere(before: View, after: View): void {
  const { changed } = after
  const length = Math.max(before.owners.runs.end, after.owners.runs.end)
  if (changed === 'all' || length > MOST_CLUSTERS) return
  const outside = (runs: OwnerRuns) => {
    const said = new Uint16Array(length)
    for (let run = 0; run < runs.count; run++) {
      const end = run + 1 < runs.count ? runs.start[run + 1]! : runs.end
      said.fill(1 + runs.owner[run]! * 256 + runs.flags[run]!, runs.start[run], end)
    }
    for (const { start, end } of changed) said.fill(0, start, end)
    return Buffer.from(said.buffer)
  }
  expect(outside(after.owners.runs).equals(outside(before.owners.runs))).toBe(true)
  expect(outside(refcountRuns(after.owners)).equals(outside(refcountRuns(before.owners)))).toBe(true)
}

/** Stored refcounts in the shape of owners. */
function refcountRuns({ runs: { end }, refcounts: { count, start, bucket } }: View['owners']): OwnerRuns {
  return { count, start, owner: bucket, flags: new Uint8Array(count), end }
}

/** Compared as bytes: element by element takes long. */
const bytesOfRuns = ({ start, owner, flags }: OwnerRuns) => ({
  start: Buffer.from(Float64Array.from(start).buffer).toString('latin1'),
  owner: Buffer.from(owner).toString('latin1'),
  flags: Buffer.from(flags).toString('latin1'),
})

async function madeBy({ geometry }: CommandSequence, name: string): Promise<Uint8Array> {
  const file = await folder.make({ name, size: `${geometry.size}`, options: createOptions(geometry) })
  return readFileSync(file)
}

const SMALL = 8 * 2 ** 20
/** The first sequences, by seed, whose images do not make the test long. */
function sequences(
  count: number,
  made: (seed: number) => CommandSequence,
): (readonly [number, CommandSequence])[] {
  const found: (readonly [number, CommandSequence])[] = []
  for (let seed = Number(process.env.PROPERTY_SEED ?? 1) * 1000; found.length < count; seed++) {
    const sequence = made(seed)
    const { size, clusterSize, preallocation } = sequence.geometry
    if (size / clusterSize < 30_000 && (preallocation === 'off' || size <= SMALL))
      found.push([seed, sequence])
  }
  return found
}

/** Of each kind; `SEQUENCES=100` tries more. */
const COUNT = Number(process.env.SEQUENCES ?? 8)

it.each([
  ['commands', (seed: number) => commandSequence(seed)],
  ['damaged refcounts', damagedSequence],
] as const)(
  'with sequences of %s',
  async (name, made) => {
    const looks: Looks = { all: 0, byDifference: 0 }
    await inPairs(sequences(COUNT, made), async ([seed, sequence]) => {
      const bytes = await madeBy(sequence, `${name}-${seed}`)
      try {
        await compare(bytes, sequence.commands, looks, seededRandom(seed))
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error })
      }
    })
    expect(looks.byDifference / looks.all).toBeGreaterThan(0.6)
  },
  600_000,
)

/** Words of a few bytes, here and there in the metadata and behind it. */
function pokes(bytes: Uint8Array, random: () => number): string[] {
  const { clusterSize, l1Offset, refcountTableOffset, refcountBlockOffset } = landmarks(
    new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
  )
  const pick = <T>(...of: readonly T[]): T => of[Math.floor(random() * of.length)]!
  const clusters = Math.ceil(bytes.length / clusterSize)
  const entry = () => {
    const cluster = BigInt(Math.floor(random() * (clusters + 2))) * BigInt(clusterSize)
    const value = pick(
      0n,
      1n,
      cluster,
      cluster | (1n << 63n),
      cluster | (1n << 63n) | 1n,
      cluster + 512n,
      1n << 62n,
    )
    return value.toString(16).padStart(16, '0')
  }
  return Array.from({ length: 12 }, () =>
    pick(
      () =>
        `poke ${refcountBlockOffset + 2 * Math.floor(random() * 40)} ${pick('0000', '0001', '0002', '0300')}`,
      () => `poke ${l1Offset + 8 * Math.floor(random() * 3)} ${entry()}`,
      () => `poke ${Math.floor(random() * clusters) * clusterSize + 8 * Math.floor(random() * 4)} ${entry()}`,
      () => `poke ${refcountTableOffset + 8 * Math.floor(random() * 3)} ${entry()}`,
      () => `write -P ${1 + Math.floor(random() * 200)} ${512 * Math.floor(random() * 2000)} 70000`,
      () => `discard ${clusterSize * Math.floor(random() * 20)} ${clusterSize * 3}`,
      () => 'reopen',
      () => pick('check', 'check -r leaks', 'check -r all'),
    )(),
  )
}

/** One of so many; `EVERY=1` tries all. */
const EVERY = Number(process.env.EVERY ?? 4)
/** Larger images make the test long. */
const MOST_BYTES = 2 ** 25

it('with images of all kinds, sound and broken, and words poked into their tables', async () => {
  const looks: Looks = { all: 0, byDifference: 0 }
  const plans = [...SOUND_PLANS, ...BROKEN_PLANS].filter((_, i) => i % EVERY === 0)
  await inPairs(plans, async plan => {
    const bytes = readFileSync(await folder.make(plan))
    if (bytes.length > MOST_BYTES) return
    const random = seededRandom(plan.name.length * 7919 + bytes.length)
    try {
      await compare(bytes, pokes(bytes, random), looks, random)
    } catch (error) {
      throw new Error(plan.name, { cause: error })
    }
  })
  expect(looks.byDifference).toBeGreaterThan(looks.all / 4)
}, 600_000)
