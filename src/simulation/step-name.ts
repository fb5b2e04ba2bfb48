/** What a step of a run was, in words, and which cluster it was about. */
import { OWNERS, Owner } from '../lib/owners.ts'
import { formatOffset } from '../lib/sizes.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import { rangeName } from './explain.ts'
import type { OpeningRun } from './opening-run.ts'

/** "the opening’s entry of active L2 table L1[3] at 768 MiB", "“write 0 64k”, writing guest data at 1 MiB" */
export function nameOfStep({ recorder }: OpeningRun, step: number, clusterSize: number): string {
  const at = recorder.steps.at(step)
  if (at.kind === 'opening')
    return `the opening’s entry of ${rangeName(at.sequence, at.entry, Math.log2(clusterSize))}`
  const where = `at ${formatOffset(BigInt(at.offset))}`
  if (at.kind === 'check') return `the check of “${at.command.text}” before ${at.cause.phase} ${where}`
  const label = OWNERS[Owner[at.cause.structure]]!.label
  const verb = at.kind === 'enter' ? 'entry' : 'removal'
  return `the ${verb} of the ${label} ${where}, in “${at.command.text}”, ${at.cause.phase}`
}

/** The first cluster that a step was about. */
export function clusterOfStep({ recorder }: OpeningRun, step: number, clusterSize: number): number {
  const at = recorder.steps.at(step)
  return at.kind === 'opening'
    ? at.sequence.window[at.entry]! * WINDOW_CLUSTERS + at.sequence.index[at.entry]!
    : Math.floor(at.offset / clusterSize)
}
