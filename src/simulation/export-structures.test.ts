import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { MemorySource } from '../disk/memory-source.ts'
import { Cancelled } from '../lib/cancel.ts'
import { BLANK_RECIPE } from '../workload/blank-recipe.ts'
import { parseRecipe } from '../workload/parse-recipe.ts'
import { syntheticSource } from '../workload/synthetic-image.ts'
import type { ExportHooks } from './export-structures.ts'
import { DEFAULT_OPTIONS } from './run-options.ts'
import type { RunOptions } from './report.ts'
import { Session } from './session.ts'
import { csvHead, csvLine, type ExportFormat } from './structure-export.ts'

const CLOCK = { seconds: 1429331400n, microseconds: 0 }

const recipe = (fields: object) => syntheticSource(parseRecipe({ ...BLANK_RECIPE, ...fields }))
const sample = (name: string) =>
  new MemorySource(
    gunzipSync(readFileSync(new URL(`../../public/samples/${name}.qcow2.gz`, import.meta.url))),
  )

async function open(disk: Parameters<typeof Session.open>[0], options: Partial<RunOptions> = {}) {
  const session = await Session.open(disk, CLOCK)
  session.runUnder({ ...DEFAULT_OPTIONS, ...options })
  return session
}

async function exported(session: Session, format: ExportFormat, hooks: ExportHooks = {}): Promise<string> {
  let text = ''
  for await (const piece of session.shown.exportStructures(format, hooks)) text += piece
  return text
}

interface Row {
  readonly type: string
  readonly guard?: string
  readonly refcount: number
  readonly 'unguarded-clusters': number
  readonly problems?: string
}

const rowsOf = (json: string) => (JSON.parse(json) as { structures: Row[] }).structures

/** What may be said of a structure that nothing kept from being recorded. */
function wordsFor(type: string): (string | undefined)[] {
  if (/bitmap|LUKS/.test(type)) return [undefined]
  // Of a type that is not checked; those that are the active disk's, too, are guarded as such.
  return type === 'inactive L2 table' ? ['not checked', 'guarded'] : ['guarded']
}

test.each(['snapshots', 'bitmaps', 'luks', 'extended-l2', 'damaged'])(
  '%s: JSON and CSV have the same rows',
  async name => {
    const session = await open(sample(name))
    const structures = rowsOf(await exported(session, 'json'))
    const lines = (await exported(session, 'csv')).split('\r\n')
    expect(lines.at(-1)).toBe('')
    expect(lines[0]).toBe(csvHead(true))
    expect(lines).toHaveLength(structures.length + 2)
    for (const { type, guard } of structures) expect(wordsFor(type)).toContain(guard)
  },
)

test('a damaged image says what is wrong with it, and which structures have a part in it', async () => {
  const session = await open(sample('damaged'))
  const json = await exported(session, 'json')
  const { corruptions, leaks } = session.owners
  expect(JSON.parse(json)).toMatchObject({ corruptions, 'leaked-clusters': leaks })
  expect([corruptions, leaks]).toEqual([1, 2])
  const wrong = rowsOf(json).filter(({ problems }) => problems !== undefined)
  expect(wrong.map(({ type, problems }) => [type, problems])).toEqual([
    ['active L1 table', 'claimed twice, with a wrong refcount'],
  ])
  expect(await exported(session, 'csv')).toContain('"claimed twice, with a wrong refcount"')
  const sound = await exported(await open(sample('snapshots')), 'json')
  expect(JSON.parse(sound)).toMatchObject({ corruptions: 0, 'leaked-clusters': 0 })
  expect(sound).not.toContain('problems')
})

test('many structures are one list, whatever the size of its pieces', async () => {
  const session = await open(
    recipe({ virtualSize: '32M', clusterSize: 512, fill: { pattern: 'every-nth', n: 3 } }),
  )
  const told: number[] = []
  const json = await exported(session, 'json', { onProgress: done => void told.push(done) })
  const structures = rowsOf(json)
  expect(structures.length).toBeGreaterThan(1000)
  expect(told.at(-1)).toBe(structures.length)
  expect(structures.every(({ refcount }) => refcount === 1)).toBe(true)
})

/** All that is said of the structures of an image under these options. */
async function words(options: Partial<RunOptions>) {
  const session = await open(
    recipe({ virtualSize: '64M', fill: { pattern: 'sequential', share: 1 } }),
    options,
  )
  const rows = rowsOf(await exported(session, 'json'))
  return [...new Set(rows.map(({ guard }) => guard))]
}

test('each structure tells how it is guarded in this run', async () => {
  expect(await words({})).toEqual(['guarded'])
  expect(await words({ checkedTypes: 0 })).toEqual(['not checked'])
  expect(await words({ version: 'mainline' })).toEqual(['guarded'])
  expect(await words({ totalSizeLimit: 1n })).toEqual(['not opened'])
  expect(await words({ totalSizeLimit: 1n, openUnchecked: true })).toEqual(['not recorded'])
})

test('can be stopped', async () => {
  const session = await open(
    recipe({ virtualSize: '32M', clusterSize: 512, fill: { pattern: 'every-nth', n: 3 } }),
  )
  const signal = { aborted: false }
  const onProgress = () => {
    signal.aborted = true
  }
  await expect(exported(session, 'csv', { signal, onProgress })).rejects.toThrow(Cancelled)
})

test('CSV quotes what needs it', () => {
  const structure = {
    type: 'bitmap table',
    offset: 1n << 60n,
    length: 8n,
    owner: 'bitmap a,"b"\nc',
    aligned: true,
    path: 'header → bitmap directory',
  }
  expect(csvLine(structure, false)).toBe(
    'bitmap table,1152921504606846976,8,"bitmap a,""b""\nc",,true,header → bitmap directory,,',
  )
  expect(csvLine({ ...structure, refcount: 1n, 'unguarded-clusters': 0 }, true)).toMatch(/,1,,0,$/)
})
