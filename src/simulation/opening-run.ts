/** One opening of an image under given options: the engine's calls in the original's order. */
import type { RefusedRule } from '../overlap/engine.ts'
import { createEngine, ListCreationError } from '../overlap/create-engine.ts'
import { BITMAP_BYTES, type MetadataList, WINDOW_BYTES } from '../overlap/metadata-list.ts'
import type { OpenSequence } from '../qcow2/open-sequence.ts'
import { EventLog } from './event-log.ts'
import type { Outcome, RunOptions } from './report.ts'

/** What a run needs to know of an image; read once, run under as many options as anybody likes. */
export interface OpeningInput {
  readonly clusterBits: number
  readonly fileSize: number
  readonly sequence: OpenSequence
}

/** A reservation that the limit refused. */
export interface Refusal {
  /** Bytes asked for. */
  readonly asked: number
  /** memUsage that left no room for them. */
  readonly memUsage: number
  readonly step: number
}

export interface OpeningRun {
  readonly options: RunOptions
  readonly outcome: Outcome
  /** undefined where no list was made. */
  readonly engine: MetadataList | undefined
  readonly log: EventLog
  /** Engine calls made. */
  readonly steps: number
  /** For each step, which element of the open sequence it entered. */
  readonly stepCause: Uint32Array
  /** memUsage after each step. */
  readonly stepMemory: Float64Array
  /** The last one, if any. */
  readonly refusal: Refusal | undefined
  /** Windows whose last try for a bitmap was refused, and window-array growths that were. */
  readonly refusedWindows: ReadonlySet<number>
}

export function runOpening(input: OpeningInput, options: RunOptions): OpeningRun {
  const recorder = new Recorder()
  const { engine, outcome } = openList(input, options, recorder)
  recorder.engine = engine
  if (engine) enterAll(engine, input.sequence, options.checkedTypes, recorder)
  return {
    options,
    outcome,
    engine,
    log: recorder.log,
    steps: recorder.steps,
    stepCause: recorder.stepCause.subarray(0, recorder.steps),
    stepMemory: recorder.stepMemory.subarray(0, recorder.steps),
    refusal: recorder.refusal,
    refusedWindows: recorder.refusedWindows,
  }
}

function openList(
  input: OpeningInput,
  options: RunOptions,
  recorder: Recorder,
): { engine: MetadataList | undefined; outcome: Outcome } {
  recorder.reserveSteps(input.sequence.count)
  try {
    const engine = createEngine({ ...options, ...input }, recorder)
    return { engine, outcome: { kind: engine ? 'guarded' : 'off' } }
  } catch (error) {
    if (!(error instanceof ListCreationError)) throw error
    const { message, needed, asked, memUsage } = error
    recorder.refusal = { asked, memUsage, step: 0 }
    if (options.openUnchecked) recorder.log.addWholeImage(0)
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
    recorder.endStep(i)
  }
}

class Recorder {
  readonly log = new EventLog()
  readonly refusedWindows = new Set<number>()
  engine: MetadataList | undefined
  stepCause = new Uint32Array(0)
  stepMemory = new Float64Array(0)
  steps = 0
  refusal: Refusal | undefined

  reserveSteps(most: number): void {
    this.stepCause = new Uint32Array(most)
    this.stepMemory = new Float64Array(most)
  }

  limitReached(rule: RefusedRule, window: number, length: number, repeats: number): void {
    const { memUsage, windowCount } = this.engine!
    this.log.add(this.steps, rule, window, length, repeats, memUsage)
    this.refusedWindows.add(window)
    const asked = rule === 'bitmap' ? BITMAP_BYTES : WINDOW_BYTES * (window + 1 - windowCount)
    this.refusal = { asked, memUsage, step: this.steps }
  }

  bitmapBuilt(window: number): void {
    this.refusedWindows.delete(window)
  }

  endStep(cause: number): void {
    this.stepCause[this.steps] = cause
    this.stepMemory[this.steps] = this.engine!.memUsage
    this.steps++
  }
}
