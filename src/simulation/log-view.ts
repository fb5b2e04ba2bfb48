/** The event log as rows to be shown: the exact QMP text of an event, and the sentence that explains it. */
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import { windowOffset } from '../overlap/position.ts'
import { limitReachedEvent, qmpJson, type Timestamp } from '../overlap/qmp-event.ts'
import { timeAfter } from './clock.ts'
import type { EventRecord } from './event-log.ts'
import { type EventContext, explainEvent } from './explain.ts'
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
      json: eventJson(first, context),
      why: explainEvent(first, context),
      range:
        first.rule === undefined
          ? undefined
          : { start: first.window * WINDOW_CLUSTERS, clusters: first.length },
    })
  }
  return groups
}

/** Events [from, from + count) of one folded row. */
export function logMembers(context: LogContext, group: number, from: number, count: number): LogMember[] {
  return Array.from(context.log.members(group, from, count), record => ({
    step: record.step,
    json: eventJson(record, context),
    why: explainEvent(record, context),
  }))
}

/** Every event of the run, one line of JSON each. */
export function* logLines(context: LogContext): Generator<string> {
  for (let group = 0; group < context.log.groups; group++)
    for (const record of context.log.members(group, 0, Infinity)) yield eventJson(record, context)
}

function eventJson(record: EventRecord, { options, clusterBits, clock }: LogContext): string {
  const reference = options.device || options.nodeName
  const range =
    record.rule === undefined
      ? undefined
      : {
          start: windowOffset(record.window, clusterBits),
          length: BigInt(record.length) << BigInt(clusterBits),
        }
  return qmpJson(limitReachedEvent(reference, range, timeAfter(clock, record.step)))
}
