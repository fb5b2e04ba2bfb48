/**
 * An image that is open in the simulator: read once, then run under as many options as anybody likes.
 * Everything the page asks of the worker, and the headless tool of the simulation, is answered here.
 */
import type { ByteSource } from '../disk/byte-source.ts'
import type { CancelSignal } from '../lib/cancel.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import type { Timestamp } from '../overlap/qmp-event.ts'
import type { Qcow2Image } from '../qcow2/image.ts'
import { openImage } from '../qcow2/open-image.ts'
import { type OpenSequence, openSequence } from '../qcow2/open-sequence.ts'
import { buildOwnerMap } from '../qcow2/build-owner-map.ts'
import type { OwnerMap } from '../qcow2/owner-map.ts'
import { budgetOf } from './budget.ts'
import { measureCoverage } from './coverage.ts'
import { inspectGuard, inspectWindow } from './inspect.ts'
import { type LogContext, logGroups, logLines, logMembers } from './log-view.ts'
import { type OpeningInput, type OpeningRun, runOpening } from './opening-run.ts'
import type { Inspection, LogGroup, LogMember, RunOptions, RunReport } from './report.ts'
import { cellsPerTile, paintTile } from './tiles.ts'
import { buildTruth, type Truth } from './truth.ts'
import { findUnguarded } from './find-unguarded.ts'

/** Bytes of a cluster that an inspection shows. */
const BYTES_SHOWN = 256

export interface OpenHooks {
  readonly signal?: CancelSignal
  readonly onProgress?: (phase: string, done: number, total: number, unit: 'bytes' | 'tables') => void
}

export class Session {
  readonly image: Qcow2Image
  readonly owners: OwnerMap
  readonly sequence: OpenSequence
  private readonly input: OpeningInput
  private readonly truth: Truth
  private readonly clock: Timestamp
  private current: { run: OpeningRun; report: RunReport } | undefined

  /**
   * Reads an image's metadata.
   * @param clock when the simulated opening begins
   * @throws Qcow2Error where QEMU would refuse the image
   * @throws Cancelled, DiskError
   */
  static async open(disk: ByteSource, clock: Timestamp, hooks: OpenHooks = {}): Promise<Session> {
    const { signal, onProgress } = hooks
    const image = await openImage(disk, { signal })
    const owners = await buildOwnerMap(image, {
      signal,
      onProgress: (done, total) => onProgress?.('Following the tables', done, total, 'tables'),
    })
    const sequence = await openSequence(image, { signal })
    return new Session(image, owners, sequence, clock)
  }

  private constructor(image: Qcow2Image, owners: OwnerMap, sequence: OpenSequence, clock: Timestamp) {
    this.image = image
    this.owners = owners
    this.sequence = sequence
    this.clock = clock
    this.input = { clusterBits: image.header.clusterBits, fileSize: image.disk.size, sequence }
    this.truth = buildTruth({ ...this.input, runs: owners.runs })
  }

  /** Opens the image under these options, and forgets how it was opened before. */
  runUnder(options: RunOptions): RunReport {
    const run = runOpening(this.input, options)
    const { engine, log } = run
    const { coverage, windows } = measureCoverage({
      truth: this.truth.engine,
      engine,
      // An image that does not open has nothing that anybody could write over.
      checkedTypes: run.outcome.kind === 'refused' ? 0 : options.checkedTypes,
      refusedWindows: run.refusedWindows,
      fileWindows: Math.ceil(this.image.fileClusters / WINDOW_CLUSTERS),
    })
    const report: RunReport = {
      options,
      outcome: run.outcome,
      budget: budgetOf(run),
      windows,
      coverage,
      typeCounts: this.truth.typeCounts,
      steps: run.steps,
      currentAge: engine?.currentAge ?? 0,
      events: log.events,
      logGroups: log.groups,
      canBuild: engine?.canBuild() ?? false,
    }
    this.current = { run, report }
    return report
  }

  /** The last run. @throws Error before the first */
  get run(): OpeningRun {
    return this.state.run
  }

  /** Cells of the windows in these ranges, one window after the other. @param level 0 to 6 */
  tiles(level: number, ranges: readonly { readonly first: number; readonly count: number }[]): Uint8Array {
    const { run, report } = this.state
    const perTile = cellsPerTile(level)
    const total = ranges.reduce((sum, { count }) => sum + count, 0)
    const cells = new Uint8Array(total * perTile)
    const input = {
      runs: this.owners.runs,
      truth: this.truth.engine,
      engine: run.engine,
      checkedTypes: run.outcome.kind === 'refused' ? 0 : run.options.checkedTypes,
      canBuild: report.canBuild,
    }
    let at = 0
    for (const { first, count } of ranges)
      for (let window = first; window < first + count; window++, at += perTile)
        paintTile(input, window, level, cells, at)
    return cells
  }

  /** Everything about one cluster and its window. @throws Cancelled, DiskError */
  async inspect(cluster: number): Promise<Inspection> {
    const { clusterSize, disk, header } = this.image
    const report = await this.owners.report(cluster)
    const shown = Math.min(clusterSize, BYTES_SHOWN)
    const context = { sequence: this.sequence, truth: this.truth, ...this.state }
    return {
      cluster: {
        ...report,
        hostOffset: BigInt(cluster) << BigInt(header.clusterBits),
        ...inspectGuard(context, cluster, report.owner),
        bytes: (await disk.read(cluster * clusterSize, shown)).slice(),
      },
      window: inspectWindow(context, Math.floor(cluster / WINDOW_CLUSTERS)),
    }
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

  /** The next cluster of unguarded metadata in this direction, going round at the end; undefined for none. */
  findUnguarded(after: number, direction: 1 | -1): number | undefined {
    const { run, report } = this.state
    return findUnguarded(
      { truth: this.truth.engine, engine: run.engine, options: run.options, report },
      after,
      direction,
    )
  }

  private get logContext(): LogContext {
    const { run } = this.state
    return { ...run, sequence: this.sequence, clusterBits: this.input.clusterBits, clock: this.clock }
  }

  private get state(): { run: OpeningRun; report: RunReport } {
    if (!this.current) throw new Error('nothing was run yet: call runUnder first')
    return this.current
  }
}
