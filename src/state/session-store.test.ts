import { beforeEach, describe, expect, it } from 'vitest'
import { TEMPLATES } from '../lib/metadata-types.ts'
import type { RunOptions } from '../simulation/report.ts'
import { CANCELLED, DONE, FakeWorker, opened, reported, settled } from '../testing/fake-worker.ts'
import type { ImageChoice } from '../worker/protocol.ts'
import { DEFAULT_OPTIONS } from '../worker/catalogue.ts'
import { createSessionStore } from './session-store.ts'
import { SimulatorClient } from './simulator-client.ts'

const SCENARIO: ImageChoice = { kind: 'scenario', id: 'a-scenario' }
const SAMPLE: ImageChoice = { kind: 'sample', name: 'a.qcow2', url: 'samples/a.qcow2' }
const limited = (limit: bigint): RunOptions => ({ ...DEFAULT_OPTIONS, totalSizeLimit: limit })

let workers: FakeWorker[]
let store: ReturnType<typeof createSessionStore>
const state = () => store.getState()
const worker = () => workers.at(-1)!

beforeEach(() => {
  workers = []
  const client = new SimulatorClient(() => {
    workers.push(new FakeWorker())
    return worker()
  })
  store = createSessionStore(client, () => 'https://host.example/some/path/index.html?q#x')
})

async function open(choice: ImageChoice, options = DEFAULT_OPTIONS) {
  void state().openImage(choice)
  await worker().reply(worker().last('open'), opened('a.qcow2'), reported(1, options), DONE)
}

async function answerOptions(revision: number) {
  const request = worker().last('options')
  await worker().reply(request, reported(revision, request.options), DONE)
}

describe('opening', () => {
  it('shows the image once it is open, under the options of its report', async () => {
    void state().openImage(SCENARIO)
    expect(worker().last('open').options).toBeUndefined()
    expect(state()).toMatchObject({ opening: { choice: SCENARIO }, image: undefined })
    await worker().reply(worker().last('open'), opened('a.qcow2'), reported(1, limited(4380n)), DONE)
    expect(state()).toMatchObject({ opening: undefined, run: 1, revision: 1, choice: SCENARIO })
    expect(state().options.totalSizeLimit).toBe(4380n)
    expect(state().image?.name).toBe('a.qcow2')
  })

  it('keeps the outline of an image as long as its tables are being read', async () => {
    await open(SAMPLE)
    void state().openImage(SCENARIO)
    const request = worker().last('open')
    const outline = { windows: 4097, fileClusters: 16_000_000 }
    await worker().reply(request, { type: 'outline', outline })
    expect(state()).toMatchObject({ run: 1, opening: { run: 2, choice: SCENARIO, outline } })
    state().cancel()
    expect(state().opening).toBeUndefined()
    await worker().reply(request, { type: 'outline', outline })
    expect(state()).toMatchObject({ run: 1, opening: undefined })
  })

  it('tells the worker where a sample lies, and keeps it as it was chosen', async () => {
    await open(SAMPLE)
    expect(worker().last('open').image).toMatchObject({
      url: 'https://host.example/some/path/samples/a.qcow2',
    })
    expect(state().choice).toBe(SAMPLE)
  })

  it("does not take a scenario's options along to an image of one's own", async () => {
    await open(SCENARIO, limited(4380n))
    void state().openImage(SAMPLE)
    expect(worker().last('open').options).toEqual(DEFAULT_OPTIONS)
  })

  it("keeps the options from one image of one's own to the next", async () => {
    await open(SAMPLE)
    state().setOptions(limited(5000n))
    await answerOptions(2)
    void state().openImage(SAMPLE)
    expect(worker().last('open').options).toEqual(limited(5000n))
  })

  it('keeps the image before when one fails, and says where', async () => {
    await open(SAMPLE)
    void state().openImage({ kind: 'sample', name: 'bad.qcow2', url: 'samples/bad.qcow2' })
    const failure = {
      message: 'Image is not in qcow2 format',
      offset: 4n,
      advice: 'Open a qcow2 file.',
      internal: false,
    }
    await worker().reply(worker().last('open'), { type: 'failed', failure })
    expect(state()).toMatchObject({ run: 1, opening: undefined, choice: SAMPLE })
    expect(state().failure).toEqual({ during: 'Opening bad.qcow2', ...failure })
    state().dismissFailure()
    expect(state().failure).toBeUndefined()
  })

  it('stops an opening on request, and drops what still comes of it', async () => {
    await open(SAMPLE)
    void state().openImage(SCENARIO)
    const request = worker().last('open')
    await worker().reply(request, {
      type: 'progress',
      progress: { phase: 'Reading', done: 1, total: 2, unit: 'bytes', bytesRead: 1, bytesTotal: 2 },
    })
    expect(state().progress?.phase).toBe('Reading')
    state().cancel()
    expect(worker().last('cancel').run).toBe(request.run)
    expect(state()).toMatchObject({ opening: undefined, progress: undefined })
    await worker().reply(worker().last('cancel'), DONE)
    await worker().reply(request, CANCELLED)
    expect(state()).toMatchObject({ run: 1, choice: SAMPLE, failure: undefined })
  })

  it('lets a newer opening win over an older one that ends later', async () => {
    void state().openImage(SCENARIO)
    const first = worker().last('open')
    void state().openImage(SAMPLE)
    const second = worker().last('open')
    expect(worker().last('cancel').run).toBe(first.run)
    await worker().reply(second, opened('second'), reported(1, DEFAULT_OPTIONS), DONE)
    await worker().reply(first, opened('first'), reported(1, DEFAULT_OPTIONS), DONE)
    expect(state()).toMatchObject({ run: second.run, choice: SAMPLE })
    expect(state().image?.name).toBe('second')
  })
})

describe('changing options', () => {
  it('runs under the newest and never queues those between', async () => {
    await open(SAMPLE)
    for (const limit of [5000n, 4000n, 3000n, 2000n]) state().setOptions(limited(limit))
    expect(worker().count('options')).toBe(1)
    expect(state().rerunning).toBe(true)
    expect(worker().last('options').options.totalSizeLimit).toBe(5000n)
    await answerOptions(2)
    expect(worker().count('options')).toBe(2)
    expect(worker().last('options').options.totalSizeLimit).toBe(2000n)
    await answerOptions(3)
    expect(state().report?.options.totalSizeLimit).toBe(2000n)
    expect(state().revision).toBe(3)
    expect(state().rerunning).toBe(false)
    expect(worker().count('options')).toBe(2)
  })

  it('does not run again when nothing changes', async () => {
    await open(SAMPLE)
    state().setOptions({ ...DEFAULT_OPTIONS })
    expect(worker().count('options')).toBe(0)
    expect(state().past).toHaveLength(0)
  })

  it('undoes and redoes, a whole drag at once', async () => {
    await open(SAMPLE)
    state().setOptions({ ...DEFAULT_OPTIONS, checkedTypes: TEMPLATES.all })
    await answerOptions(2)
    for (const limit of [5000n, 4900n, 4800n]) state().setOptions(limited(limit), 'drag 1')
    await answerOptions(3)
    await answerOptions(4)
    state().undo()
    await answerOptions(5)
    expect(state().options).toEqual({ ...DEFAULT_OPTIONS, checkedTypes: TEMPLATES.all })
    state().undo()
    await answerOptions(6)
    expect(state().options).toEqual(DEFAULT_OPTIONS)
    expect(state().past).toHaveLength(0)
    state().redo()
    state().redo()
    expect(state().options.totalSizeLimit).toBe(4800n)
    expect(state().future).toHaveLength(0)
    state().setOptions(DEFAULT_OPTIONS)
    state().undo()
    expect(state().options.totalSizeLimit).toBe(4800n)
  })

  it('goes back to what is shown when a run fails, and says so', async () => {
    await open(SAMPLE)
    state().setOptions({ ...DEFAULT_OPTIONS, bitmapSize: 1n << 62n })
    const failure = { message: 'Too many slots.', internal: false }
    await worker().reply(worker().last('options'), { type: 'failed', failure })
    expect(state().options).toEqual(DEFAULT_OPTIONS)
    expect(state().failure).toEqual({ during: 'Re-opening a.qcow2', ...failure })
    expect(worker().count('options')).toBe(1)
  })
})

describe('a lost worker', () => {
  it('is replaced, and what was lost is told', async () => {
    await open(SAMPLE)
    state().setOptions(limited(5000n))
    await worker().crash('out of memory')
    expect(workers).toHaveLength(1)
    expect(workers[0]?.terminated).toBe(true)
    expect(state().failure).toMatchObject({ during: 'Simulating a.qcow2', internal: true })
    expect(state().failure?.message).toContain('out of memory')
    expect(state().failure?.advice).toContain('Open a.qcow2 again')
    await settled()
    await open(SAMPLE)
    expect(workers).toHaveLength(2)
    expect(state().failure).toBeUndefined()
  })
})
