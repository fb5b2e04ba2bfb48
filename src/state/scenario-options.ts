/** A scenario's own options: what its sentence speaks of. */
import type { RunOptions } from '../simulation/report.ts'
import { SCENARIOS } from '../worker/catalogue.ts'
import type { ImageChoice } from '../worker/protocol.ts'

/** @returns undefined for what is no scenario, or none that is known */
export function scenarioOptions(choice: ImageChoice | undefined): RunOptions | undefined {
  if (choice?.kind !== 'scenario') return undefined
  return SCENARIOS.find(({ id }) => id === choice.id)?.options
}
