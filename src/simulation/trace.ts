/**
 * Engine traces: the text format in which the original engine's calls and answers were recorded. An input
 * line is a call, an output line what came of it; they are compared with the original's line for line.
 */
import { UserError } from '../lib/user-error.ts'
import { createEngine, ListCreationError } from '../overlap/create-engine.ts'
import type { EngineListener, EngineVersion } from '../overlap/engine.ts'
import type { MetadataList } from '../overlap/metadata-list.ts'
import { clustersTouched, positionOf, windowOffset } from '../overlap/position.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'

/** The original's recorder lists this many events of one call, and leaves out the others. */
const MOST_EVENTS_LISTED = 65536

interface Shape {
  readonly clusterBits: number
  readonly engine: MetadataList
}

/**
 * Runs a trace.
 * @param lines the input, a call a line; empty lines are passed over
 * @returns the output lines
 * @throws UserError naming the line that cannot be understood
 */
export function* runTrace(lines: Iterable<string>, version: EngineVersion): Generator<string> {
  let shape: Shape | undefined
  const events = new EventList()
  let number = 0
  for (const line of lines) {
    number++
    if (line.trim() === '') continue
    const call = parseCall(line, number)
    if (call.kind === 'C') {
      const created = create(call.values, version, events)
      yield created.line
      if (!created.shape) return
      shape = created.shape
      continue
    }
    if (!shape) throw new UserError(`line ${number}: a trace starts with C, which makes the list`)
    if (call.kind === 'D') {
      yield* dump(shape.engine)
      continue
    }
    events.start(shape.clusterBits)
    const answer = carryOut(shape, call)
    const { engine } = shape
    yield `${call.kind} ret=${answer} mem=${engine.memUsage} age=${engine.currentAge} ` +
      `windows=${engine.windowCount} cached=${slotList(engine)} ev=${events.listed.join()}`
  }
}

interface Call {
  readonly kind: string
  readonly values: readonly bigint[]
}

const ARGUMENTS: Readonly<Record<string, number>> = { C: 5, e: 3, r: 3, k: 3, D: 0 }

/** @throws UserError if the line is not a call */
export function parseCall(line: string, number: number): Call {
  const [kind = '', ...words] = line.trim().split(/\s+/)
  const expected = ARGUMENTS[kind]
  if (expected === undefined || words.length !== expected || !words.every(word => /^-?\d+$/.test(word)))
    throw new UserError(`line ${number}: "${line.trim()}" is not a call`, {
      advice:
        'Accepted are "C clusterBits checkedTypes fileSize bitmapSize totalSizeLimit", "e offset nbClusters types", ' +
        '"r offset nbClusters types", "k offset size ignoredTypes" and "D", numbers in decimal.',
    })
  return { kind, values: words.map(BigInt) }
}

/** The engine call of a trace line, and its answer. */
function carryOut({ clusterBits, engine }: Shape, { kind, values }: Call): number {
  const [offset = 0n, amount = 0n, types = 0n] = values
  const { window, index, aligned } = positionOf(offset, clusterBits)
  switch (kind) {
    case 'e':
      if (aligned) engine.enter(window, index, Number(amount), Number(types))
      return 0
    case 'r':
      engine.remove(window, index, Number(amount) + (aligned ? 0 : 1), Number(types))
      return 0
    default:
      return engine.check(window, index, clustersTouched(offset, amount, clusterBits), Number(types))
  }
}

/** Makes the engine of a trace's first line. @throws ListCreationError, UserError */
export function engineOfTrace(
  values: readonly bigint[],
  version: EngineVersion,
  listener?: EngineListener,
): MetadataList {
  const [clusterBits = 0n, checkedTypes = 0n, fileSize = 0n, bitmapSize = 0n, limit = -1n] = values
  const engine = createEngine(
    {
      version,
      clusterBits: Number(clusterBits),
      checkedTypes: Number(checkedTypes),
      fileSize: Number(fileSize),
      bitmapSize,
      totalSizeLimit: limit < 0n ? undefined : limit,
    },
    listener,
  )
  if (!engine) throw new UserError('the trace checks no type, so there is no list')
  return engine
}

function create(
  values: readonly bigint[],
  version: EngineVersion,
  events: EventList,
): { line: string; shape?: Shape } {
  try {
    const engine = engineOfTrace(values, version, events)
    return {
      line: `C ret=0 err= mem=${engine.memUsage} windows=${engine.windowCount} slots=${engine.slotCount}`,
      shape: { clusterBits: Number(values[0]), engine },
    }
  } catch (error) {
    if (!(error instanceof ListCreationError)) throw error
    return { line: `C ret=-12 err=${error.message} mem=0 windows=0 slots=0` }
  }
}

function slotList(engine: MetadataList): string {
  const slots = engine.slots()
  return slots.concat(Array.from({ length: engine.slotCount - slots.length }, () => -1)).join()
}

/** The events of one call as the recorder lists them. */
class EventList implements EngineListener {
  listed: string[] = []
  private clusterBits = 0

  start(clusterBits: number): void {
    this.listed = []
    this.clusterBits = clusterBits
  }

  limitReached(_rule: unknown, window: number, length: number, repeats: number): void {
    const event = `${windowOffset(window, this.clusterBits)}+${BigInt(length) << BigInt(this.clusterBits)}`
    for (let i = 0; i < repeats && this.listed.length < MOST_EVENTS_LISTED; i++) this.listed.push(event)
  }
}

function* dump(engine: MetadataList): Generator<string> {
  const bytes = new Uint8Array(WINDOW_CLUSTERS)
  for (const index of engine.usedWindows()) {
    const window = engine.windowState(index)
    if (!window.hasBitmap && window.fragmentsArraySize === 0 && window.age === 0) continue
    const fragments = engine
      .fragments(index)
      .map(([start, n, types]) => `${start}+${n}:${types.toString(16)}`)
    let line =
      `W ${index} age=${window.age} bitmap=${Number(window.hasBitmap)} modified=${Number(window.hasBitmap && window.modified)} ` +
      `nf=${window.nbFragments} cap=${window.fragmentsArraySize} frags=${fragments.join()}`
    if (window.hasBitmap) {
      engine.readWindow(index, bytes)
      line += ` map=${fnv1a(bytes)}`
    }
    yield line
  }
}

/** FNV-1a, 32 bit, as 8 hexadecimal digits. */
function fnv1a(bytes: Uint8Array): string {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
