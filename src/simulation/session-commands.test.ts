import { expect, test } from 'vitest'
import { MemorySource } from '../disk/memory-source.ts'
import { DEFAULT_OPTIONS } from './run-options.ts'
import { Session, type CommandHooks } from './session.ts'
import type { CommandEntry, RunOptions } from './report.ts'
import { parseRecipe } from '../workload/parse-recipe.ts'
import { parseScript } from '../workload/commands/parse-script.ts'
import { syntheticSource } from '../workload/synthetic-image.ts'

const CLOCK = { seconds: 1429331400n, microseconds: 0 }

const recipe = (change: object = {}) =>
  parseRecipe({
    format: 'overlapscope-recipe',
    recipeVersion: 1,
    virtualSize: '64M',
    clusterSize: '64k',
    version: 3,
    refcountBits: 16,
    fill: { pattern: 'empty' },
    snapshots: [],
    preallocation: 'off',
    seed: 0,
    ...change,
  })

async function open(options: Partial<RunOptions> = {}, change: object = {}) {
  const source = syntheticSource(recipe(change))
  const session = await Session.open(source, CLOCK, { source: () => source })
  session.runUnder({ ...DEFAULT_OPTIONS, ...options })
  return session
}

async function run(session: Session, script: string, hooks: CommandHooks = {}) {
  const entries: CommandEntry[] = []
  const report = await session.runCommands(parseScript(script), {
    ...hooks,
    onEntry: (entry, done, total) => {
      entries.push(entry)
      return hooks.onEntry?.(entry, done, total)
    },
  })
  return { entries, report }
}

const outputs = (entries: readonly CommandEntry[]) => entries.map(({ output }) => output[0] ?? '')

/** The refcount of the L2 table's cluster is set to 0: the allocator hands it out again. */
const FREE_THE_L2_TABLE = 'poke 0x20008 0000\nreopen'

test('a write changes the image, the map and the budget, and reads back', async () => {
  const session = await open()
  const before = session.image.fileClusters
  const { entries, report } = await run(session, 'write -P 0x11 64k 64k\nread -P 0x11 64k 64k\nread -P 0 0 64k')
  expect(entries.map(({ output }) => output)).toEqual([
    ['wrote 65536/65536 bytes at offset 65536', '64 KiB, 1 ops; X'],
    ['read 65536/65536 bytes at offset 65536', '64 KiB, 1 ops; X'],
    ['read 65536/65536 bytes at offset 0', '64 KiB, 1 ops; X'],
  ])
  expect(session.image.fileClusters).toBe(before + 2)
  expect([session.owners.corruptions, session.owners.leaks]).toEqual([0, 0])
  expect(report.coverage).toMatchObject({ metadata: 5, guarded: 5, unguarded: 0 })
  expect(report.live).toMatchObject({ commands: 3, isClosed: false, unreadable: undefined })
})

test('a wrong line says what is accepted and stops nothing else', async () => {
  const session = await open()
  const { entries } = await run(session, '# nothing\n\nwrite 0\nwrote 0 64k\nwrite 0 64k')
  expect(entries.map(({ index, error }) => [index, error !== undefined])).toEqual([
    [0, true],
    [1, true],
    [2, false],
  ])
  expect(entries[0]!.error!.advice).toContain('Accepted: write')
})
