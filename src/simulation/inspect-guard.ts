/** Who guards a cluster, and which step saw to that; or why nobody does. */
import { Guard } from '../lib/cells.ts'
import { METADATA_TYPES, type TypeMask } from '../lib/metadata-types.ts'
import { OWNERS, Owner, isMetadata } from '../lib/owners.ts'
import { formatCount } from '../lib/sizes.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import type { OverlapEngine } from '../overlap/engine.ts'
import { typesAt } from '../overlap/type-runs.ts'
import type { OpenSequence } from '../qcow2/open-sequence.ts'
import { type EntryStep, enteringStep } from './entering-step.ts'
import { type EventContext, explainEvent, typeNames } from './explain.ts'
import { knownBy } from './known-by.ts'
import type { OpeningRun } from './opening-run.ts'
import type { EngineChoice } from './report.ts'
import type { GuardInspection } from './inspection.ts'
import { nameOfStep } from './step-name.ts'
import type { Truth } from './truth.ts'
import { guardOf, isReadable } from './window-guards.ts'

/** What inspecting needs of a session. */
export interface InspectContext {
  /** Which the image was opened with last. */
  readonly sequence: OpenSequence
  readonly clusterSize: number
  readonly truth: Truth
  readonly run: OpeningRun
  /** Whether a window without a bitmap would get one now. */
  readonly canBuild: boolean
}

/** How a cluster is guarded, and who guards it or why nobody does. */
export function inspectGuard(context: InspectContext, cluster: number, owner: number): GuardInspection {
  const { truth, run, canBuild } = context
  const window = Math.floor(cluster / WINDOW_CLUSTERS)
  const index = cluster % WINDOW_CLUSTERS
  const types = lookUp(truth.engine, window, index) | OWNERS[owner]!.type
  const known = knownBy(run, truth)
  const knownTypes = known ? lookUp(known, window, index) : 0
  const recordedTypes = run.engine ? knownTypes : 0
  const readable = known !== undefined && isReadable(known, window, canBuild)
  const checked = run.outcome.kind === 'refused' ? 0 : types & run.options.checkedTypes
  const guard = guardOf(checked, knownTypes, readable)
  const missing = checked & ~knownTypes
  const said = sayGuard(context, { owner, types, checked, missing, guard, window, index })
  return { guard, recordedTypes, why: undefined, step: undefined, group: undefined, ...said }
}

interface Subject {
  readonly owner: number
  readonly types: TypeMask
  readonly checked: TypeMask
  /** Those of them that are not recorded. */
  readonly missing: TypeMask
  readonly guard: number
  readonly window: number
  readonly index: number
}

const lookUp = (engine: Pick<OverlapEngine, 'runsInPlace'>, window: number, index: number): TypeMask => {
  const runs = engine.runsInPlace(window)
  return typesAt(runs, 0, runs.length, index)
}

type Said = Pick<GuardInspection, 'sentence'> & Partial<GuardInspection>

function sayGuard(context: InspectContext, subject: Subject): Said {
  const { run } = context
  const { checked, guard, window } = subject
  const none = sayUnchecked(context, subject)
  if (none !== undefined) return { sentence: none }
  if (guard === Guard.lost) return sayLost(context, subject)
  if (run.outcome.kind === 'scanned')
    return {
      sentence: 'Guarded: mainline’s check goes through the tables before every write, and finds it there.',
    }
  const entries = entriesOf(context, subject.index + window * WINDOW_CLUSTERS, checked)
  const [first] = entries
  const since = first
    ? `entered ${entries.map(({ step: at, types }) => `at step ${formatCount(at + 1)} as ${typeNames(types)}`).join(' and ')}`
    : `recorded as ${typeNames(checked)}`
  const step = first?.step
  const how =
    step === undefined
      ? undefined
      : `Step ${formatCount(step + 1)} was ${nameOfStep(run, step, context.clusterSize)}.`
  if (guard === Guard.guarded)
    return {
      sentence: `Guarded: ${since}; a check finds it in window ${formatCount(window)}.`,
      why: how,
      step,
    }
  return {
    sentence: `Locked out: ${since} in window ${formatCount(window)}, but the limit leaves no room for the bitmap that a check would look at.`,
    why: `A check sends the event and answers “no overlap”.${onlyNext(run.options.version)}${how ? ` ${how}` : ''}`,
    step,
  }
}

/** The steps that entered a cluster as each of these types, the first type first: a table may be active and inactive. */
function entriesOf(
  context: InspectContext,
  cluster: number,
  types: TypeMask,
): { step: number; types: TypeMask }[] {
  return METADATA_TYPES.filter(({ bit }) => bit & types).flatMap(({ bit }) => {
    const step = enteringStep(context, cluster, bit)?.step ?? -1
    return step < 0 ? [] : [{ step, types: bit }]
  })
}

/** Why nothing guards it whatever is recorded; undefined where that is not so. */
function sayUnchecked({ run }: InspectContext, { owner, types, checked }: Subject): string | undefined {
  const label = OWNERS[owner]!.label
  const { outcome } = run
  if (types === 0 && owner === Owner.bitmapDirectory && outcome.kind === 'scanned')
    return 'Mainline’s check knows the bitmap directory, as long as the image says that its bitmaps are consistent. It is none of the eight types that are counted here.'
  if (types === 0)
    return isMetadata(owner)
      ? `Never guarded: “${label}” is none of the types that ${outcome.kind === 'scanned' ? 'mainline’s check' : 'the 2015 engine'} knows.`
      : `Not metadata (${label}): there is nothing to guard.`
  if (outcome.kind === 'refused') return `The image does not open: ${outcome.error}.`
  if (checked === 0) {
    const options = METADATA_TYPES.filter(({ bit }) => types & bit).map(({ option }) => option)
    return `Nothing guards it: overlap-check leaves out ${options.join(' and ')}.`
  }
  if (outcome.kind === 'unchecked') return 'Nothing guards it: the image was opened unchecked.'
  return undefined
}

function sayLost(context: InspectContext, { checked, missing, window, index }: Subject): Said {
  const { log, steps } = context.run.recorder
  const entered = enteringStep(context, window * WINDOW_CLUSTERS + index, missing)
  const rest = checked & ~missing
  const lost = rest === 0 ? 'Lost' : `Lost as ${typeNames(missing)}`
  const kept = rest === 0 ? '' : ` It is recorded as ${typeNames(rest)} only.`
  if (!entered)
    return {
      sentence: `${lost}: the original never enters it when it opens the image (of the snapshot table it enters 40 bytes an entry only).${kept}`,
    }
  if (!entered.aligned)
    return {
      sentence: `${lost}: its offset is not on a cluster boundary, and such a range is not recorded.${kept}`,
    }
  const { step } = entered
  if (step < 0) return { sentence: `${lost}: it is not recorded.${kept}` }
  const refused = log.limitAt(step, window) ?? arrayRefusal(context, entered, window)
  if (refused)
    return {
      sentence: `${lost}: its entry was refused at step ${formatCount(step + 1)}. ${rest === 0 ? 'It is not recorded, and will not be later.' : `It is recorded as ${typeNames(rest)} only.`}`,
      why: explainEvent(refused.record, eventContext(context)),
      step,
      group: refused.group,
    }
  for (const { record, group } of log.limitsAfter(step, window))
    if (steps.at(record.step).kind === 'remove')
      return {
        sentence: `${lost}: it was recorded at step ${formatCount(step + 1)}, but its fragments were dropped at step ${formatCount(record.step + 1)}.${kept}`,
        why: explainEvent(record, eventContext(context)),
        step: record.step,
        group,
      }
  return { sentence: `${lost}: it was recorded, but is not any more.${kept}`, step }
}

/** A range that runs on past the end of the window array is refused where the array would have to grow. */
function arrayRefusal({ run }: InspectContext, { step }: EntryStep, window: number) {
  const refused = run.recorder.log.limitAt(step, undefined)
  return refused && refused.record.rule === 'window-array' && refused.record.window <= window
    ? refused
    : undefined
}

const eventContext = ({ run, clusterSize }: InspectContext): EventContext => ({
  options: run.options,
  outcome: run.outcome,
  clusterBits: Math.log2(clusterSize),
  steps: run.recorder.steps,
})

/** In v4 a refused try may still empty a slot, from which a later one gains. */
export const onlyNext = (version: EngineChoice): string =>
  version === 'v4' ? ' In v4 that is so for the next try; a later one may find a slot given up.' : ''
