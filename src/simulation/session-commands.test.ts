import { expect, test } from 'vitest'
import { Guard } from '../lib/cells.ts'
import { TEMPLATES } from '../lib/metadata-types.ts'
import { DEFAULT_OPTIONS } from './run-options.ts'
import { Session, type CommandHooks } from './session.ts'
import type { CommandEntry, RunOptions } from './report.ts'
import { BLANK_RECIPE } from '../workload/blank-recipe.ts'
import { parseRecipe } from '../workload/parse-recipe.ts'
import { parseScript } from '../workload/commands/parse-script.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { syntheticSource } from '../workload/synthetic-image.ts'

const CLOCK = { seconds: 1429331400n, microseconds: 0 }

const recipe = (change: object = {}) =>
  parseRecipe({
    ...BLANK_RECIPE,
    virtualSize: '64M',
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

/** The refcount of the first L2 table's cluster becomes 0, so that the next process hands it out again. */
const FREED_L2_TABLE = 'write -P 1 0 64k\nreopen\npoke 0x20008 0000\nreopen\nwrite -P 2 64k 64k'

test('a write changes the image, the map and the budget, and reads back', async () => {
  const session = await open()
  const before = session.image.fileClusters
  const { entries, report } = await run(
    session,
    'write -P 0x11 64k 64k\nread -P 0x11 64k 64k\nread -P 0 0 64k',
  )
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

test('a write onto an L2 table is refused, once told, and can be repaired', async () => {
  const session = await open()
  const { entries, report } = await run(session, `${FREED_L2_TABLE}\nread 0 64k`)
  expect(outputs(entries).slice(-2)).toEqual([
    'write failed: Input/output error',
    'read failed: No medium found',
  ])
  expect(entries.map(({ gaveUp }) => gaveUp)).toEqual([false, false, false, false, true, false])
  expect(report).toMatchObject({ events: 1, missedOverlaps: 0, live: { isClosed: true } })
  expect(report.live!.path.at(-1)).toEqual({ start: 4, clusters: 1, kind: 'refused' })
  const [row] = session.logGroups(0, 10)
  expect(row!.json).toMatch(
    /^\{"event": "BLOCK_IMAGE_CORRUPTED", "data": \{"device": "virtio0", "msg": "Preventing invalid write on metadata \(overlaps with active L2 table\)", "offset": 262144, "size": 65536, "fatal": true\}, "timestamp": \{"seconds": 1429331400, "microseconds": \d+\}\}$/,
  )
  expect(row).toMatchObject({
    kind: 'corrupted',
    range: { start: 4, clusters: 1 },
    command: 'write -P 2 64k 64k',
  })
  expect(row!.why).toContain('“write -P 2 64k 64k”: the check before writing guest data found metadata')
  expect(session.image.header.incompatibleFeatures & 2n).toBe(2n)

  const after = await run(session, 'check -r all\nwrite -P 2 64k 64k\nread -P 1 0 64k')
  expect(outputs(after.entries)).toEqual([
    'The following inconsistencies were found and repaired:',
    'wrote 65536/65536 bytes at offset 65536',
    'read 65536/65536 bytes at offset 0',
  ])
  expect(after.report.live).toMatchObject({ isClosed: false, commands: 9 })
  expect([session.owners.corruptions, session.owners.leaks]).toEqual([0, 0])
})

test.each([
  ['nothing is checked', { checkedTypes: 0 }, 'nothing is checked under these options', 0],
  ['the limit leaves no bitmap', { totalSizeLimit: 256n }, 'under this limit the list does not know', 20],
  ['the type is left out', { checkedTypes: 1 }, 'overlap-check leaves out active L2 table', 0],
])('where %s, the same write is missed, and told by Overlapscope alone', async (_, options, why, events) => {
  const session = await open(options)
  const { entries, report } = await run(session, FREED_L2_TABLE)
  expect(entries.at(-1)).toMatchObject({ missed: 1, gaveUp: false })
  expect(report.missedOverlaps).toBe(1)
  expect(report.events).toBeGreaterThanOrEqual(events)
  const rows = session.logGroups(0, 100).filter(({ kind }) => kind === 'missed')
  expect(rows).toMatchObject([
    { json: 'Missed overlap: host cluster 4, active L2 table, written over', count: 1 },
  ])
  expect(rows[0]!.why).toContain(why)
  // The export is QEMU's events and nothing else.
  expect([...session.logLines()].every(line => line.startsWith('{"event": "QCOW2_'))).toBe(true)
})

test('commands are run again under other options, and show what they would have done', async () => {
  const session = await open()
  await run(session, FREED_L2_TABLE)
  const unlimited = session.run.recorder.steps.count
  const seen: CommandEntry[] = []
  const report = await session.rerunUnder(
    { ...DEFAULT_OPTIONS, totalSizeLimit: 256n },
    { onEntry: entry => void seen.push(entry) },
  )
  expect(outputs(seen).at(-1)).toBe('wrote 65536/65536 bytes at offset 65536')
  expect(report.missedOverlaps).toBe(1)
  const again = await session.rerunUnder(DEFAULT_OPTIONS)
  expect(again).toMatchObject({ events: 1, missedOverlaps: 0, steps: unlimited, live: { isClosed: true } })
})

test('a re-run that leaves the same file keeps the picture of it', async () => {
  const session = await open()
  await run(session, 'write 0 64k\nwrite 1M 64k')
  const { owners } = session
  await session.rerunUnder({ ...DEFAULT_OPTIONS, totalSizeLimit: 256n })
  expect(session.owners).toBe(owners)
  await session.undoCommand()
  expect(session.owners).not.toBe(owners)
})

test('under options that do not open the image commands say so, and come back with the image', async () => {
  const session = await open({ totalSizeLimit: 0n })
  const { entries } = await run(session, 'write 0 64k')
  expect(entries[0]!.error!.message).toBe('The image is not open: Cannot allocate metadata list')
  const seen: CommandEntry[] = []
  await session.rerunUnder(DEFAULT_OPTIONS, { onEntry: entry => void seen.push(entry) })
  expect(outputs(seen)).toEqual(['wrote 65536/65536 bytes at offset 0'])
})

test('the last command can be taken back', async () => {
  const session = await open()
  await run(session, 'write 0 64k')
  const one = session.image.fileClusters
  await run(session, 'write 64k 64k\nno command')
  expect(session.image.fileClusters).toBe(one + 1)
  expect((await session.undoCommand()).live).toMatchObject({ commands: 1 })
  expect(session.image.fileClusters).toBe(one)
  expect((await session.undoCommand()).live).toBeUndefined()
  expect((await session.undoCommand()).live).toBeUndefined()
})

test('a script that is stopped keeps what was carried out; a re-run that is stopped changes nothing', async () => {
  const session = await open()
  const signal = { aborted: false }
  const stopAt = (n: number) => (_: CommandEntry, done: number) => {
    signal.aborted = done >= n
  }
  const script = Array.from({ length: 10 }, (_, i) => `write ${i * 64}k 64k`).join('\n')
  const { entries, report } = await run(session, script, { signal, onEntry: stopAt(3) })
  expect(entries).toHaveLength(3)
  expect(report.live!.commands).toBe(3)
  signal.aborted = false
  const events = session.run.recorder.log.events
  await expect(
    session.rerunUnder({ ...DEFAULT_OPTIONS, totalSizeLimit: 256n }, { signal, onEntry: stopAt(1) }),
  ).rejects.toThrow('cancelled')
  expect(session.run.recorder.log.events).toBe(events)
  signal.aborted = false
  expect((await run(session, 'read 0 64k')).report.live!.commands).toBe(4)
})

test('what is asked while commands are carried out is answered as of the report before them', async () => {
  const session = await open()
  await run(session, 'write 0 64k\nsnapshot -c a')
  // Asked for before they begin: what it looks at must not change under it either.
  await session.shown.structureChildren('', 0, 10)
  const look = async () => {
    const { shown } = session
    const { cluster, window } = await shown.inspect(Number(session.image.snapshots[0]!.l1TableOffset >> 16n))
    return {
      guard: [cluster.guard, cluster.sentence],
      window: [window.age, window.currentAge, window.unguarded, window.runs],
      tree: (await shown.structureChildren('snapshots', 0, 10)).rows,
      roots: (await shown.structureChildren('', 0, 10)).rows,
      unguarded: shown.find('unguarded', -1, 1),
      counts: Array.from(shown.layerCounts('age')),
    }
  }
  const before = await look()
  const meanwhile: unknown[] = []
  const onEntry = async () => void meanwhile.push(await look())
  await run(session, 'snapshot -d a\nwrite 1M 64k', { onEntry })
  expect(meanwhile).toEqual([before, before])
  expect(before.guard[0]).toBe(Guard.guarded)
  expect(session.image.snapshots).toHaveLength(0)
})

test('an image whose header is written over can no longer be read, and says so', async () => {
  const session = await open()
  const { report } = await run(session, 'write 0 64k\npoke 0 00000000')
  expect(report.live!.unreadable).toMatch(/qcow2/i)
  expect(session.owners.corruptions).toBe(0)
  expect((await run(session, 'poke 0 514649fb')).report.live!.unreadable).toBeUndefined()
  expect(session.image.fileClusters).toBe(6)
})

test('ordinary commands never count as missed overlaps, whichever template is checked', async () => {
  const random = seededRandom(7)
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)]!
  const choices: Partial<RunOptions>[] = [
    { checkedTypes: TEMPLATES.cached },
    { checkedTypes: TEMPLATES.none },
    { checkedTypes: TEMPLATES.constant },
    { checkedTypes: TEMPLATES.cached, version: 'mainline' },
    { checkedTypes: TEMPLATES.all, version: 'mainline' },
  ]
  for (const options of choices) {
    const session = await open(options, { virtualSize: '8M', clusterSize: 4096, refcountBits: 16 })
    const script = Array.from({ length: 120 }, (_, i) => {
      const range = `${Math.floor(random() * 1900) * 4}k ${pick([4, 12, 64])}k`
      return pick([
        `write ${range}`,
        `write -z ${range}`,
        `discard ${range}`,
        `snapshot -c s${i}`,
        `snapshot -d s${i - 4}`,
        `snapshot -a s${i - 3}`,
        'reopen',
        'flush',
      ])
    })
    const { report } = await run(session, script.join('\n'))
    expect(report.missedOverlaps).toBe(0)
    expect(report.live!.isClosed).toBe(false)
    expect(session.owners.corruptions).toBe(0)
  }
})
