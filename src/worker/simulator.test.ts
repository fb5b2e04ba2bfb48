import { expect, test } from 'vitest'
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
