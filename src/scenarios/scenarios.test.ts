import { expect, test } from 'vitest'
import { Held } from '../lib/held.ts'
import type { RunReport } from '../simulation/report.ts'
import { Session } from '../simulation/session.ts'
import { parseRecipe } from '../workload/parse-recipe.ts'
import { syntheticSource } from '../workload/synthetic-image.ts'
import { SCENARIOS, scenarioById } from './index.ts'

interface Played {
  readonly report: RunReport
  readonly lines: string[]
  readonly session: Session
}

async function play(id: string): Promise<Played> {
  const { recipe, clock, options } = scenarioById(id)
  const session = await Session.open(syntheticSource(recipe), clock)
  const report = session.runUnder(options)
  return { report, lines: [...session.logLines()], session }
}

const ranges = (lines: readonly string[]): [number, number][] =>
  lines.map(line => {
    const { start, length } = JSON.parse(line).data
    return [start, length]
  })

const windowsHeld = (report: RunReport, held: number): number => report.windows.held[held] ?? 0

const MIB = 2 ** 20

test('the event of the patch comes once, as the patch has it, and is not written down anywhere', async () => {
  const { report, lines } = await play('event-of-the-patch')
  expect(lines).toEqual([
    '{"event": "QCOW2_OVERLAP_CHECK_MEMORY_LIMIT_REACHED", "data": {"reference": "virtio0", "start": 805306368, "length": 268435456}, "timestamp": {"seconds": 1429331400, "microseconds": 519454}}',
  ])
  expect(report.outcome.kind).toBe('guarded')
  expect(report.windows.count).toBe(4)
  expect(report.budget).toMatchObject({ list: 56, windows: 128, slots: 64, bitmaps: 0, fragments: 44 })
  expect(report.budget.refused).toMatchObject({ asked: 4096, memUsage: 292 })
  expect(report.canBuild).toBe(false)
  expect(report.coverage.guarded).toBe(0)
})

test('eight bytes more, and there is no event', async () => {
  const { recipe, clock, options } = scenarioById('event-of-the-patch')
  const session = await Session.open(syntheticSource(recipe), clock)
  expect(session.runUnder({ ...options, totalSizeLimit: 4387n }).events).toBe(1)
  expect(session.runUnder({ ...options, totalSizeLimit: 4388n }).events).toBe(0)
})

test('it fits comfortably', async () => {
  const { report, lines } = await play('fits-comfortably')
  expect(lines).toEqual([])
  expect(report.budget.bitmaps).toBe(16 * 4096)
  expect(windowsHeld(report, Held.fragments)).toBe(49)
  expect(report.coverage).toMatchObject({ metadata: 84, guarded: 84 })
})

test('a limit of 256 opens an image and records nothing', async () => {
  const { report, lines } = await play('no-room-for-a-bitmap')
  expect(ranges(lines)).toEqual(Array.from({ length: 4 }, () => [0, 256 * MIB]))
  expect(report.budget.memUsage).toBe(152)
  expect(report.coverage).toMatchObject({ metadata: 4, guarded: 0 })
})

test('the list and one bitmap, and no byte more, is a lock-out', async () => {
  const { report, lines } = await play('lock-out')
  expect(ranges(lines)).toEqual([
    [256 * MIB, 256 * MIB],
    [0, 256 * MIB],
  ])
  expect(report.budget).toMatchObject({ list: 56, windows: 64, slots: 64, fragments: 16, peak: 4280 })
  expect(report.canBuild).toBe(false)
})

test('bitmaps are kept outside a cache of one slot', async () => {
  const { report, lines } = await play('kept-bitmaps')
  expect(lines).toEqual([])
  expect(windowsHeld(report, Held.kept)).toBe(4)
  expect(report.budget).toMatchObject({ slots: 4, bitmaps: 5 * 4096 })
})

test('version 4 refuses windows 1 and 3, and goes on with 0 and 2', async () => {
  const { lines, session } = await play('lost-in-version-4')
  expect(ranges(lines)).toEqual([
    [256 * MIB, 256 * MIB],
    [768 * MIB, 256 * MIB],
  ])
  const { window, nbFragments, held } = session.windows
  expect(nbFragments[window.indexOf(2)]).toBe(1)
  expect(held[window.indexOf(0)]).toBe(Held.cached)
  // The last version makes room under the same limit.
  const last = session.runUnder({ ...scenarioById('lost-in-version-4').options, version: 'v6' })
  expect(last.events).toBe(0)
})

test('too many windows: the image is not opened', async () => {
  const { report, lines } = await play('too-many-windows')
  expect(lines).toEqual([])
  expect(report.outcome).toMatchObject({
    kind: 'refused',
    error: 'Cannot allocate metadata overlap check windows',
  })
  expect(report.windows.count).toBe(1027)
})

test('open unchecked: an event without a range', async () => {
  const { report, lines } = await play('open-unchecked')
  expect(report.outcome).toMatchObject({ kind: 'unchecked', error: 'Cannot allocate metadata list' })
  expect(lines.map(line => JSON.parse(line).data)).toEqual([{ reference: 'virtio0' }])
  expect(report.coverage.guarded).toBe(0)
})

test.each(SCENARIOS)('$id is a sound image, described by a recipe', async ({ recipe, clock }) => {
  expect(parseRecipe(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe)
  const { owners } = await Session.open(syntheticSource(recipe), clock)
  expect([owners.corruptions, owners.leaks, owners.problemCount]).toEqual([0, 0, 0])
})

test('ids are apart, and an unknown one is named', () => {
  expect(new Set(SCENARIOS.map(({ id }) => id)).size).toBe(SCENARIOS.length)
  expect(() => scenarioById('nothing')).toThrow("There is no scenario 'nothing'")
})
