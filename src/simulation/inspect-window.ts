/** What there is to say of one window: how it is held, what that costs, its place among the cached ones, its history. */
import { formatCount } from '../lib/sizes.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import { FRAGMENT_BYTES, grownArraySize } from '../overlap/fragment-array.ts'
import { BITMAP_BYTES, WINDOW_BYTES } from '../overlap/list-books.ts'
import { packRun, runEnd, runStart } from '../overlap/run-arena.ts'
import { coverWindow, heldOf } from './coverage.ts'
import { type InspectContext, onlyNext } from './inspect-guard.ts'
import { historyOf } from './inspect-history.ts'
import { lruPlace, slotsAround } from './inspect-slots.ts'
import { knownBy } from './known-by.ts'
import { Held } from '../lib/held.ts'
import type { WindowInspection } from './inspection.ts'

/** A run of equal types is coded as fragments of at most this many clusters. */
const FRAGMENT_CLUSTERS = 256

/** A window as it stands. */
export function inspectWindow(context: InspectContext, index: number): WindowInspection {
  const { run, truth } = context
  const { engine, outcome, options } = run
  const state = engine?.windowState(index)
  const hasBitmap = state?.hasBitmap ?? false
  const arraySize = state?.fragmentsArraySize ?? 0
  const held = heldOf(state, run.recorder.refusedWindows.has(index))
  const coverage = coverWindow(index, {
    truth: truth.engine,
    known: knownBy(run, truth),
    checkedTypes: outcome.kind === 'refused' ? 0 : options.checkedTypes,
    canBuild: context.canBuild,
  })
  const inArray = engine !== undefined && index < engine.windowCount
  const account = {
    struct: inArray ? WINDOW_BYTES : 0,
    array: FRAGMENT_BYTES * arraySize,
    bitmap: hasBitmap ? BITMAP_BYTES : 0,
  }
  const runs = engine?.runs(index) ?? new Uint32Array()
  const coded = codedFragments(runs)
  return {
    index,
    firstCluster: index * WINDOW_CLUSTERS,
    held,
    age: state?.age ?? 0,
    currentAge: engine?.currentAge ?? 0,
    lruPlace: engine && state && state.slot >= 0 ? lruPlace(engine, state.slot) : -1,
    slot: state?.slot ?? -1,
    slots: engine && slotsAround(engine, index, context.canBuild),
    modified: hasBitmap && (state?.modified ?? false),
    nbFragments: state?.nbFragments ?? 0,
    fragmentsArraySize: arraySize,
    runs,
    fragments: Uint32Array.from(engine?.fragments(index) ?? [], ([start, clusters, types]) =>
      packRun(start, start + clusters, types),
    ),
    coding: { fragments: coded, arraySize: grownArraySize(arraySize, coded), ladder: LADDER },
    account,
    accountedBytes: account.struct + account.array + account.bitmap,
    metadata: coverage.metadata,
    unguarded: coverage.lost + coverage.lockedOut,
    lost: engine ? coverage.lost : 0,
    lockedOut: engine ? coverage.lockedOut : 0,
    history: engine && historyOf(run, index, context.clusterSize),
    ...windowSentence(context, index, held, coverage.lost),
  }
}

/** Sizes through which a fragment array grows, up to the last that is smaller than a bitmap. */
const LADDER: readonly number[] = ladder()

function ladder(): number[] {
  const sizes: number[] = []
  for (let next = grownArraySize(0, 1); next !== undefined; next = grownArraySize(next, next + 1))
    sizes.push(next)
  return sizes
}

/** How many fragments say what these runs say. */
const codedFragments = (runs: Uint32Array): number =>
  runs.reduce((sum, run) => sum + Math.ceil((runEnd(run) - runStart(run)) / FRAGMENT_CLUSTERS), 0)

type Said = Pick<WindowInspection, 'sentence' | 'why'>

const alone = (sentence: string): Said => ({ sentence, why: undefined })

function windowSentence({ run, canBuild }: InspectContext, index: number, held: number, lost: number): Said {
  const { outcome, engine, options } = run
  if (outcome.kind === 'refused') return alone(`The image does not open: ${outcome.error}.`)
  if (outcome.kind === 'scanned')
    return alone(
      'There is no metadata list: mainline’s check goes through the tables anew before every write.',
    )
  if (!engine) return alone('There is no metadata list: nothing is checked here.')
  const state = engine.windowState(index)
  const lostPart =
    lost > 0
      ? ` ${formatCount(lost)} ${lost === 1 ? 'cluster' : 'clusters'} of metadata in it ${lost === 1 ? 'is' : 'are'} not recorded.`
      : ''
  const { memUsage } = engine
  const limit = options.totalSizeLimit === undefined ? '' : formatCount(options.totalSizeLimit)
  const noRoom = `${formatCount(memUsage)} of ${limit} bytes are in use: a bitmap would make ${formatCount(memUsage + BITMAP_BYTES)}.`
  switch (held) {
    case Held.cached:
      return alone(
        `Its bitmap is in slot ${state.slot}: ${formatCount(BITMAP_BYTES)} bytes, a look-up away.${lostPart}`,
      )
    case Held.kept:
      return {
        sentence: `Its bitmap is kept outside the slots for good.${lostPart}`,
        why: `When it was to be given back, its metadata made more fragments than an array smaller than a bitmap has room for (${LADDER.at(-1)} for one that grows from nothing). It is never given back.`,
      }
    case Held.fragments: {
      const sentence = `Held as ${formatCount(state.nbFragments)} ${state.nbFragments === 1 ? 'fragment' : 'fragments'}, ${formatCount(FRAGMENT_BYTES * state.fragmentsArraySize)} bytes instead of ${formatCount(BITMAP_BYTES)}.`
      return canBuild
        ? alone(sentence + lostPart)
        : {
            sentence: `${sentence} No bitmap can be built now for a check to look at.${lostPart}`,
            why: noRoom + onlyNext(options.version),
          }
    }
    case Held.refused:
      if (index >= engine.windowCount)
        return alone(
          `Refused: the window array ends before it, and there was no room for it to grow.${lostPart}`,
        )
      return {
        sentence: `Refused: there was no room for its bitmap of ${formatCount(BITMAP_BYTES)} bytes.${lostPart}`,
        why: canBuild ? undefined : noRoom,
      }
    default:
      return alone(
        index < engine.windowCount
          ? `Nothing is recorded in it.${lostPart}`
          : `The window array ends before it: nothing is recorded.${lostPart}`,
      )
  }
}
