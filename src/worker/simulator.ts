/**
 * The worker's side of the protocol: holds the image that is open and answers what the page asks of it.
 * Knows no `self`, so that a test can run it in its own thread.
 */
import { Cancelled } from '../lib/cancel.ts'
import { UserError } from '../lib/user-error.ts'
import type { ImageSummary, RunReport } from '../simulation/report.ts'
import { Session } from '../simulation/session.ts'
import { parseScript, type ScriptLine } from '../workload/commands/parse-script.ts'
import { readScriptOrTrace } from '../workload/traces/read-trace.ts'
import { breathing } from './breathing-source.ts'
import { imageBlob } from './image-blob.ts'
import { type OpenedChoice, openChoice } from './image-choice.ts'
import { summarize } from './image-summary.ts'
import { outlineSource, type PictureSource, sourceOf } from './picture-source.ts'
import { ProgressReporter } from './progress.ts'
import type { Failure, Reply, Request, RunId } from './protocol.ts'
import { buffersOf, SessionPictures } from './session-pictures.ts'
import { Telling } from './telling.ts'
import { textBlob } from './text-blob.ts'

export type Post = (reply: Reply, transfer?: Transferable[]) => void

type Of<T extends Request['type']> = Extract<Request, { type: T }>

interface Opened {
  readonly run: RunId
  readonly session: Session
  readonly choice: OpenedChoice
  revision: number
}

interface Opening {
  readonly run: RunId
  readonly controller: AbortController
  /** As far as the image is known by now. */
  outline?: PictureSource
}

export class Simulator {
  private readonly post: Post
  private current: Opened | undefined
  private opening: Opening | undefined
  /** What changes the open image, one after another. */
  private work: Promise<unknown> = Promise.resolve()
  private working: AbortController | undefined
  private readonly pictures = new SessionPictures()

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
    const { current, opening } = this
    if (request.type === 'picture' && opening?.run === request.run && opening.outline)
      return this.picture(request, opening.outline, 0)
    if (!current || current.run !== request.run) return false
    switch (request.type) {
      case 'options':
      case 'run-commands':
      case 'undo-command':
      case 'download-image':
        return this.inTurn(signal => this.change(request, current, signal))
      case 'picture':
        return this.picture(request, sourceOf(current.session), current.revision)
      case 'picture-layers':
        return this.pictureLayers(request, current)
      case 'layer-counts':
        return this.layerCounts(request, current)
      case 'inspect':
      case 'cluster-bytes':
      case 'cluster-fields':
        return this.inspect(request, current)
      case 'export-log':
        return this.exportLog(request, current)
      case 'find':
      case 'count-kinds':
      case 'guest-route':
        return this.find(request, current)
      case 'structure-children':
      case 'structure-path':
        return this.structures(request, current)
      case 'export-structures':
        return this.inTurn(signal => this.exportStructures(request, current, signal))
      default:
        return this.lookUp(request, current)
    }
  }

  private async open({ id, run, image, options }: Of<'open'>): Promise<boolean> {
    this.opening?.controller.abort()
    const controller = new AbortController()
    const opening: Opening = { run, controller }
    this.opening = opening
    const { signal } = controller
    const progress = new ProgressReporter(values =>
      this.post({ type: 'progress', id, run, progress: values }),
    )
    try {
      const choice = await openChoice(image, { signal, progress })
      const session = await Session.open(breathing(choice.disk), choice.clock, {
        signal,
        source: choice.source,
        onOutline: (runs, fileClusters) => {
          opening.outline = outlineSource(runs, fileClusters)
          const outline = { windows: opening.outline.windows.count, fileClusters }
          this.post({ type: 'outline', id, run, outline })
        },
        onProgress: (phase, done, total, unit) => progress.report(phase, done, total, unit, choice),
      })
      if (signal.aborted) throw new Cancelled()
      const opened = { run, session, choice, revision: 0 }
      let report = session.runUnder(options ?? choice.options)
      if (choice.commands) {
        const telling = new Telling(request => this.post(request), { id, run }, choice)
        report = await session.runCommands(parseScript(choice.commands), { signal, ...telling.hooks })
        telling.end()
        if (signal.aborted) throw new Cancelled()
      }
      this.working?.abort()
      this.current = opened
      this.postOpened(id, opened, report)
      return true
    } finally {
      if (this.opening === opening) this.opening = undefined
    }
  }

  /** Lets what came before end first. */
  private async inTurn(action: (signal: AbortSignal) => Promise<boolean>): Promise<boolean> {
    const turn = this.work.then(async () => {
      const controller = new AbortController()
      this.working = controller
      try {
        return await action(controller.signal)
      } finally {
        if (this.working === controller) this.working = undefined
      }
    })
    this.work = turn.catch(() => undefined)
    return turn
  }

  private async change(
    request: Of<'options'> | Of<'run-commands'> | Of<'undo-command'> | Of<'download-image'>,
    current: Opened,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { id, run } = request
    if (this.current !== current) return false
    const { session, choice } = current
    const telling = new Telling(reply => this.post(reply), { id, run }, choice)
    if (request.type === 'download-image') {
      const file = await imageBlob(session.settled(), choice.file, { signal, onProgress: telling.bytes })
      this.post({ type: 'image-file', id, run, file })
      return true
    }
    const hooks = { signal, ...telling.hooks }
    const commandsBefore = session.commandCount
    const report =
      request.type === 'options'
        ? await session.rerunUnder(request.options, hooks)
        : request.type === 'undo-command'
          ? await session.undoCommand(hooks)
          : await session.runCommands(linesOf(request.text, session), hooks)
    telling.end(session.commandCount)
    const isChanged = commandsBefore > 0 || session.commandCount > 0
    this.postReport(id, current, report, isChanged ? summarize(session, choice) : undefined)
    return true
  }

  private postOpened(id: number, current: Opened, report: RunReport): void {
    const { choice } = current
    const image = summarize(current.session, choice)
    const scenario = choice.scenario ? { scenario: choice.scenario } : {}
    this.post({ type: 'opened', id, run: current.run, image, ...scenario })
    this.postReport(id, current, report)
  }

  private postReport(id: number, current: Opened, report: RunReport, image?: ImageSummary): void {
    const revision = ++current.revision
    this.post({ type: 'report', id, run: current.run, revision, report, ...(image ? { image } : {}) })
  }

  private cancel({ run }: Of<'cancel'>): boolean {
    const controller =
      this.opening?.run === run
        ? this.opening.controller
        : this.current?.run === run
          ? this.working
          : undefined
    controller?.abort()
    return controller !== undefined
  }

  private picture(request: Of<'picture'>, source: PictureSource, revision: number): boolean {
    const { id, run } = request
    const picture = this.pictures.draw(request, source)
    this.post({ type: 'picture', id, run, revision, picture }, buffersOf(picture))
    return true
  }

  private pictureLayers(request: Of<'picture-layers'>, { session }: Opened): boolean {
    const { id, run } = request
    const layers = this.pictures.layers(request, sourceOf(session))
    this.post({ type: 'picture-layers', id, run, layers })
    return true
  }

  private layerCounts({ id, run, layer }: Of<'layer-counts'>, { session, revision }: Opened): boolean {
    const counts = session.shown.layerCounts(layer)
    this.post({ type: 'layer-counts', id, run, revision, layer, counts }, [counts.buffer as ArrayBuffer])
    return true
  }

  private async inspect(
    request: Of<'inspect'> | Of<'cluster-bytes'> | Of<'cluster-fields'>,
    { session, revision }: Opened,
  ): Promise<boolean> {
    const { id, run, cluster } = request
    if (request.type === 'inspect') {
      const inspection = await session.shown.inspect(cluster)
      this.post({ type: 'inspection', id, run, revision, inspection })
    } else if (request.type === 'cluster-bytes') {
      const page = await session.shown.clusterBytes(cluster, request.from, request.count)
      this.post({ type: 'cluster-bytes', id, run, page })
    } else {
      const fields = await session.shown.clusterFields(cluster, request.from, request.count)
      this.post({ type: 'cluster-fields', id, run, fields })
    }
    return true
  }

  private exportLog({ id, run }: Of<'export-log'>, { session }: Opened): boolean {
    const text = new Blob(Array.from(session.logLines(), line => `${line}\n`))
    this.post({ type: 'exported-log', id, run, text })
    return true
  }

  private async find(
    request: Of<'find'> | Of<'count-kinds'> | Of<'guest-route'>,
    { session }: Opened,
  ): Promise<boolean> {
    const { id, run, type } = request
    if (type === 'find') {
      const found = session.shown.find(request.kind, request.after, request.direction)
      this.post({ type: 'found', id, run, found })
    } else if (type === 'count-kinds') {
      this.post({ type: 'kind-counts', id, run, counts: session.shown.kindCounts })
    } else {
      this.post({ type, id, run, route: await session.shown.guestRoute(request.offset) })
    }
    return true
  }

  private async structures(
    request: Of<'structure-children'> | Of<'structure-path'>,
    { session, revision }: Opened,
  ): Promise<boolean> {
    const { id, run } = request
    if (request.type === 'structure-path') {
      const steps = await session.shown.structurePath(request.cluster)
      this.post({ type: 'structure-path', id, run, revision, steps })
    } else {
      const page = await session.shown.structureChildren(request.node, request.from, request.count)
      this.post({ type: 'structure-children', id, run, revision, page })
    }
    return true
  }

  private async exportStructures(
    { id, run, format }: Of<'export-structures'>,
    current: Opened,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (this.current !== current) return false
    const { session, choice } = current
    const telling = new Telling(reply => this.post(reply), { id, run }, choice)
    const text = session.shown.exportStructures(format, { signal, onProgress: telling.structures })
    const type = format === 'csv' ? 'text/csv' : 'application/json'
    this.post({ type: 'exported-structures', id, run, file: await textBlob(text, type) })
    return true
  }

  private lookUp(request: Of<'log-groups'> | Of<'log-members'>, { session, revision }: Opened): boolean {
    const { id, run } = request
    if (request.type === 'log-groups') {
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

/** Lines of commands, or of another program's trace: its reads are carried out too, for they fill caches. */
const linesOf = (text: string, { image }: Session): ScriptLine[] =>
  readScriptOrTrace(text, { diskSize: image.header.size, reads: true })

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
