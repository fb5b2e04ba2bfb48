/** What an inspection says, against the books of the engine and the log. */
import { describe, expect, test } from 'vitest'
import { Guard } from '../lib/cells.ts'
import { MetadataType, TEMPLATES } from '../lib/metadata-types.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import { rowOf } from '../lib/window-rows.ts'
import { SCENARIOS, scenarioById } from '../scenarios/index.ts'
import { BLANK_RECIPE } from '../workload/blank-recipe.ts'
import { parseScript } from '../workload/commands/parse-script.ts'
import { parseRecipe } from '../workload/parse-recipe.ts'
import { syntheticSource } from '../workload/synthetic-image.ts'
import type { RunOptions, RunReport } from './report.ts'
import type { Inspection } from './inspection.ts'
import { DEFAULT_OPTIONS } from './run-options.ts'
import { Session } from './session.ts'

const CLOCK = { seconds: 1429331400n, microseconds: 0 }

async function open(options: Partial<RunOptions>, script = '', size = '64M') {
  const source = syntheticSource(parseRecipe({ ...BLANK_RECIPE, virtualSize: size }))
  const session = await Session.open(source, CLOCK, { source: () => source })
  session.runUnder({ ...DEFAULT_OPTIONS, ...options })
  const report = await session.runCommands(parseScript(script))
  return { session, report }
}

const windowsOf = (session: Session, report: RunReport): Promise<Inspection[]> =>
  Promise.all(
    Array.from({ length: report.windows.count }, (_, window) =>
      session.shown.inspect(window * WINDOW_CLUSTERS),
    ),
  )

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)

/** The first step of the last opening, which made the list that is in force. */
function firstStepOfList({ run }: Session): number {
  const { steps } = run.recorder
  let step = steps.count - 1
  while (step > 0 && steps.at(step).kind !== 'opening') step--
  return step < 0 ? 0 : steps.stretchOf(step).firstStep
}

describe('windows', () => {
  test.each(SCENARIOS.map(({ id }) => id))('of %s are held as the map’s table has it', async id => {
    const { recipe, clock, options, commands } = scenarioById(id)
    const source = syntheticSource(recipe)
    const session = await Session.open(source, clock, { source: () => source })
    session.runUnder(options)
    const report = commands ? await session.runCommands(parseScript(commands)) : session.report
    const { windows } = session
    const isHeldByList = session.run.engine !== undefined
    for (const { window } of await windowsOf(session, report)) {
      const row = rowOf(windows.window, windows.rows, window.index)
      const lost = windows.lost[row] ?? 0
      const table = [windows.held[row] ?? 0, lost, (windows.unguarded[row] ?? 0) - lost]
      // Without a list nothing is held or lost; the map says so of all windows at once.
      expect([window.held, window.lost, window.lockedOut]).toEqual(isHeldByList ? table : [0, 0, 0])
    }
    expect(report.windows.withLost).toBe(windows.lost.filter(lost => lost > 0).length)
  })

  test.each(SCENARIOS.map(({ id }) => id))(
    'of %s: what each has on the books adds up to the budget',
    async id => {
      const { recipe, clock, options, commands } = scenarioById(id)
      const source = syntheticSource(recipe)
      const session = await Session.open(source, clock, { source: () => source })
      session.runUnder(options)
      const report = await session.runCommands(parseScript(commands))
      const windows = (await windowsOf(session, report)).map(({ window }) => window)
      const { budget } = report
      expect(sum(windows.map(({ account }) => account.struct))).toBe(budget.windows)
      expect(sum(windows.map(({ account }) => account.array))).toBe(budget.fragments)
      expect(sum(windows.map(({ account }) => account.bitmap))).toBe(budget.bitmaps)
      for (const { account, accountedBytes } of windows)
        expect(account.struct + account.array + account.bitmap).toBe(accountedBytes)
      const table = session.windows
      const rows = windows.map(({ index }) => rowOf(table.window, table.rows, index))
      expect(windows.map(({ held }) => held)).toEqual(rows.map(row => table.held[row] ?? 0))
      expect(windows.map(({ unguarded }) => unguarded)).toEqual(rows.map(row => table.unguarded[row] ?? 0))

      // A bitmap that was built and not given back is there.
      for (const { history, account } of windows) {
        const { built, fragments, unmodified } = history?.counts ?? { built: 0, fragments: 0, unmodified: 0 }
        expect(built - fragments - unmodified).toBe(account.bitmap > 0 ? 1 : 0)
      }
      const since = firstStepOfList(session)
      const refused = session
        .logGroups(0, Infinity)
        .filter(({ kind, range }) => kind === 'limit' && range)
        .flatMap(({ index }) => session.logMembers(index, 0, Infinity))
        .filter(({ step }) => step >= since)
      expect(sum(windows.map(({ history }) => history?.counts.refused ?? 0))).toBe(refused.length)
    },
  )

  test('are told how their fragments would be coded, and what decides', async () => {
    const { session } = await open({})
    const { window } = await session.shown.inspect(0)
    // Header, refcount table, refcount block, L1 table: four runs of one cluster.
    expect(window.coding).toMatchObject({ fragments: 4, arraySize: 4 })
    expect(window.coding.ladder).toEqual([1, 2, 4, 7, 11, 17, 26, 40, 61, 92, 139, 209, 314, 472, 709])
    expect(window.slots).toMatchObject({ count: 16, used: 1, next: undefined })
    expect(window.history!.lines).toMatchObject([{ step: 0, kind: 'built', text: 'built', cluster: 0 }])
  })

  test('that are cached stand in the order in which they go', async () => {
    // Metadata in two windows of 256 MiB, and a slot for each.
    const { session } = await open({ bitmapSize: 2n * 4096n }, 'write 0 300M\nwrite 600M 64k', '1G')
    const { window } = await session.shown.inspect(0)
    const { shown, next } = window.slots!
    const oldest = shown.toSorted((a, b) => b.unusedFor - a.unusedFor)[0]!
    expect(shown).toHaveLength(2)
    expect(next).toEqual({ slot: oldest.slot, window: oldest.window })
    const { window: first } = await session.shown.inspect(oldest.window * WINDOW_CLUSTERS)
    expect(first.lruPlace).toBe(0)
  })
})

describe('a guarded cluster', () => {
  test('names the step of the opening that entered it', async () => {
    const { session } = await open({})
    const { cluster } = await session.shown.inspect(1)
    expect(cluster).toMatchObject({ guard: Guard.guarded, step: 1 })
    expect(cluster.sentence).toBe(
      'Guarded: entered at step 2 as refcount table; a check finds it in window 0.',
    )
    expect(cluster.why).toBe('Step 2 was the opening’s entry of refcount table at 64 KiB.')
  })

  test('names the command that entered it, and the opening again once that made the list anew', async () => {
    const { session } = await open({}, 'write 0 64k')
    const { cluster: written } = await session.shown.inspect(4)
    expect(written.why).toMatch(
      /the entry of the active L2 table at 256 KiB, in “write 0 64k”, allocating an L2 table\.$/,
    )
    expect(session.run.recorder.steps.at(written.step!)).toMatchObject({ kind: 'enter', offset: 4 * 65536 })
    await session.runCommands(parseScript('reopen'))
    const { cluster: reopened } = await session.shown.inspect(4)
    expect(reopened.step).toBeGreaterThan(written.step!)
    expect(reopened.why).toContain('the opening’s entry of active L2 table L1[0] at 256 KiB')
    // The list was made anew, and with it the history of its windows.
    expect((await session.shown.inspect(0)).window.history!.counts.built).toBe(1)
  })
})

describe('a lost cluster', () => {
  test('names the step that was refused, its numbers and its row of the log', async () => {
    const { session } = await open({ totalSizeLimit: 256n })
    const { cluster } = await session.shown.inspect(1)
    expect(cluster).toMatchObject({ guard: Guard.lost, step: 1, group: 0 })
    expect(cluster.sentence).toContain('its entry was refused at step 2')
    expect(cluster.why).toMatch(/needs 4\u202f096 bytes\. 152 of 256 are in use/)
  })
})

/** The first L2 table of the scenario, which the snapshot shares. */
const tableAt = async (totalSizeLimit: bigint) => {
  const { recipe, clock, options } = scenarioById('event-of-the-patch')
  const session = await Session.open(syntheticSource(recipe), clock)
  session.runUnder({ ...options, checkedTypes: TEMPLATES.all, totalSizeLimit })
  return session.shown.inspect(4).then(({ cluster }) => cluster)
}

describe('a table that is active and a snapshot’s', () => {
  test('names the step of each entry', async () => {
    const { guard, sentence } = await tableAt(65536n)
    expect(guard).toBe(Guard.guarded)
    expect(sentence).toBe(
      'Guarded: entered at step 5 as active L2 table and at step 11 as inactive L2 table; a check finds it in window 0.',
    )
  })

  test('is told to be lost as what was refused, and recorded as what was not', async () => {
    const { guard, sentence, why, step, recordedTypes } = await tableAt(4356n)
    expect({ guard, recordedTypes }).toEqual({ guard: Guard.lost, recordedTypes: MetadataType.activeL2 })
    expect(step).toBe(10)
    expect(sentence).toBe(
      'Lost as inactive L2 table: its entry was refused at step 11. It is recorded as active L2 table only.',
    )
    expect(why).toContain('The inactive L2 table L1[0] of snapshot 1 at 256 KiB is not recorded')
  })
})

describe('a cluster that a refused remove has dropped', () => {
  test('names the command that did it, and the entry that was there before', async () => {
    // Room for one bitmap and the fragments of the first window, but not for more of them.
    const limit = { totalSizeLimit: 4290n }
    const script = 'snapshot -c a\nwrite 0 300M\nwrite 600M 64k'
    const { session: before } = await open(limit, script, '1G')
    expect((await before.shown.inspect(0)).cluster.guard).toBe(Guard.lockedOut)

    const { session } = await open(limit, `${script}\nsnapshot -d a`, '1G')
    const { cluster, window } = await session.shown.inspect(0)
    const { steps } = session.run.recorder
    expect(steps.at(cluster.step!)).toMatchObject({ kind: 'remove', command: { text: 'snapshot -d a' } })
    expect(cluster).toMatchObject({ guard: Guard.lost, recordedTypes: 0 })
    expect(cluster.sentence).toBe(
      `Lost: it was recorded at step 1, but its fragments were dropped at step ${cluster.step! + 1}.`,
    )
    expect(cluster.why).toContain('what was recorded of window 0 is dropped')
    expect(session.logGroups(cluster.group!, 1)[0]!.kind).toBe('limit')
    // The bytes of the dropped fragments stay on the books of the list, but are no window's.
    expect(window).toMatchObject({ nbFragments: 0, account: { array: 0, bitmap: 0 } })
    expect(window.slots!.canBuild).toBe(false)
  })
})

test('a cluster past the end of the file is told to be there', async () => {
  const { session } = await open({})
  const { cluster, window } = await session.shown.inspect(10 * WINDOW_CLUSTERS + 5)
  expect(cluster.flags).toBe(8)
  expect(cluster.fieldCount).toBeUndefined()
  expect(new Set(cluster.bytes.bytes)).toEqual(new Set([0]))
  expect(window.sentence).toContain('The window array ends before it')
})

test('pages of bytes and fields join into the whole cluster', async () => {
  const { session } = await open({}, 'write 0 64k\nwrite 10M 64k')
  const { cluster } = await session.shown.inspect(4)
  const bytes: number[] = []
  for (let from = 0; from < 65536; from += 1000)
    bytes.push(...(await session.shown.clusterBytes(4, from, 1000)).bytes)
  expect(bytes).toHaveLength(65536)
  expect(bytes.slice(0, 800)).toEqual([...cluster.bytes.bytes])
  const fields = [
    ...(await session.shown.clusterFields(4, 0, 2)),
    ...(await session.shown.clusterFields(4, 2, 100)),
  ]
  expect(fields).toEqual(cluster.fields)
  expect(fields.map(({ name }) => name)).toEqual(['L2[0]', 'L2[1 to 159]', 'L2[160]', 'L2[161 to 8191]'])
  const { fields: ofBytes } = await session.shown.clusterBytes(4, 1270, 20)
  expect([...ofBytes]).toEqual([...Array(10).fill(1), ...Array(8).fill(2), 3, 3])
})
