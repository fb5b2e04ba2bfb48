/**
 * Runs of the whole QEMU, as they were recorded: an image, blockdev options, commands, and what QEMU
 * said to them. Replaying a case makes our own `expected`, to be compared with the recorded one.
 */
import type { ByteSource } from '../disk/byte-source.ts'
import { UserError } from '../lib/user-error.ts'
import type { MetadataList } from '../overlap/metadata-list.ts'
import { parseOverlapOptions } from '../overlap/options.ts'
import { windowOffset } from '../overlap/position.ts'
import type { QmpValue } from '../overlap/qmp-event.ts'
import { runEnd, runStart, runTypes } from '../overlap/run-arena.ts'
import { openImage } from '../qcow2/open-image.ts'
import { openSequence } from '../qcow2/open-sequence.ts'
import { runOpening, type OpeningRun } from './opening-run.ts'

/** The recorder's device. */
const DEVICE = 'drv0'
/** What an unlimited size_t prints as. */
const UNLIMITED = 2n ** 64n - 1n

/** The parts of a case that a replay reads. */
export interface ReplayCase {
  readonly options: { readonly [key: string]: unknown }
  readonly commands: readonly string[]
}

/**
 * @returns what QEMU would have said, in its order: events, command outputs, states
 * @throws UserError for an image that cannot be opened at all, or a case with commands
 */
export async function replay(disk: ByteSource, { options, commands }: ReplayCase): Promise<QmpValue[]> {
  if (commands.length > 0)
    throw new UserError('the case has commands, and replaying commands is not built yet', {
      advice: 'Cases without commands can be replayed.',
    })
  const image = await openImage(disk)
  const { clusterBits } = image.header
  const sequence = await openSequence(image)
  const run = runOpening(
    { clusterBits, fileSize: disk.size, sequence },
    {
      ...parseOverlapOptions(options),
      version: 'v6',
      device: DEVICE,
      nodeName: '',
      openUnchecked: false,
    },
  )
  const { outcome } = run
  const opened = { type: 'cmd', cmd: 'blockdev-add', output: [] }
  if (outcome.kind === 'refused')
    return [{ ...opened, error: { class: 'GenericError', desc: outcome.error } }]
  return [
    ...events(run, clusterBits),
    opened,
    engineState('blockdev-add', run.engine, run.options.totalSizeLimit),
  ]
}

function* events({ recorder: { log } }: OpeningRun, clusterBits: number): Generator<QmpValue> {
  for (let group = 0; group < log.groups; group++)
    for (const { window, length } of log.members(group, 0, Infinity))
      yield {
        type: 'event',
        event: 'QCOW2_OVERLAP_CHECK_MEMORY_LIMIT_REACHED',
        // The recorder's order of keys, so that files can be compared as they are.
        data: {
          length: BigInt(length) << BigInt(clusterBits),
          start: windowOffset(window, clusterBits),
          reference: DEVICE,
        },
      }
}

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
  return Array.from(engine.runs(index), run => [runStart(run), runEnd(run) - runStart(run), runTypes(run)])
}
