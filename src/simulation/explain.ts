/** The sentences: what an event, a window or a cluster means, with the rule and the numbers. */
import { METADATA_TYPES } from '../lib/metadata-types.ts'
import { formatBytes, formatCount } from '../lib/sizes.ts'
import { BITMAP_BYTES, WINDOW_BYTES } from '../overlap/metadata-list.ts'
import { windowOffset } from '../overlap/position.ts'
import type { OpenSequence } from '../qcow2/open-sequence.ts'
import type { EventRecord } from './event-log.ts'
import type { Outcome, RunOptions } from './report.ts'

/** What one range of the open sequence is: "active L2 table of L1[3] at 768 MiB". */
export function rangeName(sequence: OpenSequence, i: number, clusterBits: number): string {
  const type = METADATA_TYPES.find(({ bit }) => bit === sequence.types[i])
  const at = formatBytes(rangeOffset(sequence, i, clusterBits))
  return `${type?.qemuName ?? 'metadata'}${entryName(sequence, i)} at ${at}`
}

/** First byte of the (aligned part of the) range. */
export function rangeOffset(sequence: OpenSequence, i: number, clusterBits: number): bigint {
  const inWindow = BigInt(sequence.index[i]!) << BigInt(clusterBits)
  return windowOffset(sequence.window[i]!, clusterBits) + inWindow
}

function entryName(sequence: OpenSequence, i: number): string {
  const entry = sequence.tableIndex[i]!
  const snapshot = sequence.snapshot[i]! >= 0 ? ` of snapshot ${sequence.snapshot[i]! + 1}` : ''
  switch (METADATA_TYPES.find(({ bit }) => bit === sequence.types[i])?.name) {
    case 'activeL2':
    case 'inactiveL2':
      return ` L1[${entry}]${snapshot}`
    case 'refcountBlock':
      return ` ${entry}`
    default:
      return snapshot
  }
}

export interface EventContext {
  readonly options: RunOptions
  readonly sequence: OpenSequence
  readonly clusterBits: number
  /** Which range each step entered. */
  readonly stepCause: Uint32Array
  readonly outcome: Outcome
}

/** Why an event was sent, in a sentence or two. */
export function explainEvent(event: EventRecord, context: EventContext): string {
  const { options, sequence, clusterBits } = context
  if (event.rule === undefined) return explainUnchecked(context.outcome)
  const cause = context.stepCause[event.step]!
  const subject = rangeName(sequence, cause, clusterBits)
  const limit = formatCount(options.totalSizeLimit ?? 0n)
  const used = formatCount(event.memUsage)
  const lost = `The ${subject} is not recorded, and will not be later.`
  if (event.rule === 'window-array') {
    const needed = formatCount(event.memUsage + WINDOW_BYTES)
    return (
      `The window array would have to grow to reach window ${formatCount(event.window)}, by ${WINDOW_BYTES} bytes a window. ` +
      `${used} of ${limit} bytes are in use: even one window more would make ${needed}. ${lost}`
    )
  }
  const needed = formatCount(event.memUsage + BITMAP_BYTES)
  const eviction =
    options.version === 'v4' ? 'v4 gives up none for it' : 'no bitmap is left in the slots to give up'
  return (
    `The bitmap of window ${formatCount(event.window)} needs ${formatCount(BITMAP_BYTES)} bytes. ` +
    `${used} of ${limit} are in use and ${eviction}: ${needed} would be needed. ${lost}`
  )
}

function explainUnchecked(outcome: Outcome): string {
  const reason = outcome.kind === 'unchecked' ? `${outcome.error}: ` : ''
  const needed = outcome.kind === 'unchecked' ? ` It needs ${formatCount(outcome.needed)} bytes.` : ''
  return `${reason}the list could not be made.${needed} The image was opened all the same (Overlapscope’s own extension), and nothing in it is checked.`
}
