/** Sessions whose writes mainline's own check guards, beside the list's. */
import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { MemorySource } from '../disk/memory-source.ts'
import { TEMPLATES } from '../lib/metadata-types.ts'
import { scenarioById } from '../scenarios/index.ts'
import { parseScript } from '../workload/commands/parse-script.ts'
import { ImageFolder, landmarks } from '../testing/qemu.ts'
import { syntheticSource } from '../workload/synthetic-image.ts'
import type { CommandEntry, RunOptions } from './report.ts'
import { Session } from './session.ts'

const ALLOCATOR = scenarioById('allocator-hands-out-metadata')

async function open(change: Partial<RunOptions> = {}) {
  const source = syntheticSource(ALLOCATOR.recipe)
  const session = await Session.open(source, ALLOCATOR.clock, { source: () => source })
  const report = session.runUnder({ ...ALLOCATOR.options, version: 'mainline', ...change })
  return { session, report }
}

async function run(session: Session, script: string) {
  const entries: CommandEntry[] = []
  const report = await session.runCommands(parseScript(script), {
    onEntry: entry => void entries.push(entry),
  })
  return { report, entries, outputs: entries.map(({ output }) => output) }
}

const folder = new ImageFolder()
afterAll(() => folder.remove())

const NOTHING = { checks: 0, comparisons: 0, diskReads: 0, bytesRead: 0 }

test('opening records nothing, takes no memory, knows every type, and heeds no limit', async () => {
  const { report } = await open({ totalSizeLimit: 0n, bitmapSize: 0n })
  expect(report).toMatchObject({
    outcome: { kind: 'scanned' },
    steps: 0,
    events: 0,
    budget: { memUsage: 0, peak: 0, refused: undefined },
    coverage: { metadata: 4, guarded: 4, unguarded: 0, typeNotChecked: 0 },
    scans: { total: NOTHING, last: NOTHING },
  })
  expect(report.windows).toMatchObject({ count: 1, held: [1, 0, 0, 0, 0] })
})

test('the allocator that hands out metadata: what v6 without a limit refuses is refused, in the same words', async () => {
  const { session } = await open()
  const mainline = await run(session, ALLOCATOR.commands)
  const told = [...session.logLines()].map(line => JSON.parse(line))
  const [row] = session.logGroups(0, 9)
  const { session: other } = await open({ version: 'v6', totalSizeLimit: undefined })
  const v6 = await run(other, ALLOCATOR.commands)

  expect(mainline.outputs).toEqual(v6.outputs)
  expect(mainline.outputs.at(-1)).toEqual(['write failed: Input/output error'])
  expect(told.map(({ data }) => data)).toEqual([...other.logLines()].map(line => JSON.parse(line).data))
  expect(row).toMatchObject({ kind: 'corrupted', command: 'write -c 128k 64k' })
  expect(row!.why).toContain('(active L2 table)')
  expect(mainline.report).toMatchObject({ events: 1, missedOverlaps: 0, live: { isClosed: true } })
  expect(mainline.report.live!.path).toEqual(v6.report.live!.path)
  const { total, last } = mainline.report.scans
  expect(last.comparisons).toBeGreaterThan(0)
  expect(total.comparisons).toBeGreaterThan(last.comparisons)
  expect(total.checks).toBe(mainline.report.steps)
  expect(v6.report.scans.total).toEqual(NOTHING)
})

test.each([
  ['nothing is checked', 0, 'nothing is checked under these options'],
  ['the type is left out', TEMPLATES.constant, 'overlap-check leaves out active L2 table'],
])('where %s, the write is missed, and told by Overlapscope alone', async (_, checkedTypes, why) => {
  const { session } = await open({ checkedTypes })
  const { report } = await run(session, ALLOCATOR.commands)
  expect(report).toMatchObject({ events: 0, missedOverlaps: 1 })
  expect(session.logGroups(0, 9)[0]!.why).toContain(why)
})

test.each([
  ['cached', TEMPLATES.cached, 0],
  ['all', TEMPLATES.all, 2],
])('a write in place costs a look at every entry, with %s', async (_, checkedTypes, snapshotsRead) => {
  const { session } = await open({ checkedTypes })
  const { report, outputs } = await run(
    session,
    ['write 0 64k', 'snapshot -c one', 'write 1G 64k', 'snapshot -c two', 'write 0 64k', 'write 0 64k'].join(
      '\n',
    ),
  )
  expect(outputs.at(-1)).toEqual(['wrote 65536/65536 bytes at offset 0', '64 KiB, 1 ops; X'])
  expect([report.events, report.missedOverlaps]).toEqual([0, 0])
  const { header, refcountTable, snapshots } = session.image
  const ownL1 = snapshots.map(({ l1Size }) => l1Size)
  let usedBlocks = 0
  while (refcountTable.getBigUint64(8 * usedBlocks) !== 0n) usedBlocks++
  const inactive = snapshotsRead === 0 ? 0 : ownL1.reduce((sum, entries) => sum + entries, 0)
  // Header, active L1 table, refcount table, snapshot table, and each snapshot's L1 table.
  const structures = 4 + snapshots.length
  expect(report.scans.last).toEqual({
    checks: 1,
    comparisons: structures + header.l1Size + usedBlocks + inactive,
    diskReads: snapshotsRead,
    bytesRead: 8 * inactive,
  })
  expect((await run(session, 'read 0 64k')).report.scans.last).toEqual(NOTHING)
})

test('the bitmap directory, which no bit of ours stands for, is guarded and named', async () => {
  const file = await folder.make({
    name: 'bitmaps',
    size: '64M',
    steps: ['write 0 64k', ['bitmap', '--add', 'FILE', 'b0']],
  })
  const bytes = new Uint8Array(readFileSync(file))
  const source = new MemorySource(bytes)
  const session = await Session.open(source, ALLOCATOR.clock, { source: () => source })
  session.runUnder({ ...ALLOCATOR.options, version: 'mainline' })
  const directory = Number(session.image.bitmapDirectory!.offset) / 65536
  const { sentence } = (await session.shown.inspect(directory)).cluster
  expect(sentence).toContain('Mainline’s check knows the bitmap directory')

  // Its refcount becomes 0, so that the next process hands it out.
  const { refcountBlockOffset } = landmarks(new DataView(bytes.buffer, bytes.byteOffset))
  const freed = `poke ${refcountBlockOffset + 2 * directory} 0000\nreopen`
  const { outputs } = await run(session, `${freed}\nwrite 1M 64k`)
  expect(outputs.at(-1)).toEqual(['write failed: Input/output error'])
  const [row] = session.logGroups(0, 1)
  expect(row!.json).toContain('(overlaps with bitmap directory)')
  expect(row!.why).toContain('(bitmap directory), so the write is refused')
})

test('says of a cluster and a window who guards them', async () => {
  const { session } = await open()
  const { cluster, window } = await session.shown.inspect(1)
  expect(cluster.sentence).toContain('mainline’s check goes through the tables before every write')
  expect(window.sentence).toContain('There is no metadata list')
  expect(session.shown.find('unguarded', 0, 1)).toBeUndefined()
})

test('commands are given again under the list, and the costs go with the check', async () => {
  const { session } = await open()
  await run(session, 'write 0 64k')
  const listed = await session.rerunUnder({ ...ALLOCATOR.options, version: 'v6' })
  expect(listed).toMatchObject({ outcome: { kind: 'guarded' }, scans: { total: NOTHING } })
  const again = await session.rerunUnder({ ...ALLOCATOR.options, version: 'mainline' })
  expect(again.scans.total.checks).toBeGreaterThan(0)
  expect(again.scans.last).toEqual(again.scans.total)
})
