/** Finds the step that entered a cluster into the list. */
import type { TypeMask } from '../lib/metadata-types.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import type { OpenSequence } from '../qcow2/open-sequence.ts'
import type { OpeningRun } from './opening-run.ts'

export interface EntryStep {
  /** -1 where the range was not entered under these options. */
  readonly step: number
  /** Whether its offset is on a cluster boundary: others are not recorded. */
  readonly aligned: boolean
}

/** What is looked through. */
export interface Entries {
  /** Which the image was opened with last. */
  readonly sequence: OpenSequence
  readonly clusterSize: number
  readonly run: OpeningRun
}

/** The last step that entered the cluster as one of these types; undefined where none ever tried. */
export function enteringStep(
  { sequence, clusterSize, run }: Entries,
  cluster: number,
  types: TypeMask,
): EntryStep | undefined {
  const { steps } = run.recorder
  const step = steps.lastEntered(cluster * clusterSize, clusterSize, types)
  if (step >= 0) return { step, aligned: true }
  const entry = findRange(sequence, cluster, types)
  return entry < 0
    ? undefined
    : { step: steps.stepOfEntry(sequence, entry), aligned: sequence.aligned[entry] === 1 }
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
