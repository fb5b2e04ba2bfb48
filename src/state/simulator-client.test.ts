import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Cancelled } from '../lib/cancel.ts'
import { CANCELLED, DONE, FakeWorker, reported } from '../testing/fake-worker.ts'
import { DEFAULT_OPTIONS } from '../worker/catalogue.ts'
import {
  CANCEL_LIMIT,
  SILENCE_LIMIT,
  SimulationFailed,
  SimulatorClient,
  WorkerLost,
} from './simulator-client.ts'

let worker: FakeWorker
let made: number
let client: SimulatorClient

beforeEach(() => {
  made = 0
  client = new SimulatorClient(() => {
    made++
    worker = new FakeWorker()
    return worker
  })
})

afterEach(() => {
  vi.useRealTimers()
})

const find = (after: number) =>
  client.request({ type: 'find', run: 1, kind: 'unguarded', after, direction: 1 })

it('starts the worker with the first request, and numbers them', () => {
  expect(made).toBe(0)
  void find(1)
  void find(2)
  expect(made).toBe(1)
  expect(worker.requests.map(({ id }) => id)).toEqual([1, 2])
  expect(client.outstandingCount).toBe(2)
})

it('gives each request its own answer, in whatever order they come', async () => {
  const answers = [find(1), find(2)]
  const [first, second] = worker.requests
  const found = { range: { start: 22, clusters: 1 }, ordinal: 1, count: 1, clusters: 1 }
  await worker.reply(second!, { type: 'found', found }, DONE)
  await worker.reply(first!, { type: 'found', found: undefined }, DONE)
  const [one, two] = await Promise.all(answers)
  expect(one?.found).toBeUndefined()
  expect(two?.found).toBe(found)
  expect(client.outstandingCount).toBe(0)
})

it('hands on what comes before the answer', async () => {
  const seen: string[] = []
  const answer = client.request({ type: 'options', run: 1, options: DEFAULT_OPTIONS }, reply =>
    seen.push(reply.type),
  )
  await worker.reply(worker.last('options'), reported(7, DEFAULT_OPTIONS), DONE)
  expect((await answer).revision).toBe(7)
  expect(seen).toEqual(['report', 'done'])
})

it('tells failure, cancellation and a missing answer apart', async () => {
  const failed = find(1)
  const cancelled = find(2)
  const missing = find(3)
  const failure = { message: 'no', offset: 512n, internal: false }
  const outcomes = Promise.allSettled([failed, cancelled, missing])
  await worker.reply(worker.requests[0]!, { type: 'failed', failure })
  await worker.reply(worker.requests[1]!, CANCELLED)
  await worker.reply(worker.requests[2]!, DONE)
  const [a, b, c] = await outcomes
  expect(a).toMatchObject({ reason: expect.any(SimulationFailed) })
  expect(a).toMatchObject({ reason: { message: 'no', offset: 512n } })
  expect(b).toMatchObject({ reason: expect.any(Cancelled) })
  expect(c).toMatchObject({ reason: { message: expect.stringContaining('without answering') } })
})

it('replaces a worker that falls silent, but not one that keeps reporting', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const lost = vi.fn<(lost: WorkerLost) => void>()
  client.onLost(lost)
  const waiting = find(1).catch((error: unknown) => error)
  const silent = worker
  const progress = {
    phase: 'Reading',
    done: 1,
    total: 9,
    unit: 'bytes',
    bytesRead: 1,
    bytesTotal: 9,
  } as const
  for (let i = 0; i < 5; i++) {
    vi.advanceTimersByTime(SILENCE_LIMIT - 1)
    await silent.reply(silent.requests[0]!, { type: 'progress', progress })
  }
  expect(lost).not.toHaveBeenCalled()
  vi.advanceTimersByTime(SILENCE_LIMIT)
  expect(lost).toHaveBeenCalledOnce()
  expect(silent.terminated).toBe(true)
  expect(await waiting).toBeInstanceOf(WorkerLost)
  expect(client.outstandingCount).toBe(0)
  void find(2)
  expect(made).toBe(2)
})

it('waits less for a worker that was asked to stop', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const lost = vi.fn<(lost: WorkerLost) => void>()
  client.onLost(lost)
  find(1).catch(() => undefined)
  client.request({ type: 'cancel', run: 1 }).catch(() => undefined)
  vi.advanceTimersByTime(CANCEL_LIMIT)
  expect(lost).toHaveBeenCalledOnce()
})

it('does not mind a worker that rests', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const lost = vi.fn<(lost: WorkerLost) => void>()
  client.onLost(lost)
  void find(1)
  const [request] = worker.requests
  void worker.reply(request!, { type: 'found', found: undefined }, DONE)
  vi.advanceTimersByTime(10 * SILENCE_LIMIT)
  expect(lost).not.toHaveBeenCalled()
})
