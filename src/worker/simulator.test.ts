import { expect, test } from 'vitest'
import { cellOwner } from '../lib/cells.ts'
import { LAYERS } from '../lib/layers.ts'
import { OWNERS } from '../lib/owners.ts'
import { DEFAULT_OPTIONS } from '../simulation/run-options.ts'
import { chooseLayout } from '../render/layout.ts'
import { testPalette } from '../testing/map-scene.ts'
import { qemuCheck } from '../testing/qemu.ts'
import { BLANK_RECIPE } from '../workload/blank-recipe.ts'
import { parseRecipe } from '../workload/parse-recipe.ts'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImageChoice, Reply, Request } from './protocol.ts'
import { Simulator } from './simulator.ts'

type WithoutAddress<R> = R extends unknown ? Omit<R, 'id' | 'run'> : never
type Of<T extends Reply['type']> = Extract<Reply, { type: T }>

const RECIPE: ImageChoice = {
  kind: 'recipe',
  name: 'blank',
  recipe: parseRecipe({
    ...BLANK_RECIPE,
    virtualSize: '64M',
  }),
}

/** The worker in this thread. */
class Worker {
  readonly replies: Reply[] = []
  private id = 0
  private readonly simulator = new Simulator(reply => this.replies.push(reply))

  /** @returns the replies to this request */
  async ask(request: WithoutAddress<Request>): Promise<Reply[]> {
    const id = ++this.id
    await this.simulator.handle({ ...request, id, run: 1 } as Request)
    return this.replies.filter(reply => reply.id === id)
  }
}

const last = <T extends Reply['type']>(replies: readonly Reply[], type: T): Of<T> => {
  const found = replies.findLast(reply => reply.type === type)
  if (!found) throw new Error(`no ${type} among ${replies.map(reply => reply.type).join()}`)
  return found as Of<T>
}
const entriesOf = (replies: readonly Reply[]) =>
  replies.flatMap(reply => (reply.type === 'entries' ? reply.entries : []))

async function opened(image: ImageChoice = RECIPE): Promise<Worker> {
  const worker = new Worker()
  last(await worker.ask({ type: 'open', image }), 'report')
  return worker
}

test('commands answer with their outputs, the image as it is now, and a new revision', async () => {
  const worker = await opened()
  const replies = await worker.ask({ type: 'run-commands', text: 'write 0 64k\nnonsense\nread 0 64k' })
  expect(entriesOf(replies).map(({ output, error }) => output[0] ?? error?.message)).toEqual([
    'wrote 65536/65536 bytes at offset 0',
    expect.stringContaining('nonsense'),
    'read 65536/65536 bytes at offset 0',
  ])
  const report = last(replies, 'report')
  expect(report).toMatchObject({ revision: 2, image: { fileClusters: 6 }, report: { live: { commands: 3 } } })
  expect(replies.at(-1)).toMatchObject({ type: 'done', cancelled: false })
})

test('a scenario brings its commands along', async () => {
  const worker = new Worker()
  const replies = await worker.ask({ type: 'open', image: { kind: 'scenario', id: 'allocator-unnoticed' } })
  expect(entriesOf(replies)).toHaveLength(4)
  expect(last(replies, 'report').report.missedOverlaps).toBe(1)
  expect(last(replies, 'opened').image.corruptions).toBeGreaterThan(0)
})

test('pictures are those of an image opened anew, after commands and under other options', async () => {
  const worker = await opened()
  const palette = testPalette('protection')
  const viewport = { width: 300, height: 200, scale: 3, x: -2, y: -2 }
  const view = {
    layer: 'protection',
    layout: chooseLayout(1, 1.5),
    viewport,
    ratio: 1,
    small: viewport,
  } as const
  const picture = async (of: Worker, buffer?: ArrayBuffer) =>
    last(await of.ask({ type: 'picture', view, palette, ...(buffer ? { buffer } : {}) }), 'picture')
  const first = await picture(worker)
  const options = { ...DEFAULT_OPTIONS, totalSizeLimit: 256n }
  await worker.ask({ type: 'run-commands', text: 'write 0 640k' })
  const written = await picture(worker)
  await worker.ask({ type: 'options', options })
  const limited = await picture(worker, written.picture.pixels.buffer.slice(0) as ArrayBuffer)
  expect([first, written, limited].map(({ revision }) => revision)).toEqual([1, 2, 3])
  expect(limited.picture.marks.total).toBeGreaterThan(0)

  const anew = await opened()
  await anew.ask({ type: 'options', options })
  await anew.ask({ type: 'run-commands', text: 'write 0 640k' })
  const expected = await picture(anew)
  expect(limited.picture).toEqual(expected.picture)
  expect(limited.picture.small?.pixels).toEqual(limited.picture.pixels)
  expect(limited.picture.pixels).not.toEqual(written.picture.pixels)
  expect(written.picture.pixels).not.toEqual(first.picture.pixels)
})

test('other options run the commands again; undoing takes them back one by one', async () => {
  const worker = await opened()
  await worker.ask({ type: 'run-commands', text: 'write 0 64k\nwrite 64k 64k' })
  const rerun = await worker.ask({ type: 'options', options: { ...DEFAULT_OPTIONS, totalSizeLimit: 256n } })
  expect(entriesOf(rerun).map(({ index, events }) => [index, events > 0])).toEqual([
    [0, true],
    [1, true],
  ])
  const undone = await worker.ask({ type: 'undo-command' })
  expect(last(undone, 'entries')).toMatchObject({ from: 1, entries: [] })
  expect(last(undone, 'report')).toMatchObject({
    image: { fileClusters: 6 },
    report: { live: { commands: 1 } },
  })
  const empty = await worker.ask({ type: 'undo-command' })
  expect(last(empty, 'entries')).toMatchObject({ from: 0, entries: [] })
  expect(last(empty, 'report').report.live).toBeUndefined()
  expect(last(empty, 'report').image).toMatchObject({ fileClusters: 4 })
})

test('what is asked meanwhile is answered, and a long script can be stopped', async () => {
  const worker = await opened()
  const text = Array.from({ length: 200_000 }, (_, i) => `write ${(i % 1000) * 64}k 4k`).join('\n')
  const running = worker.ask({ type: 'run-commands', text })
  while (entriesOf(worker.replies).length === 0) await new Promise(resolve => setTimeout(resolve, 1))
  expect(
    last(await worker.ask({ type: 'inspect', cluster: 0 }), 'inspection').inspection.cluster.cluster,
  ).toBe(0)
  await worker.ask({ type: 'cancel' })
  const replies = await running
  const { live } = last(replies, 'report').report
  expect(live!.commands).toBeLessThan(200_000)
  expect(live!.commands).toBe(entriesOf(replies).length)
})

test('the file can be had, holes and all, and real QEMU finds it clean', async () => {
  const worker = await opened()
  await worker.ask({ type: 'run-commands', text: 'write -P 5 0 64k\nsnapshot -c one\nwrite -P 6 32M 64k' })
  const { file } = last(await worker.ask({ type: 'download-image' }), 'image-file')
  const folder = mkdtempSync(join(tmpdir(), 'overlapscope-'))
  try {
    const path = join(folder, 'image.qcow2')
    writeFileSync(path, new Uint8Array(await file.arrayBuffer()))
    expect(await qemuCheck(['-f', 'qcow2', path])).toMatchObject({
      'check-errors': 0,
      'allocated-clusters': 2,
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a trace is carried out as far as the disk reaches, and what is wrong in it is told', async () => {
  const worker = await opened()
  const text = 'time,offset,length,op\n0,100,100,write\n1,64M,512,write\n2,0,512,read\n'
  const entries = entriesOf(await worker.ask({ type: 'run-commands', text }))
  expect(entries.map(entry => entry.text)).toEqual(['write 0 512', '1,64M,512,write', 'read 0 512'])
  expect(entries[1]?.error?.message).toMatch(/^Line 3 is skipped: .* goes beyond the disk’s end$/)
  // A disk that grew takes it.
  await worker.ask({ type: 'run-commands', text: 'resize 128M' })
  const again = entriesOf(await worker.ask({ type: 'run-commands', text }))
  expect(again.map(entry => entry.error)).toEqual([undefined, undefined, undefined])
})

test('finds kinds with their number, counts them, and follows guest offsets, in the image as it now is', async () => {
  const worker = await opened()
  const tables = async () =>
    last(await worker.ask({ type: 'find', kind: 'activeL2', after: -1, direction: 1 }), 'found').found
  const counted = async () => last(await worker.ask({ type: 'count-kinds' }), 'kind-counts').counts
  expect(await tables()).toBeUndefined()
  expect(await counted()).toMatchObject({ activeL2: 0, guestData: 0, header: 1, unguarded: 0 })
  await worker.ask({ type: 'run-commands', text: 'write 0 128k' })
  const found = await tables()
  expect(found).toMatchObject({ ordinal: 1, count: 1, clusters: 1 })
  expect(await counted()).toMatchObject({ activeL2: 1, guestData: 2 })
  const { route } = last(await worker.ask({ type: 'guest-route', offset: 65536n }), 'guest-route')
  expect(route).toMatchObject({
    kind: 'normal',
    l1Index: 0,
    l2Index: 1,
    l2Offset: BigInt(found!.range.start) << 16n,
  })
  const past = await worker.ask({ type: 'guest-route', offset: 1n << 40n })
  expect(last(past, 'failed').failure).toMatchObject({ internal: false })
})

test('the tree of structures is told page by page, and the way to a cluster', async () => {
  const worker = await opened()
  const roots = last(
    await worker.ask({ type: 'structure-children', node: '', from: 0, count: 10 }),
    'structure-children',
  )
  expect(roots.page.rows.map(({ id }) => id)).toEqual(['header', 'refcount-table', 'l1'])
  expect(roots).toMatchObject({ revision: 1, page: { total: 3, row: -1 } })
  await worker.ask({ type: 'run-commands', text: 'write 0 64k' })
  const tables = last(
    await worker.ask({ type: 'structure-children', node: 'l1', from: 0, count: 1 }),
    'structure-children',
  )
  expect(tables).toMatchObject({
    revision: 2,
    page: { row: 2, summary: '1 L2 table', rows: [{ id: 'l1/0' }] },
  })
  const start = tables.page.rows[0]?.clusters?.start ?? -1
  const { steps } = last(await worker.ask({ type: 'structure-path', cluster: start }), 'structure-path')
  expect(steps.map(({ id }) => id)).toEqual(['l1', 'l1/0'])
  const free = last(await worker.ask({ type: 'structure-path', cluster: 100 }), 'structure-path')
  expect(free.steps).toEqual([])
})

test('the structures are a file, with progress, and can be stopped', async () => {
  const worker = await opened()
  const replies = await worker.ask({ type: 'export-structures', format: 'csv' })
  const { file } = last(replies, 'exported-structures')
  expect(file.type).toBe('text/csv')
  expect((await file.text()).split('\r\n')).toHaveLength(6)
  expect(last(replies, 'progress').progress).toMatchObject({ done: 4, total: 4, unit: 'structures' })
  const stopped = worker.ask({ type: 'export-structures', format: 'json' })
  await Promise.resolve()
  await Promise.resolve()
  await worker.ask({ type: 'cancel' })
  expect((await stopped).at(-1)).toMatchObject({ type: 'done', cancelled: true })
})

test('a cluster’s bytes and fields come page by page', async () => {
  const worker = await opened()
  const { inspection } = last(await worker.ask({ type: 'inspect', cluster: 0 }), 'inspection')
  const { fieldCount, fields, hostOffset } = inspection.cluster
  expect(fields.length).toBe(Math.min(100, fieldCount!))
  const one = await worker.ask({ type: 'cluster-fields', cluster: 0, from: 8, count: 1 })
  const [l1] = last(one, 'cluster-fields').fields
  expect(l1).toMatchObject({ name: 'l1_table_offset', offset: 40n, length: 8 })
  const { page } = last(
    await worker.ask({ type: 'cluster-bytes', cluster: 0, from: 40, count: 8 }),
    'cluster-bytes',
  )
  expect(new DataView(page.bytes.buffer).getBigUint64(0)).toBe(l1!.target! - hostOffset)
  expect([...page.fields]).toEqual(Array(8).fill(8))
})

test('every layer is counted to the last cluster of the file, anew after each command', async () => {
  const worker = await opened()
  for (const command of ['write 0 64k', 'snapshot -c one', 'write 0 128k']) {
    const { image } = last(await worker.ask({ type: 'run-commands', text: command }), 'report')
    for (const layer of LAYERS) {
      const { counts, revision } = last(await worker.ask({ type: 'layer-counts', layer }), 'layer-counts')
      expect(counts.reduce((sum, count) => sum + count)).toBe(image?.fileClusters)
      expect(revision).toBeGreaterThan(1)
    }
    const { counts } = last(await worker.ask({ type: 'layer-counts', layer: 'owner' }), 'layer-counts')
    const owners = OWNERS.map(({ code }) =>
      counts.reduce((sum, count, cell) => (cellOwner(cell) === code ? sum + count : sum), 0),
    )
    expect(owners).toEqual(image?.ownerCounts)
  }
})
