/**
 * The page's end of the wire to the worker: numbers the requests, hands each its typed answer as a
 * promise, and replaces a worker that died or no longer answers.
 */
import { Cancelled } from '../lib/cancel.ts'
import { UserError } from '../lib/user-error.ts'
import type { Failure, Reply, Request, RequestId } from '../worker/protocol.ts'

type RequestType = Request['type']
type WithoutId<R> = R extends unknown ? Omit<R, 'id'> : never

/** A request as its sender writes it; the client adds the number. */
export type Ask = WithoutId<Request>

interface AnswerTypes {
  open: 'report'
  options: 'report'
  picture: 'picture'
  'picture-layers': 'picture-layers'
  'layer-counts': 'layer-counts'
  inspect: 'inspection'
  'cluster-bytes': 'cluster-bytes'
  'cluster-fields': 'cluster-fields'
  'log-groups': 'log-groups'
  'log-members': 'log-members'
  find: 'found'
  'count-kinds': 'kind-counts'
  'guest-route': 'guest-route'
  'export-log': 'exported-log'
  'run-commands': 'report'
  'undo-command': 'report'
  'download-image': 'image-file'
  'structure-children': 'structure-children'
  'structure-path': 'structure-path'
  'export-structures': 'exported-structures'
  cancel: 'done'
}

/** The reply that carries what a request asked for. */
export type AnswerOf<T extends RequestType> = Extract<Reply, { type: AnswerTypes[T] }>

const ANSWERS: { readonly [T in RequestType]: AnswerTypes[T] } = {
  open: 'report',
  options: 'report',
  picture: 'picture',
  'picture-layers': 'picture-layers',
  'layer-counts': 'layer-counts',
  inspect: 'inspection',
  'cluster-bytes': 'cluster-bytes',
  'cluster-fields': 'cluster-fields',
  'log-groups': 'log-groups',
  'log-members': 'log-members',
  find: 'found',
  'count-kinds': 'kind-counts',
  'guest-route': 'guest-route',
  'export-log': 'exported-log',
  'run-commands': 'report',
  'undo-command': 'report',
  'download-image': 'image-file',
  'structure-children': 'structure-children',
  'structure-path': 'structure-path',
  'export-structures': 'exported-structures',
  cancel: 'done',
}

/** What the client needs of a Worker, so that a test can stand in for it. */
export interface WorkerLike {
  onmessage: ((event: MessageEvent<Reply>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
  onmessageerror: ((event: MessageEvent) => void) | null
  postMessage(request: Request, transfer: Transferable[]): void
  terminate(): void
}

/** A request failed: the image's fault, or, where `internal`, ours. */
export class SimulationFailed extends UserError {
  override readonly name = 'SimulationFailed'
  readonly internal: boolean

  constructor(failure: Failure) {
    super(failure.message, failure)
    this.internal = failure.internal
  }
}

/** The worker is gone, and with it every image it had open. */
export class WorkerLost extends UserError {
  override readonly name = 'WorkerLost'
}

/** How long the worker may be silent while something is asked of it (ms). */
export const SILENCE_LIMIT = 60_000
/** The same after a cancel: who asked to stop does not want to wait. */
export const CANCEL_LIMIT = 20_000

interface Outstanding {
  readonly ask: Ask
  readonly onReply: ((reply: Reply) => void) | undefined
  readonly resolve: (answer: Reply) => void
  readonly reject: (reason: Error) => void
  answer: Reply | undefined
}

export class SimulatorClient {
  private readonly makeWorker: () => WorkerLike
  private worker: WorkerLike | undefined
  private nextId: RequestId = 1
  private readonly outstanding = new Map<RequestId, Outstanding>()
  private readonly lostListeners = new Set<(lost: WorkerLost) => void>()
  private watchdog: ReturnType<typeof setTimeout> | undefined

  /** @param makeWorker called at the first request, and again after a worker was lost */
  constructor(makeWorker: () => WorkerLike) {
    this.makeWorker = makeWorker
  }

  /** How many requests still wait for their last answer. */
  get outstandingCount(): number {
    return this.outstanding.size
  }

  /**
   * Sends a request.
   * @param onReply is given every reply to it as it arrives: progress, and the answer itself
   * @param transfer what of the request is handed over rather than copied
   * @returns the answer, once the worker has said that it is done
   * @throws Cancelled when it was stopped on request
   * @throws SimulationFailed when the worker says that it failed
   * @throws WorkerLost when the worker died or fell silent before answering
   */
  request<A extends Ask>(
    ask: A,
    onReply?: (reply: Reply) => void,
    transfer: Transferable[] = [],
  ): Promise<AnswerOf<A['type']>> {
    return new Promise((resolve, reject) => {
      const id = this.nextId++
      this.outstanding.set(id, {
        ask,
        onReply,
        resolve: answer => resolve(answer as AnswerOf<A['type']>),
        reject,
        answer: undefined,
      })
      try {
        this.running().postMessage({ ...ask, id }, transfer)
      } catch (error) {
        this.outstanding.delete(id)
        reject(error instanceof Error ? error : new Error(String(error)))
        return
      }
      this.watch(ask.type === 'cancel' ? CANCEL_LIMIT : SILENCE_LIMIT)
    })
  }

  /** Calls the listener whenever a worker has been lost; @returns how to stop that */
  onLost(listener: (lost: WorkerLost) => void): () => void {
    this.lostListeners.add(listener)
    return () => this.lostListeners.delete(listener)
  }

  private running(): WorkerLike {
    if (this.worker) return this.worker
    const worker = this.makeWorker()
    worker.onmessage = event => {
      if (worker === this.worker) this.receive(event.data)
    }
    worker.onerror = event =>
      this.lose(worker, `The simulator stopped: ${event.message || 'it did not start'}.`)
    worker.onmessageerror = () => this.lose(worker, 'The simulator sent an answer that could not be read.')
    this.worker = worker
    return worker
  }

  private receive(reply: Reply): void {
    const waiting = this.outstanding.get(reply.id)
    if (!waiting) return
    waiting.onReply?.(reply)
    if (reply.type === ANSWERS[waiting.ask.type]) waiting.answer = reply
    if (reply.type === 'done' || reply.type === 'failed') {
      this.outstanding.delete(reply.id)
      settle(waiting, reply)
    }
    this.watch(SILENCE_LIMIT)
  }

  /** Restarts the count of silence. A cancel's shorter limit is only ever lengthened by an answer. */
  private watch(limit: number): void {
    clearTimeout(this.watchdog)
    const { worker } = this
    if (this.outstanding.size === 0 || !worker) return
    this.watchdog = setTimeout(
      () => this.lose(worker, `The simulator did not answer for ${limit / 1000} seconds.`),
      limit,
    )
  }

  private lose(worker: WorkerLike, what: string): void {
    if (worker !== this.worker) return
    worker.terminate()
    this.worker = undefined
    clearTimeout(this.watchdog)
    const lost = new WorkerLost(`${what} It was replaced by a new one.`)
    const waiting = [...this.outstanding.values()]
    this.outstanding.clear()
    for (const listener of this.lostListeners) listener(lost)
    for (const each of waiting) each.reject(lost)
  }
}

function settle(waiting: Outstanding, last: Extract<Reply, { type: 'done' | 'failed' }>): void {
  if (last.type === 'failed') waiting.reject(new SimulationFailed(last.failure))
  else if (waiting.answer) waiting.resolve(waiting.answer)
  else if (last.cancelled) waiting.reject(new Cancelled())
  else waiting.reject(new Error(`the worker was done with "${waiting.ask.type}" without answering it`))
}
