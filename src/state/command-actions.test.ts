import { beforeEach, expect, it } from 'vitest'
import type { CommandEntry } from '../simulation/report.ts'
import { DONE, FakeWorker, imageSummary, opened, reported, settled } from '../testing/fake-worker.ts'
import { DEFAULT_OPTIONS } from '../worker/catalogue.ts'
import { withEntries } from './command-actions.ts'
import { createSessionStore } from './session-store.ts'
import { SimulatorClient } from './simulator-client.ts'

const entry = (index: number, text = `write ${index} 512`): CommandEntry => ({
  index,
  text,
  output: [],
  error: undefined,
  events: 0,
  missed: 0,
  gaveUp: false,
})

let worker: FakeWorker
let store: ReturnType<typeof createSessionStore>
const state = () => store.getState()

beforeEach(async () => {
  worker = new FakeWorker()
  store = createSessionStore(new SimulatorClient(() => worker), () => 'https://host.example/')
  const opening = state().openImage({ kind: 'scenario', id: 'one' })
  await worker.reply(worker.last('open'), opened('one'), reported(1, DEFAULT_OPTIONS), DONE)
  await opening
})

it('shows outputs as they come, then the image as it is', async () => {
  const running = state().runCommands('write 0 512\nwrite 1 512')
  const request = worker.last('run-commands')
  expect(request.text).toBe('write 0 512\nwrite 1 512')
  expect(state().working).toBe(1)
  await worker.reply(request, { type: 'entries', from: 0, entries: [entry(0)] })
  expect(state().entries).toHaveLength(1)
  const image = imageSummary('one', { fileClusters: 99 })
  await worker.reply(
    request,
    { type: 'entries', from: 1, entries: [entry(1)] },
    { ...reported(2, DEFAULT_OPTIONS), image },
    DONE,
  )
  await running
  expect(state()).toMatchObject({ working: 0, revision: 2, image: { fileClusters: 99 } })
  expect(state().entries.map(({ index }) => index)).toEqual([0, 1])
})

it('takes the outputs of a re-run in place of the old ones', async () => {
  const running = state().runCommands('write 0 512')
  await worker.reply(worker.last('run-commands'), { type: 'entries', from: 0, entries: [entry(0)] }, DONE)
  await running
  state().setOptions({ ...DEFAULT_OPTIONS, totalSizeLimit: 4096n })
  await worker.reply(worker.last('options'), { type: 'entries', from: 0, entries: [entry(0, 'again')] }, DONE)
  expect(state().entries.map(({ text }) => text)).toEqual(['again'])
})

it('stops what is under way, and is silent about it', async () => {
  const running = state().runCommands('write 0 512')
  state().stopCommands()
  expect(worker.last('cancel').run).toBe(state().run)
  await worker.reply(worker.last('cancel'), DONE)
  await worker.reply(worker.last('run-commands'), { type: 'done', cancelled: true })
  await running
  expect(state()).toMatchObject({ working: 0, failure: undefined })
})

it('forgets the outputs with the image they belong to', async () => {
  const running = state().runCommands('write 0 512')
  const late = worker.last('run-commands')
  const opening = state().openImage({ kind: 'scenario', id: 'two' })
  await worker.reply(worker.last('open'), opened('two'), reported(1, DEFAULT_OPTIONS), DONE)
  await opening
  await worker.reply(
    late,
    { type: 'entries', from: 0, entries: [entry(0)] },
    reported(2, DEFAULT_OPTIONS),
    DONE,
  )
  await running
  await settled()
  expect(state()).toMatchObject({ entries: [], revision: 1, working: 0 })
})

it('keeps the newest of very many outputs', () => {
  const many = withEntries([], { from: 0, entries: Array.from({ length: 5000 }, (_, i) => entry(i)) })
  expect([many.length, many[0]!.index]).toEqual([2000, 3000])
  expect(withEntries(many, { from: 3001, entries: [] })).toHaveLength(1)
})
