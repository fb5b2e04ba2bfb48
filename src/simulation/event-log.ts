/**
 * All events of a run, in columns: a record for each stretch of equal events of one engine call, and a
 * group for each stretch of equal events in the whole run, which is a row of the log on the page. The
 * text of an event is made when somebody looks at it.
 */
import type { Corruption } from '../driver/corruption.ts'
import { grown } from '../lib/grow.ts'
import type { TypeMask } from '../lib/metadata-types.ts'
import type { ClusterIndex } from '../lib/units.ts'
import type { RefusedRule } from '../overlap/engine.ts'
import type { CommandName } from './step-log.ts'

const FIRST_LENGTH = 16
/** Stands for "no range": the event that speaks of the whole image. */
const WHOLE_IMAGE = -1
/** What a record is of, as a byte. */
const BITMAP = 0
const WINDOW_ARRAY = 1
const CORRUPTION = 2
const MISSED = 3

/** A write that no check stopped, though an unlimited engine would have refused it. */
export interface MissedOverlap {
  /** First and number of host clusters that hold the metadata. */
  readonly start: ClusterIndex
  readonly clusters: number
  /** What lies there. */
  readonly types: TypeMask
}

/** Equal events sent by one engine call: QEMU's QCOW2_OVERLAP_CHECK_MEMORY_LIMIT_REACHED. */
export interface LimitRecord {
  readonly kind: 'limit'
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
  /** Bytes that were asked for. */
  readonly asked: number
}

/** QEMU's BLOCK_IMAGE_CORRUPTED. */
export interface CorruptionRecord {
  readonly kind: 'corrupted'
  readonly step: number
  readonly corruption: Corruption
  /** The command that met it. Its step alone does not tell: it may have made no call. */
  readonly command: CommandName
  readonly repeats: number
}

/** No event of QEMU's: nothing told it. */
export interface MissedRecord {
  readonly kind: 'missed'
  readonly step: number
  readonly overlap: MissedOverlap
  readonly repeats: number
}

type CorruptionNote = Pick<CorruptionRecord, 'corruption' | 'command'>
type Note = CorruptionNote | MissedOverlap

export type EventRecord = LimitRecord | CorruptionRecord | MissedRecord

export class EventLog {
  /** All rows unfolded, each repeat counted: QEMU's events, and missed overlaps. */
  events = 0
  groups = 0
  private records = 0
  private step = new Float64Array(FIRST_LENGTH)
  private kind = new Uint8Array(FIRST_LENGTH)
  private window = new Float64Array(FIRST_LENGTH)
  private length = new Float64Array(FIRST_LENGTH)
  private repeats = new Float64Array(FIRST_LENGTH)
  private memUsage = new Float64Array(FIRST_LENGTH)
  private asked = new Float64Array(FIRST_LENGTH)
  /** What the records of other kinds are of; `window` of such a record is an index into these. */
  private readonly notes: Note[] = []
  private readonly noteIndexes = new Map<string, number>()
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
    asked: number,
  ): void {
    const kind = rule === 'window-array' ? WINDOW_ARRAY : BITMAP
    this.asked[this.append(step, kind, window, length, repeats, memUsage)] = asked
  }

  addCorruption(step: number, corruption: Corruption, command: CommandName): void {
    this.append(step, CORRUPTION, this.noteIndex({ corruption, command }), 0, 1, 0)
  }

  addMissed(step: number, overlap: MissedOverlap): void {
    this.append(step, MISSED, this.noteIndex(overlap), 0, 1, 0)
  }

  /** @returns the record's index */
  private append(
    step: number,
    kind: number,
    window: number,
    length: number,
    repeats: number,
    memUsage: number,
  ): number {
    const at = this.records++
    if (at === this.step.length) this.growRecords()
    // Both refusals send the same event.
    const family = Math.max(kind, WINDOW_ARRAY)
    const sameAsLast =
      at > 0 &&
      Math.max(this.kind[at - 1]!, WINDOW_ARRAY) === family &&
      this.window[at - 1] === window &&
      this.length[at - 1] === length
    if (!sameAsLast) this.startGroup(at)
    this.step[at] = step
    this.kind[at] = kind
    this.window[at] = window
    this.length[at] = length
    this.repeats[at] = repeats
    this.memUsage[at] = memUsage
    this.events += repeats
    return at
  }

  /** The event without start and length: nothing of the image is checked. */
  addWholeImage(step: number): void {
    this.add(step, 'bitmap', WHOLE_IMAGE, 0, 1, 0, 0)
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

  /** The event of the limit that a step sent for this window (or for any, for undefined), and its row. */
  limitAt(step: number, window: number | undefined): { record: LimitRecord; group: number } | undefined {
    for (let at = this.firstOf(step); at < this.records && this.step[at] === step; at++)
      if (this.isLimit(at, window)) return { record: this.record(at) as LimitRecord, group: this.groupOf(at) }
    return undefined
  }

  /** The events of the limit for this window that steps after this one sent, and their rows. */
  *limitsAfter(step: number, window: number): Generator<{ record: LimitRecord; group: number }> {
    for (let at = this.firstOf(step + 1); at < this.records; at++)
      if (this.isLimit(at, window)) yield { record: this.record(at) as LimitRecord, group: this.groupOf(at) }
  }

  private isLimit(at: number, window: number | undefined): boolean {
    return this.kind[at]! <= WINDOW_ARRAY && (window === undefined || this.window[at] === window)
  }

  /** The first record of this step or a later one. */
  private firstOf(step: number): number {
    return firstNotBelow(this.step, this.records, step)
  }

  private groupOf(record: number): number {
    return firstNotBelow(this.groupStart, this.groups, record + 1) - 1
  }

  private record(at: number): EventRecord {
    const step = this.step[at]!
    const repeats = this.repeats[at]!
    const window = this.window[at]!
    const kind = this.kind[at]
    if (kind === CORRUPTION)
      return { kind: 'corrupted', step, repeats, ...(this.notes[window] as CorruptionNote) }
    if (kind === MISSED)
      return { kind: 'missed', step, repeats, overlap: this.notes[window] as MissedOverlap }
    return {
      kind: 'limit',
      step,
      rule: window === WHOLE_IMAGE ? undefined : kind === WINDOW_ARRAY ? 'window-array' : 'bitmap',
      window,
      length: this.length[at]!,
      repeats,
      memUsage: this.memUsage[at]!,
      asked: this.asked[at]!,
    }
  }

  private noteIndex(note: Note): number {
    const key = JSON.stringify(note)
    let index = this.noteIndexes.get(key)
    if (index === undefined) {
      index = this.notes.push(note) - 1
      this.noteIndexes.set(key, index)
    }
    return index
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
    this.kind = grown(this.kind, length)
    this.window = grown(this.window, length)
    this.length = grown(this.length, length)
    this.repeats = grown(this.repeats, length)
    this.memUsage = grown(this.memUsage, length)
    this.asked = grown(this.asked, length)
  }
}

/** @returns the first place of a sorted column that holds this or more; `count` for none */
function firstNotBelow(column: Float64Array, count: number, value: number): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (column[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}
