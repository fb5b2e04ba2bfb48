/** Stands in for the worker in tests of the page's state: keeps what it was asked, answers when told to. */
import type { WorkerLike } from '../state/simulator-client.ts'
import { DEFAULT_OPTIONS } from '../simulation/run-options.ts'
import type { ImageSummary, RunOptions, RunReport } from '../simulation/report.ts'
import type { Reply, Request } from '../worker/protocol.ts'

type WithoutAddress<R> = R extends unknown ? Omit<R, 'id' | 'run'> : never

export class FakeWorker implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null
  onerror: WorkerLike['onerror'] = null
  onmessageerror: WorkerLike['onmessageerror'] = null
  readonly requests: Request[] = []
  terminated = false

  postMessage(request: Request): void {
    this.requests.push(request)
  }

  terminate(): void {
    this.terminated = true
  }

  /** @returns the newest request of a type */
  last<T extends Request['type']>(type: T): Extract<Request, { type: T }> {
    const found = this.requests.findLast(request => request.type === type)
    if (!found) throw new Error(`the worker was not asked for "${type}"`)
    return found as Extract<Request, { type: T }>
  }

  count(type: Request['type']): number {
    return this.requests.filter(request => request.type === type).length
  }

  /** Answers a request, then lets whoever waits for it go on. */
  async reply(request: Request, ...replies: WithoutAddress<Reply>[]): Promise<void> {
    for (const reply of replies) {
      const data = { ...reply, id: request.id, run: request.run } as Reply
      this.onmessage?.({ data } as MessageEvent<Reply>)
    }
    await settled()
  }

  async crash(message: string): Promise<void> {
    this.onerror?.({ message } as ErrorEvent)
    await settled()
  }
}

/** Lets everything that is already fulfilled have its effect. */
export const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

export const DONE = { type: 'done', cancelled: false } as const
export const CANCELLED = { type: 'done', cancelled: true } as const

export const opened = (name: string): WithoutAddress<Reply> => ({ type: 'opened', image: imageSummary(name) })

export const reported = (
  revision: number,
  options: RunOptions,
  change: Partial<RunReport> = {},
): WithoutAddress<Extract<Reply, { type: 'report' }>> => ({
  type: 'report',
  revision,
  report: { ...emptyReport(options), ...change },
})

export function imageSummary(name: string, change: Partial<ImageSummary> = {}): ImageSummary {
  return {
    name,
    version: 3,
    virtualSize: 1n << 30n,
    fileSize: 1 << 20,
    clusterSize: 65536,
    fileClusters: 16,
    refcountBits: 16,
    snapshots: [],
    features: [],
    problems: [],
    problemCount: 0,
    corruptions: 0,
    leaks: 0,
    ownerCounts: [],
    bytesRead: 0,
    ...change,
  }
}

const NO_SCANS = { checks: 0, comparisons: 0, diskReads: 0, bytesRead: 0 }

/** The report of an image in which nothing was found. */
export function emptyReport(options: RunOptions = DEFAULT_OPTIONS): RunReport {
  return {
    options,
    outcome: { kind: 'guarded' },
    budget: {
      memUsage: 0,
      limit: options.totalSizeLimit,
      list: 0,
      windows: 0,
      slots: 0,
      bitmaps: 0,
      fragments: 0,
      drift: 0,
      peak: 0,
      refused: undefined,
    },
    windows: {
      count: 0,
      held: [],
      withMetadata: 0,
      withLost: 0,
    },
    coverage: { metadata: 0, guarded: 0, unguarded: 0, lost: 0, lockedOut: 0, typeNotChecked: 0 },
    scans: { total: NO_SCANS, last: NO_SCANS },
    typeCounts: [],
    steps: 0,
    currentAge: 0,
    events: 0,
    logGroups: 0,
    canBuild: true,
    missedOverlaps: 0,
    live: undefined,
  }
}
