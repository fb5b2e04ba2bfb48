import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ByteSource } from '../../disk/byte-source.ts'
import { MemorySource } from '../../disk/memory-source.ts'
import { isMetadata, OWNERS } from '../../lib/owners.ts'
import { listStructures } from '../../qcow2/structure-list.ts'
import { parseScript } from '../../workload/commands/parse-script.ts'
import { parseRecipe } from '../../workload/parse-recipe.ts'
import { syntheticSource } from '../../workload/synthetic-image.ts'
import { DEFAULT_OPTIONS } from '../run-options.ts'
import type { RunOptions } from '../report.ts'
import type { StructureRow } from '../structure-page.ts'
import { Session } from '../session.ts'
import { viewOf } from '../view.ts'

const CLOCK = { seconds: 1429331400n, microseconds: 0 }
const SAMPLES = new URL('../../../public/samples/', import.meta.url)
const samples = readdirSync(SAMPLES).filter(file => file.endsWith('.gz'))

const sample = (file: string) => new MemorySource(gunzipSync(readFileSync(new URL(file, SAMPLES))))
const recipe = (fields: object) =>
  syntheticSource(
    parseRecipe({ format: 'overlapscope-recipe', recipeVersion: 1, virtualSize: '16M', ...fields }),
  )

async function open(disk: ByteSource, options: Partial<RunOptions> = {}): Promise<Session> {
  const session = await Session.open(disk, CLOCK)
  session.runUnder({ ...DEFAULT_OPTIONS, ...options })
  return session
}

/** All children, in pages of an odd size. */
async function childrenOf(session: Session, node: string): Promise<StructureRow[]> {
  const rows: StructureRow[] = []
  for (let total = 1; rows.length < total; ) {
    const page = await session.shown.structureChildren(node, rows.length, 37)
    total = page.total
    rows.push(...page.rows)
    if (page.rows.length === 0) break
  }
  return rows
}

async function* nodesBelow(session: Session, node = ''): AsyncGenerator<StructureRow, void, void> {
  for (const row of await childrenOf(session, node)) {
    yield row
    if (row.isExpandable) yield* nodesBelow(session, row.id)
  }
}

async function allNodes(session: Session): Promise<StructureRow[]> {
  const nodes: StructureRow[] = []
  for await (const node of nodesBelow(session)) nodes.push(node)
  return nodes
}

/** Nodes that are structures, as `inspect` counts them: tables, blocks, and the three headers. */
const isStructure = ({ id, owner }: StructureRow): boolean =>
  owner !== undefined &&
  isMetadata(owner) &&
  OWNERS[owner]?.name !== 'bitmapData' &&
  !/^(header|snapshots|bitmaps)\/\d+$|^backing$/.test(id)

/** Which snapshot or bitmap it belongs to, and which entry names it. */
async function identityOf(session: Session, { id, owner, offset, length }: StructureRow): Promise<string> {
  const { snapshots, bitmapDirectory } = session.image
  const [root, first, , entry] = id.split('/')
  const snapshot = root === 'snapshots' && first !== undefined ? snapshots[Number(first)] : undefined
  const bitmap =
    root === 'bitmaps' && first !== undefined ? bitmapDirectory?.bitmaps[Number(first)] : undefined
  const whose = snapshot
    ? `snapshot ${snapshot.name || snapshot.id}`
    : bitmap
      ? `bitmap ${bitmap.name}`
      : root === 'l1'
        ? 'active disk'
        : 'image'
  const index = snapshot ? entry : bitmap ? undefined : first
  return `${OWNERS[owner!]!.label} ${offset} ${length} ${whose} ${index ?? '-'}`
}

async function expectEveryStructureOnce(disk: ByteSource): Promise<void> {
  const session = await open(disk)
  const { image, sequence } = await viewOf(disk)
  const listed = Array.from(
    listStructures(image, sequence),
    ({ type, offset, length, owner, index }) => `${type} ${offset} ${length} ${owner} ${index ?? '-'}`,
  )
  const nodes = (await allNodes(session)).filter(isStructure)
  const found = await Promise.all(nodes.map(node => identityOf(session, node)))
  expect(found.toSorted()).toEqual(listed.toSorted())
}

/** Every cluster of metadata, and some of the guest's, is found where its report says. */
async function expectPathsAgree(disk: ByteSource, clusters: readonly number[]): Promise<void> {
  const session = await open(disk)
  for (const cluster of clusters) {
    const { claims, owner } = await session.owners.report(cluster)
    const steps = await session.shown.structurePath(cluster)
    expect([cluster, steps.length > 0]).toEqual([cluster, claims.length > 0])
    let parent = ''
    for (const { id, row, total } of steps) {
      const page = await session.shown.structureChildren(parent, row, 1)
      expect(page.total).toBe(total)
      expect(page.rows[0]?.id).toBe(id)
      expect(page.rows[0]?.isExpandable || id === steps.at(-1)?.id).toBe(true)
      parent = id
    }
    const last = steps.at(-1)
    if (!last) continue
    const above = steps.at(-2)?.id ?? ''
    const [node] = (await session.shown.structureChildren(above, last.row, 1)).rows
    expect(node?.owner).toBe(owner)
    expect(node?.clusters!.start).toBeLessThanOrEqual(cluster)
    expect(node!.clusters!.start + node!.clusters!.count).toBeGreaterThan(cluster)
  }
}

async function clustersOf(disk: ByteSource): Promise<number[]> {
  const { image } = await viewOf(disk)
  const every = Array.from({ length: image.fileClusters }, (_, cluster) => cluster)
  return every.length <= 400 ? every : every.filter(cluster => cluster < 200 || cluster % 31 === 0)
}

test.each(samples)('%s: every structure is a node, once', async file => {
  await expectEveryStructureOnce(sample(file))
})

test.each(samples)('%s: the way to a cluster is the one its report tells', async file => {
  const disk = sample(file)
  await expectPathsAgree(disk, await clustersOf(disk))
})

const anyRecipe = fc.record({
  clusterSize: fc.constantFrom(512, 4096, 65536),
  version: fc.constantFrom(2, 3),
  fill: fc.oneof(
    fc.record({ pattern: fc.constant('random'), share: fc.constantFrom(0.1, 0.5) }),
    fc.record({ pattern: fc.constant('every-nth'), n: fc.integer({ min: 2, max: 9 }) }),
    fc.record({ pattern: fc.constant('sequential'), share: fc.constantFrom(0.3, 1) }),
  ),
  snapshots: fc.constantFrom(
    [],
    [{ name: 'one', at: 0.3 }],
    [
      { name: 'one', at: 0.3 },
      { name: 'one', at: 0.6 },
    ],
  ),
  virtualSize: fc.constantFrom('1M', '3M'),
  seed: fc.nat(1000),
})

test('entries with subclusters are told apart by what these are', async () => {
  const disk = sample('extended-l2.qcow2.gz')
  const session = await Session.open(disk, CLOCK, { source: () => disk })
  session.runUnder(DEFAULT_OPTIONS)
  await session.runCommands(parseScript('write -z 8M 128k\nwrite -z 16M 4k\nwrite -z 0 4k'))
  const rows = await childrenOf(session, 'l1/0')
  const told = rows.map(({ name, detail }) => `${name}; ${detail}`)
  // The first cluster's only data gave way to zeros.
  expect(told).toContain('Entry 0: zeros, with clusters; guest 0 to 128 KiB, some subclusters')
  expect(told).toContain('Entry 1: guest data; guest 128 KiB to 256 KiB, some subclusters')
  expect(told).toContain('Entry 8: guest data; guest 1 MiB to 0x120000')
  expect(told).toContain('Entry 64: zeros, no clusters; guest 8 MiB to 0x820000')
  expect(told).toContain('Entry 128: zeros, no clusters; guest 16 MiB to 0x1020000, some subclusters')
  const { summary } = await session.shown.structureChildren('l1/0', 0, 1)
  expect(summary).toBe('8 entries used: 5 with data, 3 zero')
})

test('of any image: every structure once, and the ways to its clusters', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(anyRecipe, async fields => {
      // Two snapshots of one name cannot be told apart in a list of structures.
      const names = fields.snapshots.map(({ name }, index) => (fields.seed % 2 ? name : `${name} ${index}`))
      const unique = fields.snapshots.map((snapshot, index) => ({ ...snapshot, name: names[index]! }))
      const disk = recipe({ ...fields, snapshots: unique })
      await expectEveryStructureOnce(disk)
      await expectPathsAgree(disk, (await clustersOf(disk)).slice(0, 120))
    }),
    { numRuns: 12 },
  )
})

test('entries in a row are one row, whether they say nothing or map clusters in a row', async () => {
  const session = await open(recipe({ virtualSize: '1G', fill: { pattern: 'sequential', share: 0.25 } }))
  const table = await childrenOf(session, 'l1')
  expect(table.map(({ name }) => name)).toEqual(['Entry 0: L2 table', 'Entry 1: none'])
  expect(table[0]).toMatchObject({ detail: 'guest 0 to 512 MiB', length: 65536n, isExpandable: true })
  const page = await session.shown.structureChildren('l1/0', 0, 10)
  expect(page.summary).toBe('4\u202f096 entries used: 4\u202f096 with data')
  expect(page.rows.map(({ name, detail }) => [name, detail])).toEqual([
    ['Entries 0 to 4\u202f095: guest data', 'guest 0 to 256 MiB'],
    ['Entries 4\u202f096 to 8\u202f191: none', ''],
  ])
  const [first] = page.rows
  expect(first?.length).toBe(256n * 2n ** 20n)
})

test('any row of a long table is had by its number, and leads back to its number', async () => {
  const disk = recipe({
    virtualSize: '1G',
    clusterSize: 512,
    fill: { pattern: 'every-nth', n: 2 },
  })
  const session = await open(disk)
  const { total } = await session.shown.structureChildren('l1', 0, 1)
  expect(total).toBe(32768)
  for (const row of [0, 511, 512, 513, 20_000, total - 1]) {
    const { rows } = await session.shown.structureChildren('l1', row, 2)
    expect(rows[0]?.id).toBe(`l1/${row}`)
    expect(rows).toHaveLength(row === total - 1 ? 1 : 2)
    const steps = await session.shown.structurePath(rows[0]!.clusters!.start)
    expect(steps.at(-1)).toEqual({ id: `l1/${row}`, row, total })
  }
  expect((await session.shown.structureChildren('l1', total, 5)).rows).toEqual([])
})

test('what is unguarded is marked on the node and counted above it', async () => {
  const disk = recipe({ virtualSize: '4G', fill: { pattern: 'every-nth', n: 100 } })
  const guarded = await open(disk)
  expect((await childrenOf(guarded, '')).map(row => row.unguarded + (row.unguardedBelow ?? 0))).toEqual([
    0, 0, 0,
  ])
  const session = await open(disk, { totalSizeLimit: 4200n })
  const { coverage } = session.runUnder({ ...DEFAULT_OPTIONS, totalSizeLimit: 4200n })
  expect(coverage.unguarded).toBeGreaterThan(0)
  const structures = (await allNodes(session)).filter(isStructure)
  expect(structures.reduce((sum, { unguarded }) => sum + unguarded, 0)).toBe(coverage.unguarded)
  const l1 = (await childrenOf(session, '')).find(({ id }) => id === 'l1')
  const tables = await childrenOf(session, 'l1')
  expect(l1?.unguardedBelow).toBe(tables.reduce((sum, { unguarded }) => sum + unguarded, 0))
})

test('faults of a damaged image are told where they are', async () => {
  const session = await open(sample('damaged.qcow2.gz'))
  const faults = (await allNodes(session)).flatMap(({ name, problems }) =>
    problems.map(problem => `${name}: ${problem}`),
  )
  expect(faults.length).toBeGreaterThan(0)
  expect(faults).toMatchInlineSnapshot(`
    [
      "Clusters 0 to 20: refcount 1: 1 cluster claimed twice",
      "Clusters 0 to 20: refcount 1: 1 cluster with a wrong refcount",
      "Active L1 table: claimed twice",
      "Active L1 table: with a wrong refcount",
      "Entry 2: guest data: claimed twice",
      "Entry 2: guest data: with a wrong refcount",
    ]
  `)
})

test('a node that is not there has no children', async () => {
  const session = await open(recipe({}))
  for (const node of [
    'nonsense',
    'snapshots/3',
    'bitmaps/0/table',
    'l1/0/0/0',
    'l1/99',
    'refcount-table/9000',
  ])
    expect(await session.shown.structureChildren(node, 0, 10)).toMatchObject({ total: 0, rows: [] })
})
