/** What there is to say of one cluster and of the window around it. */
import { Guard } from '../lib/cells.ts'
import { METADATA_TYPES, type TypeMask } from '../lib/metadata-types.ts'
import { OWNERS, Owner, isMetadata } from '../lib/owners.ts'
import { formatCount } from '../lib/sizes.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import { FRAGMENT_BYTES } from '../overlap/fragment-array.ts'
import { rowOf } from '../lib/window-rows.ts'
import { BITMAP_BYTES, type MetadataList, WINDOW_BYTES } from '../overlap/metadata-list.ts'
import { typesAt } from '../overlap/type-runs.ts'
import type { OpenSequence } from '../qcow2/open-sequence.ts'
import { guardOf, isReadable } from './coverage.ts'
import { knownBy } from './known-by.ts'
import type { OpeningRun } from './opening-run.ts'
import { type EngineChoice, Held, type RunReport, type WindowInspection, type WindowTable } from './report.ts'
import type { Truth } from './truth.ts'

/** What inspecting needs of a session. */
export interface InspectContext {
  /** Which the image was opened with last. */
  readonly sequence: OpenSequence
  readonly clusterSize: number
  readonly truth: Truth
  readonly run: OpeningRun
  readonly report: RunReport
  readonly windows: WindowTable
}

export interface GuardInspection {
  readonly guard: number
  readonly recordedTypes: TypeMask
  readonly sentence: string
}

/** How a cluster is guarded, and who guards it or why nobody does. */
export function inspectGuard(context: InspectContext, cluster: number, owner: number): GuardInspection {
  const { truth, run, report } = context
  const window = Math.floor(cluster / WINDOW_CLUSTERS)
  const index = cluster % WINDOW_CLUSTERS
  const types = lookUp(truth.engine, window, index) | OWNERS[owner]!.type
  const known = knownBy(run, truth)
  const knownTypes = known ? lookUp(known, window, index) : 0
  const recordedTypes = run.engine ? knownTypes : 0
  const readable = known !== undefined && isReadable(known, window, report.canBuild)
  const checked = run.outcome.kind === 'refused' ? 0 : types & run.options.checkedTypes
  const guard = guardOf(checked, knownTypes, readable)
  const sentence = guardSentence(context, { owner, types, checked, guard, window, index })
  return { guard, recordedTypes, sentence }
}

interface Subject {
  readonly owner: number
  readonly types: TypeMask
  readonly checked: TypeMask
  readonly guard: number
  readonly window: number
  readonly index: number
}

const lookUp = (engine: { runs(window: number): Uint32Array }, window: number, index: number): TypeMask => {
  const runs = engine.runs(window)
  return typesAt(runs, 0, runs.length, index)
}

function guardSentence(context: InspectContext, subject: Subject): string {
  const { run } = context
  const { owner, types, checked, guard, window } = subject
  const label = OWNERS[owner]!.label
  if (types === 0 && owner === Owner.bitmapDirectory && run.outcome.kind === 'scanned')
    return 'Mainline’s check knows the bitmap directory, as long as the image says that its bitmaps are consistent. It is none of the eight types that are counted here.'
  if (types === 0)
    return isMetadata(owner)
      ? `${run.outcome.kind === 'scanned' ? 'Mainline’s check' : 'The 2015 engine'} does not know a ${label}: it is never guarded.`
      : `Not metadata (${label}): there is nothing to guard.`
  if (run.outcome.kind === 'refused') return `The image does not open: ${run.outcome.error}.`
  if (checked === 0) {
    const options = METADATA_TYPES.filter(({ bit }) => types & bit).map(({ option }) => option)
    return `Nothing guards it: overlap-check leaves out ${options.join(' and ')}.`
  }
  if (run.outcome.kind === 'unchecked') return 'Nothing guards it: the image was opened unchecked.'
  if (guard === Guard.guarded && run.outcome.kind === 'scanned')
    return 'Guarded: mainline’s check goes through the tables before every write, and finds it there.'
  if (guard === Guard.guarded)
    return `Guarded: window ${formatCount(window)} has it recorded, and a check finds it.`
  if (guard === Guard.lockedOut)
    return (
      `Locked out: it is recorded in window ${formatCount(window)}, but the limit leaves no room for the bitmap ` +
      `that a check would look at. A check sends the event and answers “no overlap”.${onlyNext(run.options.version)}`
    )
  return lostSentence(context, subject)
}

function lostSentence(context: InspectContext, { checked, window, index }: Subject): string {
  const { sequence, clusterSize } = context
  const { steps, log } = context.run.recorder
  const cluster = window * WINDOW_CLUSTERS + index
  let step = steps.lastEntered(cluster * clusterSize, clusterSize, checked)
  if (step < 0) {
    const entry = findRange(sequence, cluster, checked)
    if (entry < 0)
      return 'Lost: the original never enters it when it opens the image (of the snapshot table it enters 40 bytes an entry only).'
    if (!sequence.aligned[entry])
      return 'Lost: its offset is not on a cluster boundary, and such a range is not recorded.'
    step = steps.stepOfEntry(sequence, entry)
  }
  if (log.hasEvent(step, window) || log.hasEvent(step, undefined))
    return `Lost: its entry was refused at step ${formatCount(step + 1)}. It is not recorded, and will not be later.`
  return 'Lost: it was recorded, but its fragments were dropped later.'
}

/** The range of the open sequence, of one of these types, that holds the cluster; -1 for none. */
function findRange(sequence: OpenSequence, cluster: number, types: TypeMask): number {
  for (let i = 0; i < sequence.count; i++) {
    if ((sequence.types[i]! & types) === 0) continue
    const start = sequence.window[i]! * WINDOW_CLUSTERS + sequence.index[i]!
    if (cluster >= start && cluster < start + sequence.nbClusters[i]!) return i
  }
  return -1
}

/** A window as it stands. */
export function inspectWindow({ run, report, windows }: InspectContext, index: number): WindowInspection {
  const row = rowOf(windows.window, windows.rows, index)
  const state = run.engine?.windowState(index)
  const hasBitmap = state?.hasBitmap ?? false
  const arraySize = state?.fragmentsArraySize ?? 0
  const held = windows.held[row] ?? Held.nothing
  const inArray = run.engine !== undefined && index < run.engine.windowCount
  return {
    index,
    firstCluster: index * WINDOW_CLUSTERS,
    held,
    age: state?.age ?? 0,
    lruPlace: run.engine && state && state.slot >= 0 ? lruPlace(run.engine, state.slot) : -1,
    slot: state?.slot ?? -1,
    modified: hasBitmap && (state?.modified ?? false),
    nbFragments: state?.nbFragments ?? 0,
    fragmentsArraySize: arraySize,
    accountedBytes:
      (inArray ? WINDOW_BYTES : 0) + FRAGMENT_BYTES * arraySize + (hasBitmap ? BITMAP_BYTES : 0),
    metadata: windows.metadata[row] ?? 0,
    unguarded: windows.unguarded[row] ?? 0,
    sentence: windowSentence(run, report, { index, held, lost: windows.lost[row] ?? 0 }),
  }
}

/** How many of the cached windows were used longer ago; -1 where a slot is empty, for then none has to go. */
function lruPlace(engine: MetadataList, slot: number): number {
  const now = engine.currentAge
  const slots = engine.slots()
  if (slots.length < engine.slotCount || slots.includes(-1)) return -1
  const unusedFor = (window: number) => (now - engine.windowState(window).age) >>> 0
  const own = unusedFor(slots[slot]!)
  return slots.filter(window => window >= 0 && unusedFor(window) > own).length
}

/** In v4 a refused try may still empty a slot, from which a later one gains. */
const onlyNext = (version: EngineChoice): string =>
  version === 'v4' ? ' In v4 that is so for the next try; a later one may find a slot given up.' : ''

function windowSentence(
  run: OpeningRun,
  report: RunReport,
  { index, held, lost }: { readonly index: number; readonly held: number; readonly lost: number },
): string {
  const { outcome, engine, options } = run
  if (outcome.kind === 'refused') return `The image does not open: ${outcome.error}.`
  if (outcome.kind === 'scanned')
    return 'There is no metadata list: mainline’s check goes through the tables anew before every write.'
  if (!engine) return 'There is no metadata list: nothing is checked here.'
  const state = engine.windowState(index)
  const lostPart =
    lost > 0
      ? ` ${formatCount(lost)} ${lost === 1 ? 'cluster' : 'clusters'} of metadata in it ${lost === 1 ? 'is' : 'are'} not recorded.`
      : ''
  const { memUsage } = engine
  const limit = options.totalSizeLimit === undefined ? '' : formatCount(options.totalSizeLimit)
  const noRoom = `${formatCount(memUsage)} of ${limit} bytes are in use: a bitmap would make ${formatCount(memUsage + BITMAP_BYTES)}.`
  const lockedOut = report.canBuild
    ? ''
    : ` No bitmap can be built to look at them now. ${noRoom}${onlyNext(options.version)}`
  switch (held) {
    case Held.cached:
      return `Its bitmap is in slot ${state.slot}: ${formatCount(BITMAP_BYTES)} bytes, a look-up away.${lostPart}`
    case Held.kept:
      return `Its bitmap is kept outside the slots for good: its metadata makes so many fragments (709 at most) that an array for them would not be smaller.${lostPart}`
    case Held.fragments:
      return `Held as ${formatCount(state.nbFragments)} ${state.nbFragments === 1 ? 'fragment' : 'fragments'}, ${formatCount(FRAGMENT_BYTES * state.fragmentsArraySize)} bytes instead of ${formatCount(BITMAP_BYTES)}.${lockedOut}${lostPart}`
    case Held.refused:
      if (index >= engine.windowCount)
        return `Refused: the window array ends before it, and there was no room for it to grow.${lostPart}`
      return `Refused: there was no room for its bitmap of ${formatCount(BITMAP_BYTES)} bytes. ${noRoom}${lostPart}`
    default:
      return index < engine.windowCount
        ? `Nothing is recorded in it.${lostPart}`
        : `The window array ends before it: nothing is recorded.${lostPart}`
  }
}
