/**
 * An image in use: what its opening began, commands carry on. The engine's calls are steps like those of the opening,
 * and events go on in the same log. The file itself is not touched: changes lie in an overlay.
 */
import { Overlay } from '../disk/overlay.ts'
import type { SyncSource } from '../disk/sync-source.ts'
import { Driver } from '../driver/driver.ts'
import type { ScanCall } from '../driver/corruption.ts'
import { closeImage } from '../driver/flush.ts'
import type { EngineCall } from '../driver/guard.ts'
import { MetadataType, TEMPLATES } from '../lib/metadata-types.ts'
import { UserError } from '../lib/user-error.ts'
import { overlapOptionsJson, parseOverlapOptions } from '../overlap/options.ts'
import type { Timestamp } from '../overlap/qmp-event.ts'
import { reopenOptions } from '../overlap/reopen-options.ts'
import type { Qcow2Image } from '../qcow2/image.ts'
import { openImage } from '../qcow2/open-image.ts'
import { openSequence } from '../qcow2/open-sequence.ts'
import type { ScriptLine } from '../workload/commands/parse-script.ts'
import { CommandRunner } from '../workload/commands/run-command.ts'
import { timeAfter } from './clock.ts'
import { CommandPath } from './command-path.ts'
import { isMarkedCorrupt, repairDirty, requireSound } from './open-driver.ts'
import type { MissedOverlap } from './event-log.ts'
import { missedByScan } from './missed-by-scan.ts'
import { type OpeningInput, type OpeningRun, runOpening, scannedTypesOf } from './opening-run.ts'
import type { CommandEntry, PathPart } from './report.ts'
import type { CommandName } from './step-log.ts'
import { unlimitedEngine, WatchedEngine } from './watched-engine.ts'

/** A check that ignores all but this is no check before a write: it asks whether a table is still in use. */
const ASKING = TEMPLATES.all & ~MetadataType.activeL2

/** An image as it was opened, and how. */
export interface Opened {
  readonly image: Qcow2Image
  readonly input: OpeningInput
  readonly run: OpeningRun
  readonly source: SyncSource
  /** When the opening began. */
  readonly clock: Timestamp
}

export class LiveRun {
  /** The opening that is in force: a command may open the image anew. */
  run: OpeningRun
  input: OpeningInput
  private readonly runner: CommandRunner
  private readonly path: CommandPath
  private blockdev: { readonly [key: string]: unknown }
  private command: CommandName = { index: -1, text: 'opening it for writing' }

  /** @throws UserError for images that cannot be written to, or did not open */
  constructor({ image, input, run, source, clock }: Opened) {
    if (run.outcome.kind === 'refused')
      throw new UserError(`The image is not open: ${run.outcome.error}`, {
        advice: 'Raise the memory limit until it opens.',
      })
    this.run = run
    this.input = input
    this.path = new CommandPath(image.clusterSize)
    this.blockdev = overlapOptionsJson(run.options)
    const { options } = run
    this.runner = new CommandRunner(this.drive(image, new Overlay(source), isMarkedCorrupt(image)), {
      device: options.device || options.nodeName,
      discards: true,
      writesThrough: true,
      now: () => {
        const { seconds, microseconds } = timeAfter(clock, run.recorder.steps.count)
        return { seconds: Number(seconds), nanoseconds: microseconds * 1000 }
      },
      reopen: (disk, changed, repair) => this.reopen(disk, changed, repair),
    })
    // QEMU does not open it for writing; it can still be repaired.
    this.runner.driver.isClosed = isMarkedCorrupt(image)
  }

  /** The image was given up: every command answers "No medium found". */
  get isClosed(): boolean {
    return this.runner.driver.isClosed
  }

  /** Where the last command went. */
  get lastPath(): readonly PathPart[] {
    return this.path.parts
  }

  /** Carries out the commands of one line. What goes wrong is part of the answer. */
  async runLine(index: number, { text, commands, error }: ScriptLine): Promise<CommandEntry> {
    const { recorder } = this.run
    const before = { events: recorder.log.events, missed: recorder.missedOverlaps, open: !this.isClosed }
    const output: string[] = []
    if (!error) {
      this.command = { index, text: text.trim() }
      this.path.begin()
      recorder.scans.beginCommand()
      recorder.steps.begin(this.command, undefined)
      for (const command of commands) {
        const { lines, error: qmpError } = await this.runner.run(command)
        output.push(...lines)
        if (qmpError) output.push(`Error: ${qmpError.desc}`)
      }
    }
    const missed = recorder.missedOverlaps - before.missed
    return {
      index,
      text: text.trim(),
      output,
      error: error && { message: error.message, advice: error.advice },
      events: recorder.log.events - before.events - missed,
      missed,
      gaveUp: before.open && this.isClosed,
    }
  }

  /** The file as it would be if QEMU closed it now: what caches hold back is written. */
  settled(): Overlay {
    const { driver } = this.runner
    if (driver.isClosed) return driver.disk.clone()
    const copy = driver.clone()
    closeImage(copy)
    return copy.disk
  }

  /** @param repair leave what an opening would repair to the command */
  private drive(image: Qcow2Image, disk: Overlay, repair: boolean): Driver {
    const { recorder, engine, options } = this.run
    const scannedTypes = scannedTypesOf(this.run)
    const unjudged = MetadataType.inactiveL2 & ~options.checkedTypes
    const watched =
      scannedTypes === undefined
        ? new WatchedEngine(engine, unlimitedEngine(this.input), unjudged)
        : undefined
    const driver: Driver = Driver.open(image, disk, {
      engine: watched,
      scannedTypes,
      listener: {
        corrupted: corruption => recorder.corrupted(corruption, this.command),
        scanned: call => this.scanned(call, driver),
      },
      onCall: call => this.called(call, watched?.missed),
    })
    recorder.steps.begin(this.command, undefined)
    if (driver.isDirty && !repair) repairDirty(driver)
    return driver
  }

  private called(call: EngineCall, missed: MissedOverlap | undefined): void {
    const { recorder } = this.run
    recorder.endCall(call)
    if (call.kind !== 'check' || call.types === ASKING) return
    const isMissed = missed !== undefined
    this.path.add(call, isMissed ? missed : undefined)
    if (isMissed) recorder.missed(missed)
  }

  /** A check of mainline's is a step as one of the list's is. */
  private scanned(call: ScanCall, driver: Driver): void {
    const { ignored, offset, size, found, cost, cause } = call
    const { clusterSize } = driver.geometry
    this.run.recorder.scans.add(cost)
    if (size === 0) return
    const clusters = Math.ceil((offset + size) / clusterSize) - Math.floor(offset / clusterSize)
    this.called({ kind: 'check', offset, clusters, types: ignored, found, cause }, missedByScan(driver, call))
  }

  private async reopen(
    disk: Overlay,
    changed: Readonly<Record<string, string>>,
    repair: boolean,
  ): Promise<Driver> {
    const image = await openImage(disk)
    if (!repair) requireSound(image)
    const blockdev = reopenOptions(this.blockdev, changed)
    const options = { ...this.run.options, ...parseOverlapOptions(blockdev) }
    this.blockdev = blockdev
    const sequence = await openSequence(image)
    this.input = { clusterBits: image.header.clusterBits, fileSize: disk.size, sequence }
    const { recorder } = this.run
    this.run = runOpening(this.input, options, recorder, this.command)
    if (this.run.outcome.kind === 'refused') throw new UserError(this.run.outcome.error)
    return this.drive(image, disk, repair)
  }
}
