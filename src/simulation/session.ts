/**
 * An image that is open in the simulator: read once, then run under as many options as anybody likes, and changed by
 * commands. Everything the page asks of the worker, and the headless tool of the simulation, is answered here.
 */
import type { ByteSource } from '../disk/byte-source.ts'
import { Overlay } from '../disk/overlay.ts'
import type { SyncSource } from '../disk/sync-source.ts'
import { Cancelled } from '../lib/cancel.ts'
import { UserError } from '../lib/user-error.ts'
import type { Timestamp } from '../overlap/qmp-event.ts'
import type { Qcow2Image } from '../qcow2/image.ts'
import type { OwnerMap } from '../qcow2/owner-map.ts'
import type { ScriptLine } from '../workload/commands/parse-script.ts'
import { LiveRun } from './live-run.ts'
import { type LogContext, logGroups, logLines, logMembers } from './log-view.ts'
import { type OpeningInput, type OpeningRun, runOpening } from './opening-run.ts'
import type { CommandEntry, LogGroup, LogMember, RunOptions, RunReport, WindowTable } from './report.ts'
import { reportOf } from './report-of.ts'
import { windowsWithin } from './changed-windows.ts'
import { MapIndex } from './map-index.ts'
import { Shown } from './shown.ts'
import { type View, type ViewHooks, viewAfter, viewOf } from './view.ts'

export interface OpenHooks extends ViewHooks {
  /** The same bytes, to be read at once: commands need them so. Left out: no commands can be given. */
  readonly source?: (() => SyncSource) | undefined
}

export interface CommandHooks extends ViewHooks {
  /** Told of every line that was carried out; what it returns is awaited. */
  readonly onEntry?: (entry: CommandEntry, done: number, total: number) => void | Promise<void>
}

/** The picture of a run: what the image holds, how it was opened, and what came of it. */
interface Current {
  readonly view: View
  /** The file that the view is of; undefined for the one that was opened. */
  readonly file: Overlay | undefined
  readonly live: LiveRun | undefined
  readonly run: OpeningRun
  readonly report: RunReport
  readonly windows: WindowTable
  readonly shown: Shown
}

/** What commands have made of the picture; `unreadable` says why it is still that of before. */
type Looked = Omit<Current, 'report' | 'windows' | 'shown'> & { readonly unreadable?: string }

export class Session {
  private readonly opened: View
  private readonly input: OpeningInput
  private readonly source: (() => SyncSource) | undefined
  private readonly clock: Timestamp
  private history: readonly ScriptLine[] = []
  /** Asked for last; a command may have opened the image under others. */
  private options: RunOptions | undefined
  private current: Current | undefined
  /** Of the picture that was asked for last. */
  private map: { readonly index: MapIndex; readonly of: Current; readonly views: number } | undefined
  /** Counts the views that were shown, the first one left out. */
  private views = 0

  /**
   * Reads an image's metadata.
   * @param clock when the simulated opening begins
   * @throws Qcow2Error where QEMU would refuse the image
   * @throws Cancelled, DiskError
   */
  static async open(disk: ByteSource, clock: Timestamp, hooks: OpenHooks = {}): Promise<Session> {
    return new Session(await viewOf(disk, hooks), clock, hooks.source)
  }

  private constructor(opened: View, clock: Timestamp, source: (() => SyncSource) | undefined) {
    this.opened = opened
    this.clock = clock
    this.source = source
    const { image, sequence } = opened
    this.input = { clusterBits: image.header.clusterBits, fileSize: image.disk.size, sequence }
  }

  /** As commands have left it. */
  get image(): Qcow2Image {
    return this.view.image
  }

  get owners(): OwnerMap {
    return this.view.owners
  }

  /** Opens the image under these options, and forgets how it was opened before and every command. */
  runUnder(options: RunOptions): RunReport {
    this.history = []
    this.options = options
    const run = runOpening(this.input, options)
    return this.show({ view: this.opened, file: undefined, live: undefined, run })
  }

  /**
   * Opens the image under these options, and gives it every command again that it was given.
   * @throws Cancelled; everything is as before then
   */
  async rerunUnder(options: RunOptions, hooks: CommandHooks = {}): Promise<RunReport> {
    const { history } = this
    if (history.length === 0) return this.runUnder(options)
    const run = runOpening(this.input, options)
    const { live, done } = await this.carryOut(this.startLive(run), history, 0, hooks)
    if (done < history.length) throw new Cancelled()
    this.options = options
    return this.show(await this.looked(live, run, hooks))
  }

  /**
   * Carries out lines of commands, one after another. When it is cancelled, the rest of them is left out.
   * @throws UserError where the file cannot be read as commands need it
   */
  async runCommands(lines: readonly ScriptLine[], hooks: CommandHooks = {}): Promise<RunReport> {
    const { run, live: before, shown } = this.state
    const given = lines.filter(({ commands, error }) => commands.length > 0 || error)
    const first = this.history.length
    shown.holdStill()
    const { live, done } = await this.carryOut(before ?? this.startLive(run), given, first, hooks)
    this.history = [...this.history, ...given.slice(0, done)]
    if (before && given.every(isReading))
      return this.show({ view: this.view, file: this.current?.file, live, run: before.run })
    return this.show(await this.looked(live, live?.run ?? run, { ...hooks, signal: undefined }))
  }

  /** Takes back the last command, and wrong lines behind it: the others are run again. @throws Cancelled */
  async undoCommand(hooks: CommandHooks = {}): Promise<RunReport> {
    const before = this.history
    const { options } = this
    if (!options || before.length === 0) return this.state.report
    this.history = before.slice(
      0,
      Math.max(
        0,
        before.findLastIndex(({ error }) => !error),
      ),
    )
    try {
      return await this.rerunUnder(options, hooks)
    } catch (error) {
      this.history = before
      throw error
    }
  }

  /** The file as it would be if QEMU closed it now. */
  settled(): Overlay {
    return this.state.live?.settled() ?? new Overlay(this.readSource())
  }

  /** Lines of commands given, wrong ones among them. */
  get commandCount(): number {
    return this.history.length
  }

  /** The last run. @throws Error before the first */
  get run(): OpeningRun {
    return this.state.run
  }

  /** @returns why commands cannot be given to this run, if they cannot */
  private startLive(run: OpeningRun): LiveRun | UserError {
    const { clock, input } = this
    try {
      const source = this.readSource()
      return new LiveRun({ image: this.opened.image, input, run, source, clock })
    } catch (error) {
      if (error instanceof UserError) return error
      throw error
    }
  }

  private readSource(): SyncSource {
    if (!this.source) throw new Error('the session was opened without a source for commands')
    return this.source()
  }

  private async carryOut(
    started: LiveRun | UserError,
    lines: readonly ScriptLine[],
    first: number,
    { signal, onEntry }: CommandHooks,
  ): Promise<{ live: LiveRun | undefined; done: number }> {
    const live = started instanceof UserError ? undefined : started
    let done = 0
    for (const line of lines) {
      if (signal?.aborted) break
      const index = first + done
      const entry = live ? await live.runLine(index, line) : refused(index, line, started as UserError)
      done++
      await onEntry?.(entry, done, lines.length)
    }
    return { live, done }
  }

  /** Looks at the image as it now is. */
  private async looked(live: LiveRun | undefined, run: OpeningRun, hooks: ViewHooks): Promise<Looked> {
    if (!live) return { view: this.opened, file: undefined, live, run }
    const { view: shown, file: before } = this.state
    const next = { live, run: live.run }
    const file = live.settled()
    const changed = file.changedSince(before)
    if (changed.length === 0 && file.size === shown.image.disk.size)
      return { ...next, view: shown, file: before }
    try {
      return { ...next, view: await viewAfter(shown, file, changed, hooks), file }
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      return { ...next, view: shown, file: before, unreadable: error.message }
    }
  }

  private show({ unreadable, ...next }: Looked): RunReport {
    const { live, view, run } = next
    if (view !== this.view) this.views++
    const reported = reportOf({
      run,
      truth: view.truth,
      fileClusters: view.image.fileClusters,
      live: this.history.length > 0 ? liveReport(live, this.history.length, unreadable) : undefined,
    })
    const { sequence } = live?.input ?? this.input
    this.current = { ...next, ...reported, shown: new Shown({ view, sequence, run, ...reported }) }
    return reported.report
  }

  private get view(): View {
    return this.current?.view ?? this.opened
  }

  /** What pictures of the map are made from: the image as it now is, and how it was opened. */
  mapIndex(): MapIndex {
    const { state, map, views } = this
    if (map?.of === state) return map.index
    const index = map?.index ?? new MapIndex(state.view.owners.runs)
    const { kind } = state.run.outcome
    // What a view says has changed holds from the one before it.
    const { changed } = state.view
    const isNext = map?.views === views - 1 && changed !== 'all'
    const shown = {
      input: state.shown.layerInput,
      windows: state.windows,
      hasList: kind === 'guarded' || kind === 'scanned',
    }
    index.show(shown, isNext ? windowsWithin(changed) : undefined)
    this.map = { index, of: state, views }
    return index
  }

  /** What is shown now, to be asked about. */
  get shown(): Shown {
    return this.state.shown
  }

  /** The last run in figures. */
  get report(): RunReport {
    return this.state.report
  }

  /** How each window is held. */
  get windows(): WindowTable {
    return this.state.windows
  }

  logGroups(from: number, count: number): LogGroup[] {
    return logGroups(this.logContext, from, count)
  }

  logMembers(group: number, from: number, count: number): LogMember[] {
    return logMembers(this.logContext, group, from, count)
  }

  /** Every event, a line of JSON each. */
  logLines(): Generator<string> {
    return logLines(this.logContext)
  }

  private get logContext(): LogContext {
    const { options, outcome, recorder } = this.state.run
    const { log, steps } = recorder
    return { options, outcome, log, steps, clusterBits: this.input.clusterBits, clock: this.clock }
  }

  private get state(): Current {
    if (!this.current) throw new Error('nothing was run yet: call runUnder first')
    return this.current
  }
}

/** Whether a line leaves the file as it is. */
const isReading = ({ commands }: ScriptLine): boolean => commands.every(({ kind }) => kind === 'read')

function liveReport(
  live: LiveRun | undefined,
  commands: number,
  unreadable: string | undefined,
): RunReport['live'] {
  return { commands, isClosed: live?.isClosed ?? false, unreadable, path: live?.lastPath.slice() ?? [] }
}

/** A line given to an image that takes none. */
function refused(index: number, { text, error }: ScriptLine, reason: UserError): CommandEntry {
  const { message, advice } = error ?? reason
  return {
    index,
    text: text.trim(),
    output: [],
    error: { message, advice },
    events: 0,
    missed: 0,
    gaveUp: false,
  }
}
