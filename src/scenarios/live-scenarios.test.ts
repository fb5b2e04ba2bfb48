import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MemorySource } from '../disk/memory-source.ts'
import type { CommandEntry, RunOptions, RunReport } from '../simulation/report.ts'
import { Session } from '../simulation/session.ts'
import { mustRun, runTool } from '../testing/qemu.ts'
import { parseScript } from '../workload/commands/parse-script.ts'
import { syntheticSource } from '../workload/synthetic-image.ts'
import { scenarioById } from './index.ts'

/** A scenario as the page plays it: opened, then its commands. */
async function play(id: string, change: Partial<RunOptions> = {}) {
  const { recipe, clock, options, commands } = scenarioById(id)
  const source = syntheticSource(recipe)
  const session = await Session.open(source, clock, { source: () => source })
  const entries: CommandEntry[] = []
  const opened = session.runUnder({ ...options, ...change })
  const openingEvents = [...session.logLines()].map(line => JSON.parse(line).data)
  const report: RunReport = await session.runCommands(parseScript(commands), {
    onEntry: entry => void entries.push(entry),
  })
  return { session, opened, openingEvents, report, entries, outputs: entries.map(({ output }) => output[0]) }
}

const corruption = (session: Session) =>
  [...session.logLines()].map(line => JSON.parse(line)).find(({ event }) => event === 'BLOCK_IMAGE_CORRUPTED')

test('060, zero limit: the image does not open', async () => {
  const { opened, entries } = await play('iotest-060-zero-limit')
  expect(opened.outcome).toMatchObject({ kind: 'refused', error: 'Cannot allocate metadata list' })
  expect(entries[0]!.error!.message).toContain('Cannot allocate metadata list')
})

test('060, zero limit with checks off: it opens', async () => {
  const { opened, report, outputs } = await play('iotest-060-zero-limit-no-checks')
  expect(opened.outcome.kind).toBe('off')
  expect(outputs).toEqual(['wrote 65536/65536 bytes at offset 0', 'read 65536/65536 bytes at offset 0'])
  expect(report.events).toBe(0)
})

test('060, too small for entering metadata: four events', async () => {
  const { openingEvents } = await play('iotest-060-too-small-to-enter')
  expect(openingEvents.map(({ start, length }) => [start, length])).toEqual(
    Array.from({ length: 4 }, () => [0, 268435456]),
  )
})

test('060, a bitmap and no fragments: no event', async () => {
  const { report, outputs } = await play('iotest-060-bitmap-but-no-fragments')
  expect(report).toMatchObject({ events: 0, coverage: { unguarded: 0 } })
  expect(outputs[1]).toBe('read 65536/65536 bytes at offset 0')
})

test('060, fragments larger than the bitmap: window 1 is refused, window 0 refuses the write', async () => {
  const { session, openingEvents, outputs, report } = await play('iotest-060-fragments-larger-than-bitmap')
  expect(openingEvents.map(({ start, length }) => [start, length])).toEqual([[2097152, 2097152]])
  expect(outputs.at(-1)).toBe('write failed: Input/output error')
  expect(report.live!.isClosed).toBe(true)
  expect(corruption(session).data).toEqual({
    device: 'virtio0',
    msg: 'Preventing invalid write on metadata (overlaps with active L2 table)',
    offset: 17920,
    size: 512,
    fatal: true,
  })
})

const HIT = 'Preventing invalid write on metadata (overlaps with active L2 table)'

test('the allocator hands out metadata: the check refuses the write', async () => {
  const { session, outputs, report } = await play('allocator-hands-out-metadata')
  expect(outputs).toEqual([
    'wrote 65536/65536 bytes at offset 0',
    'wrote 65536/65536 bytes at offset 0',
    'wrote 65536/65536 bytes at offset 1073741824',
    'write failed: Input/output error',
  ])
  expect(corruption(session).data.msg).toBe(HIT)
  expect(report).toMatchObject({ events: 1, missedOverlaps: 0 })
})

test('the allocator hands out metadata: without checks it is destroyed silently', async () => {
  const { session, outputs, report } = await play('allocator-unnoticed')
  expect(outputs[3]).toBe('wrote 65536/65536 bytes at offset 131072')
  expect(report).toMatchObject({ events: 0, missedOverlaps: 1 })
  expect(session.owners.corruptions).toBeGreaterThan(0)
  expect(session.logGroups(0, 9)).toMatchObject([{ kind: 'missed', command: 'write -c 128k 64k' }])
})

describe('real qemu-io', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'overlapscope-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test.each([
    ['with checks', 'allocator-hands-out-metadata', 'cached'],
    ['without them', 'allocator-unnoticed', 'none'],
  ])('does the same to the last byte, %s', async (_, id, template) => {
    const { recipe, commands } = scenarioById(id)
    const file = join(folder, `${id}.qcow2`)
    await mustRun('qemu-img', ['create', '-q', '-f', 'qcow2', file, `${recipe.virtualSize}`])
    const blank = readFileSync(file)
    const args = commands.split('\n').flatMap(command => ['-c', command])
    const options = `driver=qcow2,overlap-check=${template},discard=unmap,file.driver=file,file.filename=${file}`
    const theirs = await runTool('qemu-io', ['--image-opts', options, ...args])

    const { options: own, clock } = scenarioById(id)
    const source = new MemorySource(blank)
    const session = await Session.open(source, clock, { source: () => source })
    session.runUnder(own)
    const ours: string[] = []
    await session.runCommands(parseScript(commands), { onEntry: ({ output }) => void ours.push(output[0]!) })
    const said = `${theirs.stdout}${theirs.stderr}`
    for (const line of ours) expect(said).toContain(line)
    expect(said.includes(HIT)).toBe(template === 'cached')

    const disk = session.settled()
    const result = readFileSync(file)
    expect(disk.size).toBe(result.length)
    expect(Buffer.compare(disk.readSync(0, disk.size), result)).toBe(0)
  })
})
