/** The sentences: what an event, a window or a cluster means, with the rule and the numbers. */
import { BITMAP_DIRECTORY, mainlineTypeName } from '../driver/mainline-check.ts'
import { METADATA_TYPES, type TypeMask } from '../lib/metadata-types.ts'
import { Owner, OWNERS } from '../lib/owners.ts'
import { formatBytes, formatCount, formatOffset } from '../lib/sizes.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import { BITMAP_BYTES, WINDOW_BYTES } from '../overlap/list-books.ts'
import { windowOffset } from '../overlap/position.ts'
import type { OpenSequence } from '../qcow2/open-sequence.ts'
import type { CorruptionRecord, EventRecord, LimitRecord, MissedRecord } from './event-log.ts'
import type { Outcome, RunOptions } from './report.ts'
import type { CommandStep, OpeningStep, StepLog } from './step-log.ts'

/** What one range of the open sequence is: "active L2 table of L1[3] at 768 MiB". */
export function rangeName(sequence: OpenSequence, i: number, clusterBits: number): string {
  const owner = OWNERS.find(({ type }) => type !== 0 && type === sequence.types[i])
  const at = formatOffset(rangeOffset(sequence, i, clusterBits))
  return `${owner?.label ?? 'metadata'}${entryName(sequence, i)} at ${at}`
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
  readonly clusterBits: number
  readonly steps: StepLog
  readonly outcome: Outcome
}

/** Why an event was sent, or what a missed overlap is, in a sentence or two. */
export function explainEvent(event: EventRecord, context: EventContext): string {
  if (event.kind === 'corrupted') return explainCorruption(event, context)
  if (event.kind === 'missed') return explainMissed(event, context)
  return explainLimit(event, context)
}

function explainLimit(event: LimitRecord, context: EventContext): string {
  const { options, clusterBits, steps } = context
  if (event.rule === undefined) return explainUnchecked(context.outcome)
  const limit = formatCount(options.totalSizeLimit ?? 0n)
  const used = formatCount(event.memUsage)
  const result = consequence(steps.at(event.step), event.window, clusterBits)
  const needed = formatCount(event.memUsage + event.asked)
  if (event.rule === 'window-array') {
    const more = event.asked / WINDOW_BYTES
    return (
      `The window array would have to grow by ${formatCount(more)} ${more === 1 ? 'window' : 'windows'} of ${WINDOW_BYTES} bytes to reach window ${formatCount(event.window)}. ` +
      `${used} of ${limit} bytes are in use: ${needed} would be needed. ${result}`
    )
  }
  const eviction =
    options.version === 'v4' ? 'v4 gives up none for it' : 'no bitmap is left in the slots to give up'
  return (
    `The bitmap of window ${formatCount(event.window)} needs ${formatCount(BITMAP_BYTES)} bytes. ` +
    `${used} of ${limit} are in use and ${eviction}: ${needed} would be needed. ${result}`
  )
}

/** What the refusal comes to, for the call that met it. */
function consequence(step: OpeningStep | CommandStep, window: number, clusterBits: number): string {
  if (step.kind === 'opening') {
    const name = rangeName(step.sequence, step.entry, clusterBits)
    return `${partIn(step, window)} ${name} is not recorded, and will not be later.`
  }
  const { command, cause, offset } = step
  const label = OWNERS[Owner[cause.structure]]!.label
  const where = `at ${formatOffset(BigInt(offset))}`
  switch (step.kind) {
    case 'enter':
      return `“${command.text}” was ${cause.phase}: the ${label} ${where} is not recorded, and will not be later.`
    case 'remove':
      return `“${command.text}” was ${cause.phase}: what was recorded of window ${formatCount(window)} is dropped, for nothing can be taken out of it singly.`
    case 'check':
      return `So the check of “${command.text}” before ${cause.phase} ${where} finds nothing there, whatever there is.`
  }
}

/** "The", or which part of a range that lies in several windows. */
function partIn({ sequence, entry }: OpeningStep, window: number): string {
  const isWhole = sequence.index[entry]! + sequence.nbClusters[entry]! <= WINDOW_CLUSTERS
  return isWhole ? 'The' : `What lies in window ${formatCount(window)} of the`
}

function explainUnchecked(outcome: Outcome): string {
  const reason = outcome.kind === 'unchecked' ? `${outcome.error}: ` : ''
  const needed = outcome.kind === 'unchecked' ? ` It needs ${formatCount(outcome.needed)} bytes.` : ''
  return `${reason}the list could not be made.${needed} The image was opened all the same (Overlapscope’s own extension), and nothing in it is checked.`
}

function explainCorruption({ step, corruption, command }: CorruptionRecord, { steps }: EventContext): string {
  const { offset, size, message, fatal } = corruption
  const consequences = fatal
    ? ' The image is marked as corrupt and given up: from now on it answers “No medium found”.'
    : ''
  const call = offset !== undefined && steps.count > 0 ? steps.at(step) : undefined
  if (call?.kind === 'check' && call.found !== 0)
    return (
      `“${command.text}”: the check before ${call.cause.phase} found metadata in the ${formatBytes(size ?? 0)} ` +
      `at ${formatOffset(BigInt(offset!))} (${typeNames(call.found)}), so the write is refused.${consequences}`
    )
  return `“${command.text}” met an entry that cannot be right: ${message}.${consequences}`
}

function explainMissed({ step, overlap }: MissedRecord, { options, outcome, steps }: EventContext): string {
  const call = steps.at(step)
  const during = call.kind === 'opening' ? '' : `“${call.command.text}”, ${call.cause.phase}, `
  const reason =
    outcome.kind === 'unchecked'
      ? 'the image was opened unchecked'
      : options.checkedTypes === 0
        ? 'nothing is checked under these options'
        : (overlap.types & options.checkedTypes) === 0
          ? `overlap-check leaves out ${typeNames(overlap.types)}`
          : 'under this limit the list does not know of it, or has no bitmap to look at'
  const witness =
    outcome.kind === 'scanned'
      ? 'a check of the types that are left out'
      : 'an unlimited list that runs beside'
  return (
    `${during}wrote over ${typeNames(overlap.types)}, and nothing stopped it: ${reason}. ` +
    `QEMU tells nothing of this; Overlapscope knows it from ${witness}.`
  )
}

/** "active L2 table and refcount block" */
export function typeNames(types: TypeMask): string {
  const names = METADATA_TYPES.filter(({ bit }) => types & bit).map(({ qemuName }) => qemuName)
  if (types & BITMAP_DIRECTORY) names.push(mainlineTypeName(BITMAP_DIRECTORY)!)
  return names.join(' and ')
}
