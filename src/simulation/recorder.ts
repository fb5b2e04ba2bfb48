/** Writes down what a run does: the engine's calls, what they were for, and every event. */
import type { Corruption } from '../driver/corruption.ts'
import type { EngineCall } from '../driver/guard.ts'
import type { EngineListener, RefusedRule } from '../overlap/engine.ts'
import { BITMAP_BYTES, WINDOW_BYTES } from '../overlap/list-books.ts'
import type { MetadataList } from '../overlap/metadata-list.ts'
import { EventLog, type MissedOverlap } from './event-log.ts'
import { ScanCosts } from './scan-costs.ts'
import { type CommandName, StepLog } from './step-log.ts'
import { WindowHistory } from './window-history.ts'

/** A reservation that the limit refused. */
export interface Refusal {
  /** Bytes asked for. */
  readonly asked: number
  /** memUsage that left no room for them. */
  readonly memUsage: number
  readonly step: number
}

export class Recorder implements EngineListener {
  readonly log = new EventLog()
  readonly steps = new StepLog()
  readonly history = new WindowHistory(window => this.engine?.rowOf(window) ?? -1)
  /** Windows whose last try for a bitmap was refused, and window-array growths that were. */
  readonly refusedWindows = new Set<number>()
  engine: MetadataList | undefined
  /** The last one, if any. */
  refusal: Refusal | undefined
  /** Writes that no check stopped, though they went onto metadata. */
  missedOverlaps = 0
  readonly scans = new ScanCosts()

  limitReached(rule: RefusedRule, window: number, length: number, repeats: number): void {
    const { memUsage, windowCount } = this.engine!
    const asked = rule === 'bitmap' ? BITMAP_BYTES : WINDOW_BYTES * (window + 1 - windowCount)
    this.log.add(this.steps.count, rule, window, length, repeats, memUsage, asked)
    this.refusedWindows.add(window)
    this.history.refused(window, this.steps.count, repeats)
    this.refusal = { asked, memUsage, step: this.steps.count }
  }

  bitmapBuilt(window: number): void {
    if (this.refusedWindows.size > 0) this.refusedWindows.delete(window)
    this.history.built(window, this.steps.count)
  }

  bitmapTakenOver(oldest: number, row: number): void {
    if (this.refusedWindows.size > 0) this.refusedWindows.delete(this.engine!.windowOf(row))
    this.history.takenOver(oldest, row, this.steps.count)
  }

  bitmapDestroyed(window: number, outcome: 'fragments' | 'unmodified' | 'kept'): void {
    this.history.destroyed(window, this.steps.count, outcome)
  }

  /** A list is made, in place of the one before if there was one. */
  begin(): void {
    this.refusedWindows.clear()
    this.history.clear()
  }

  /** A step of an opening is over. @param entry of its sequence */
  endEntry(entry: number): void {
    this.steps.addEntry(entry, this.engine!.memUsage)
  }

  /** A step of a command is over. */
  endCall(call: EngineCall): void {
    this.steps.addCall(call, this.engine?.memUsage ?? 0)
  }

  corrupted(corruption: Corruption, command: CommandName): void {
    // The check that found it has been made by now.
    this.log.addCorruption(Math.max(0, this.steps.count - 1), corruption, command)
  }

  /** The check that was made last should have found this. */
  missed(overlap: MissedOverlap): void {
    this.missedOverlaps++
    this.log.addMissed(this.steps.count - 1, overlap)
  }
}
