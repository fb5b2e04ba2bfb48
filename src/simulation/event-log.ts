/**
 * All events of a run, in columns: a record for each stretch of equal events of one engine call, and a
 * group for each stretch of equal events in the whole run, which is a row of the log on the page. The
 * text of an event is made when somebody looks at it.
 */
import { grown } from '../lib/grow.ts'
import type { RefusedRule } from '../overlap/engine.ts'

const FIRST_LENGTH = 16
/** Stands for "no range": the event that speaks of the whole image. */
const WHOLE_IMAGE = -1

/** Equal events sent by one engine call. */
export interface EventRecord {
  readonly step: number
  /** undefined for the event that speaks of the whole image: there is no list at all. */
  readonly rule: RefusedRule | undefined
  /** Window in which the event's range starts. */
  readonly window: number
  /** Length of its range in clusters. */
  readonly length: number
  readonly repeats: number
  /** memUsage at the moment of the refusal, bytes. */
  readonly memUsage: number
}

export class EventLog {
  /** All events, each repeat counted. */
  events = 0
  groups = 0
  private records = 0
  private step = new Float64Array(FIRST_LENGTH)
  private isArrayRule = new Uint8Array(FIRST_LENGTH)
  private window = new Float64Array(FIRST_LENGTH)
  private length = new Float64Array(FIRST_LENGTH)
  private repeats = new Float64Array(FIRST_LENGTH)
  private memUsage = new Float64Array(FIRST_LENGTH)
  /** First record of each group, and one past the last record. */
  private groupStart = new Float64Array(FIRST_LENGTH)
  /** Events before each group. */
  private groupEvents = new Float64Array(FIRST_LENGTH)

  add(
    step: number,
    rule: RefusedRule,
    window: number,
    length: number,
    repeats: number,
    memUsage: number,
  ): void {
    const at = this.records++
    if (at === this.step.length) this.growRecords()
    const sameAsLast = at > 0 && this.window[at - 1] === window && this.length[at - 1] === length
    if (!sameAsLast) this.startGroup(at)
    this.step[at] = step
    this.isArrayRule[at] = rule === 'window-array' ? 1 : 0
    this.window[at] = window
    this.length[at] = length
    this.repeats[at] = repeats
    this.memUsage[at] = memUsage
    this.events += repeats
  }

  /** The event without start and length: nothing of the image is checked. */
  addWholeImage(step: number): void {
    this.add(step, 'bitmap', WHOLE_IMAGE, 0, 1, 0)
  }

  /** @throws RangeError if there is no such group */
  group(index: number): { first: EventRecord; lastStep: number; count: number } {
    if (!(index >= 0 && index < this.groups)) throw new RangeError(`no event group ${index}`)
    const end = index + 1 < this.groups ? this.groupStart[index + 1]! : this.records
    const before = this.groupEvents[index]!
    const after = index + 1 < this.groups ? this.groupEvents[index + 1]! : this.events
    return {
      first: this.record(this.groupStart[index]!),
      lastStep: this.step[end - 1]!,
      count: after - before,
    }
  }

  /** The records that hold a group's events from number `from` on, `count` events of them, one by one. */
  *members(group: number, from: number, count: number): Generator<EventRecord> {
    const { count: inGroup } = this.group(group)
    let toSkip = Math.max(0, from)
    let toGive = Math.min(count, inGroup - toSkip)
    for (let at = this.groupStart[group]!; toGive > 0; at++) {
      const record = this.record(at)
      const skipped = Math.min(toSkip, record.repeats)
      toSkip -= skipped
      for (let i = skipped; i < record.repeats && toGive > 0; i++, toGive--) yield record
    }
  }

  /** Whether a step sent an event of this window (or of any, for undefined). */
  hasEvent(step: number, window: number | undefined): boolean {
    let low = 0
    let high = this.records
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.step[middle]! < step) low = middle + 1
      else high = middle
    }
    for (; low < this.records && this.step[low] === step; low++)
      if (window === undefined || this.window[low] === window) return true
    return false
  }

  private record(at: number): EventRecord {
    return {
      step: this.step[at]!,
      rule: this.window[at] === WHOLE_IMAGE ? undefined : this.isArrayRule[at] ? 'window-array' : 'bitmap',
      window: this.window[at]!,
      length: this.length[at]!,
      repeats: this.repeats[at]!,
      memUsage: this.memUsage[at]!,
    }
  }

  private startGroup(record: number): void {
    if (this.groups === this.groupStart.length) {
      this.groupStart = grown(this.groupStart, 2 * this.groups)
      this.groupEvents = grown(this.groupEvents, 2 * this.groups)
    }
    this.groupStart[this.groups] = record
    this.groupEvents[this.groups] = this.events
    this.groups++
  }

  private growRecords(): void {
    const length = 2 * this.step.length
    this.step = grown(this.step, length)
    this.isArrayRule = grown(this.isArrayRule, length)
    this.window = grown(this.window, length)
    this.length = grown(this.length, length)
    this.repeats = grown(this.repeats, length)
    this.memUsage = grown(this.memUsage, length)
  }
}
