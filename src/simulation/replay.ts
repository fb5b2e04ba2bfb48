/**
 * Runs of the whole QEMU, as they were recorded: an image, blockdev options, commands, and what QEMU
 * said to them. Replaying a case makes our own `expected`, to be compared with the recorded one.
 */
import { Overlay } from '../disk/overlay.ts'
import type { SyncSource } from '../disk/sync-source.ts'
import type { Driver } from '../driver/driver.ts'
import type { MetadataList } from '../overlap/metadata-list.ts'
import { parseOverlapOptions } from '../overlap/options.ts'
import type { QmpValue } from '../overlap/qmp-event.ts'
import { runEnd, runStart, runTypes } from '../overlap/run-arena.ts'
import { type LiveListener, openDriver, type UncheckedRange } from './open-driver.ts'

/** The recorder's device. */
const DEVICE = 'drv0'
/** What an unlimited size_t prints as. */
const UNLIMITED = 2n ** 64n - 1n

/** The parts of a case that a replay reads. */
export interface ReplayCase {
  readonly options: { readonly [key: string]: unknown }
  readonly commands: readonly string[]
}

/** What a command of a case says, beside events. */
export interface CommandAnswer {
  readonly lines: readonly string[]
  readonly error?: { readonly class: string; readonly desc: string }
}

/** Carries out the commands of a case, one after another, on the image that was opened for it. */
export type StartCommands = (
  driver: Driver,
  listener: LiveListener,
) => (command: string) => Promise<CommandAnswer>

/**
 * @param disk the image, which is not changed
 * @returns what QEMU would have said, in its order: events, command outputs, states
 * @throws UserError for an image that cannot be opened at all, or a command that is none
 */
export async function replay(
  disk: SyncSource,
  { options, commands }: ReplayCase,
  start: StartCommands,
): Promise<QmpValue[]> {
  const said: QmpValue[] = []
  const listener = tellInto(said)
  const { driver, run } = await openDriver(
    new Overlay(disk),
    {
      ...parseOverlapOptions(options),
      version: 'v6',
      device: DEVICE,
      nodeName: '',
      openUnchecked: false,
    },
    listener,
  )
  const { outcome, engine } = run
  const opened = { type: 'cmd', cmd: 'blockdev-add', output: [] }
  if (!driver) {
    const desc = outcome.kind === 'refused' ? outcome.error : ''
    return [{ ...opened, error: { class: 'GenericError', desc } }]
  }
  const state = (after: string): QmpValue => engineState(after, engine, run.options.totalSizeLimit)
  said.push(opened, state('blockdev-add'))
  const carryOut = start(driver, listener)
  for (const command of commands) {
    const { lines, error } = await carryOut(command)
    const answer = { type: 'cmd', cmd: command, output: lines }
    said.push(error ? { ...answer, error: { ...error } } : answer, state(command))
  }
  return said
}

/** Events and stderr in the recorder's form, with its order of keys, so that files can be compared as they are. */
function tellInto(said: QmpValue[]): LiveListener {
  return {
    limitReached(range) {
      const event = 'QCOW2_OVERLAP_CHECK_MEMORY_LIMIT_REACHED'
      said.push({ type: 'event', event, data: { ...orderedRange(range), reference: DEVICE } })
    },
    corrupted({ message, offset, size, fatal }) {
      said.push({ type: 'text', lines: [corruptionText(message, fatal)] })
      const data = { device: DEVICE, msg: message, offset, fatal, size }
      said.push({ type: 'event', event: 'BLOCK_IMAGE_CORRUPTED', data })
    },
  }
}

const orderedRange = (range: UncheckedRange | undefined): { readonly [key: string]: bigint } =>
  range ? { length: range.length, start: range.start } : {}

/** What QEMU writes on stderr beside the event (qcow2_signal_corruption). */
const corruptionText = (message: string, fatal: boolean): string =>
  fatal
    ? `qcow2: Marking image as corrupt: ${message}; further corruption events will be suppressed`
    : `qcow2: Image is corrupt: ${message}; further non-fatal corruption events will be suppressed`

/** The list as QEMU's own debug command printed it: every slot, every window. */
export function engineState(
  after: string,
  engine: MetadataList | undefined,
  limit: bigint | undefined,
): QmpValue {
  if (!engine) return { type: 'state', after, list: null }
  const slots = engine.slots()
  return {
    type: 'state',
    after,
    mem_usage: engine.memUsage,
    max_mem_usage: limit ?? UNLIMITED,
    current_age: engine.currentAge,
    cached: slots.concat(Array.from({ length: engine.slotCount - slots.length }, () => -1)),
    windows: Array.from({ length: engine.windowCount }, (_, index) => windowState(engine, index)),
  }
}

function windowState(engine: MetadataList, index: number): QmpValue {
  const window = engine.windowState(index)
  const fragments = engine.fragments(index)
  return {
    age: window.age,
    array_size: window.fragmentsArraySize,
    modified: window.modified,
    fragments: fragments.length > 0 ? fragments : null,
    nb_fragments: window.nbFragments,
    bitmap_runs: window.hasBitmap ? bitmapRuns(engine, index) : null,
  }
}

/** Runs of equal types in a window's bitmap: [start, clusters, types], none for types 0. */
function bitmapRuns(engine: MetadataList, index: number): QmpValue[] {
  return Array.from(engine.runsInPlace(index), run => [
    runStart(run),
    runEnd(run) - runStart(run),
    runTypes(run),
  ])
}
