/** The event log as rows to be shown: the exact QMP text of an event, and the sentence that explains it. */
import { formatCount } from '../lib/sizes.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import { corruptedEvent } from '../overlap/corrupted-event.ts'
import { windowOffset } from '../overlap/position.ts'
import { limitReachedEvent, qmpJson, type Timestamp } from '../overlap/qmp-event.ts'
import { timeAfter } from './clock.ts'
import type { EventRecord } from './event-log.ts'
import { type EventContext, explainEvent, typeNames } from './explain.ts'
import type { EventLog } from './event-log.ts'
import type { LogGroup, LogMember } from './report.ts'

export interface LogContext extends EventContext {
  readonly log: EventLog
  /** When the opening began. */
  readonly clock: Timestamp
}

/** Rows [from, from + count) of the folded log; fewer where it ends. */
export function logGroups(context: LogContext, from: number, count: number): LogGroup[] {
  const { log } = context
  const groups: LogGroup[] = []
  for (let index = Math.max(0, from); index < Math.min(log.groups, from + count); index++) {
    const { first, lastStep, count: repeats } = log.group(index)
    groups.push({
      index,
      firstStep: first.step,
      lastStep,
      count: repeats,
      kind: first.kind,
      json: eventText(first, context),
      why: repeats === 1 ? explainEvent(first, context) : explainFolded(first, repeats, context),
      range: rangeOf(first, context.clusterBits),
      cluster: clusterOf(first, context),
      command:
        first.kind === 'corrupted' ? first.command.text : context.steps.stretchOf(first.step)?.command?.text,
    })
  }
  return groups
}

/** Events [from, from + count) of one folded row. */
export function logMembers(context: LogContext, group: number, from: number, count: number): LogMember[] {
  return Array.from(context.log.members(group, from, count), record => ({
    step: record.step,
    json: eventText(record, context),
    why: explainEvent(record, context),
    cluster: clusterOf(record, context),
  }))
}

/** Every event of QEMU's in the run, one line of JSON each. */
export function* logLines(context: LogContext): Generator<string> {
  for (let group = 0; group < context.log.groups; group++)
    for (const record of context.log.members(group, 0, Infinity))
      if (record.kind !== 'missed') yield eventText(record, context)
}

function rangeOf(record: EventRecord, clusterBits: number): LogGroup['range'] {
  if (record.kind === 'limit')
    return record.rule === undefined
      ? undefined
      : { start: record.window * WINDOW_CLUSTERS, clusters: record.length }
  if (record.kind === 'missed') return { start: record.overlap.start, clusters: record.overlap.clusters }
  const { offset, size } = record.corruption
  if (offset === undefined) return undefined
  const clusterSize = 2 ** clusterBits
  const start = Math.floor(offset / clusterSize)
  return { start, clusters: Math.max(1, Math.ceil((offset + (size ?? 1)) / clusterSize) - start) }
}

/** Of equal events the first is explained; the others are of other entries or checks, each refused for itself. */
const explainFolded = (first: EventRecord, repeats: number, context: LogContext): string =>
  `${explainEvent(first, context)} The same event was sent ${formatCount(repeats - 1)} more ` +
  `${repeats === 2 ? 'time' : 'times'}: unfold the row to see for what.`

/** The first cluster of what the event's call was about, within the event's range. */
function clusterOf(record: EventRecord, context: LogContext): number | undefined {
  const range = rangeOf(record, context.clusterBits)
  if (record.kind !== 'limit' || !range) return range?.start
  const step = context.steps.at(record.step)
  const start =
    step.kind === 'opening'
      ? step.sequence.window[step.entry]! * WINDOW_CLUSTERS + step.sequence.index[step.entry]!
      : Math.floor(step.offset / 2 ** context.clusterBits)
  return Math.max(start, range.start)
}

/** What QEMU sends; for what it does not tell, a line that says so. */
function eventText(record: EventRecord, { options, clusterBits, clock }: LogContext): string {
  const time = timeAfter(clock, record.step)
  if (record.kind === 'missed') {
    const { start, clusters, types } = record.overlap
    const where =
      clusters === 1 ? `host cluster ${start}` : `host clusters ${start} to ${start + clusters - 1}`
    return `Missed overlap: ${where}, ${typeNames(types)}, written over`
  }
  if (record.kind === 'corrupted') return qmpJson(corruptedEvent(options, record.corruption, time))
  const reference = options.device || options.nodeName
  const range =
    record.rule === undefined
      ? undefined
      : {
          start: windowOffset(record.window, clusterBits),
          length: BigInt(record.length) << BigInt(clusterBits),
        }
  return qmpJson(limitReachedEvent(reference, range, time))
}
