/**
 * The worker's side of the protocol: holds the image that is open and answers what the page asks of it.
 * Knows no `self`, so that a test can run it in its own thread.
 */
import { Cancelled } from '../lib/cancel.ts'
import { UserError } from '../lib/user-error.ts'
import type { RunReport } from '../simulation/report.ts'
import { Session } from '../simulation/session.ts'
import { breathing } from './breathing-source.ts'
import { type OpenedChoice, openChoice } from './image-choice.ts'
import { summarize } from './image-summary.ts'
import { ProgressReporter } from './progress.ts'
import type { Failure, Reply, Request, RunId } from './protocol.ts'

export type Post = (reply: Reply, transfer?: Transferable[]) => void

type Of<T extends Request['type']> = Extract<Request, { type: T }>

interface Opened {
  readonly run: RunId
  readonly session: Session
  revision: number
}

export class Simulator {
  private readonly post: Post
  private current: Opened | undefined
  private opening: { run: RunId; controller: AbortController } | undefined

  constructor(post: Post) {
    this.post = post
  }

  /** Answers a request; its last reply is `done` or `failed`. Never throws. */
  async handle(request: Request): Promise<void> {
    const { id, run } = request
    try {
      const cancelled = !(await this.answer(request))
      this.post({ type: 'done', id, run, cancelled })
    } catch (error) {
      if (error instanceof Cancelled) this.post({ type: 'done', id, run, cancelled: true })
      else this.post({ type: 'failed', id, run, failure: failureOf(error) })
    }
  }

  /** @returns false where the request came too late: its image is no longer the open one */
  private async answer(request: Request): Promise<boolean> {
    if (request.type === 'open') return this.open(request)
    if (request.type === 'cancel') return this.cancel(request)
    const { current } = this
    if (!current || current.run !== request.run) return false
    switch (request.type) {
      case 'options':
        this.postReport(request.id, current, current.session.runUnder(request.options))
        return true
      case 'tiles':
        return this.tiles(request, current)
      case 'inspect':
        return this.inspect(request, current)
      case 'export-log':
        return this.exportLog(request, current)
      default:
        return this.lookUp(request, current)
    }
  }

  private async open({ id, run, image, options }: Of<'open'>): Promise<boolean> {
    this.opening?.controller.abort()
    const controller = new AbortController()
    const opening = { run, controller }
    this.opening = opening
    const { signal } = controller
    const progress = new ProgressReporter(values =>
      this.post({ type: 'progress', id, run, progress: values }),
    )
    try {
      const choice = await openChoice(image, { signal, progress })
      const session = await Session.open(breathing(choice.disk), choice.clock, {
        signal,
        onProgress: (phase, done, total, unit) => progress.report(phase, done, total, unit, choice),
      })
      if (signal.aborted) throw new Cancelled()
      const report = session.runUnder(options ?? choice.options)
      this.current = { run, session, revision: 0 }
      this.postOpened(id, this.current, choice, report)
      return true
    } finally {
      if (this.opening === opening) this.opening = undefined
    }
  }

  private postOpened(id: number, current: Opened, choice: OpenedChoice, report: RunReport): void {
    const image = summarize(current.session, choice)
    const scenario = choice.scenario ? { scenario: choice.scenario } : {}
    this.post({ type: 'opened', id, run: current.run, image, ...scenario })
    this.postReport(id, current, report)
  }

  private postReport(id: number, current: Opened, report: RunReport): void {
    const revision = ++current.revision
    this.post({ type: 'report', id, run: current.run, revision, report })
  }

  private cancel({ run }: Of<'cancel'>): boolean {
    if (this.opening?.run !== run) return false
    this.opening.controller.abort()
    return true
  }

  private tiles({ id, run, level, ranges }: Of<'tiles'>, { session, revision }: Opened): boolean {
    const cells = session.tiles(level, ranges)
    this.post({ type: 'tiles', id, run, revision, level, ranges, cells }, [cells.buffer as ArrayBuffer])
    return true
  }

  private async inspect({ id, run, cluster }: Of<'inspect'>, current: Opened): Promise<boolean> {
    const { revision } = current
    const inspection = await current.session.inspect(cluster)
    this.post({ type: 'inspection', id, run, revision, inspection })
    return true
  }

  private exportLog({ id, run }: Of<'export-log'>, { session }: Opened): boolean {
    const text = new Blob(Array.from(session.logLines(), line => `${line}\n`))
    this.post({ type: 'exported-log', id, run, text })
    return true
  }

  private lookUp(
    request: Of<'log-groups'> | Of<'log-members'> | Of<'find-unguarded'>,
    { session, revision }: Opened,
  ): boolean {
    const { id, run } = request
    if (request.type === 'find-unguarded') {
      const cluster = session.findUnguarded(request.after, request.direction)
      this.post({ type: 'found', id, run, cluster })
    } else if (request.type === 'log-groups') {
      const { from, count } = request
      const groups = session.logGroups(from, count)
      this.post({ type: 'log-groups', id, run, revision, from, groups })
    } else {
      const { group, from, count } = request
      const members = session.logMembers(group, from, count)
      this.post({ type: 'log-members', id, run, revision, group, from, members })
    }
    return true
  }
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof UserError))
    return {
      message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      internal: true,
    }
  const { message, offset, advice } = error
  return {
    message,
    internal: false,
    ...(offset === undefined ? {} : { offset }),
    ...(advice === undefined ? {} : { advice }),
  }
}
