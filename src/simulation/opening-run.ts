/** One opening of an image under given options: the engine's calls in the original's order. */
import { mainlineTypes } from '../driver/mainline-check.ts'
import type { TypeMask } from '../lib/metadata-types.ts'
import { createEngine, ListCreationError } from '../overlap/create-engine.ts'
import type { MetadataList } from '../overlap/metadata-list.ts'
import type { OpenSequence } from '../qcow2/open-sequence.ts'
import { Recorder } from './recorder.ts'
import type { Outcome, RunOptions } from './report.ts'
import type { CommandName } from './step-log.ts'

/** What a run needs to know of an image; read once, run under as many options as anybody likes. */
export interface OpeningInput {
  readonly clusterBits: number
  readonly fileSize: number
  readonly sequence: OpenSequence
}

/** What a driver checks by itself instead of asking a list; undefined where it is to ask. */
export const scannedTypesOf = ({ outcome, options }: OpeningRun): TypeMask | undefined =>
  outcome.kind === 'scanned' ? mainlineTypes(options.checkedTypes) : undefined

export interface OpeningRun {
  readonly options: RunOptions
  readonly outcome: Outcome
  /** undefined where no list was made: mainline's check needs none. */
  readonly engine: MetadataList | undefined
  /** What was recorded on the way: steps, events, refusals. */
  readonly recorder: Recorder
}

/**
 * Opens the image: makes the list, and enters what the image holds. Mainline's check does neither.
 * @param recorder of a run that goes on, when this command opens the image anew
 */
export function runOpening(
  input: OpeningInput,
  options: RunOptions,
  recorder = new Recorder(),
  command?: CommandName,
): OpeningRun {
  const { sequence } = input
  recorder.steps.begin(command, sequence)
  recorder.steps.reserve(sequence.count)
  recorder.begin()
  const { engine, outcome } = openList(input, options, recorder)
  recorder.engine = engine
  if (engine) enterAll(engine, sequence, options.checkedTypes, recorder)
  return { options, outcome, engine, recorder }
}

function openList(
  input: OpeningInput,
  options: RunOptions,
  recorder: Recorder,
): { engine: MetadataList | undefined; outcome: Outcome } {
  const { version } = options
  if (version === 'mainline')
    return { engine: undefined, outcome: { kind: options.checkedTypes === 0 ? 'off' : 'scanned' } }
  try {
    const engine = createEngine({ ...options, ...input, version }, recorder)
    return { engine, outcome: { kind: engine ? 'guarded' : 'off' } }
  } catch (error) {
    if (!(error instanceof ListCreationError)) throw error
    const { message, needed, asked, memUsage } = error
    const step = recorder.steps.count
    recorder.refusal = { asked, memUsage, step }
    if (options.openUnchecked) recorder.log.addWholeImage(step)
    return {
      engine: undefined,
      outcome: { kind: options.openUnchecked ? 'unchecked' : 'refused', error: message, needed },
    }
  }
}

function enterAll(engine: MetadataList, sequence: OpenSequence, checked: number, recorder: Recorder): void {
  const { count, window, index, nbClusters, types, aligned } = sequence
  for (let i = 0; i < count; i++) {
    if ((types[i]! & checked) === 0) continue
    if (aligned[i]) engine.enter(window[i]!, index[i]!, nbClusters[i]!, types[i]!)
    recorder.endEntry(i)
  }
}
