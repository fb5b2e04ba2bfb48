/** The workloads there are, and how one is asked for: NAME[:count[:seed]]. */
import { UserError } from '../../lib/user-error.ts'
import { BOOT } from './boot.ts'
import { DATABASE } from './database.ts'
import type { WorkloadGenerator } from './generator.ts'
import { RANDOM } from './random.ts'
import { SEQUENTIAL } from './sequential.ts'
import { SNAPSHOTS } from './snapshots.ts'

export const GENERATORS: readonly WorkloadGenerator[] = [SEQUENTIAL, RANDOM, BOOT, DATABASE, SNAPSHOTS]

/** What is written where no count is given. */
export const DEFAULT_WRITES = 1000
const MOST_WRITES = 1_000_000
const MOST_SEED = 2 ** 32 - 1

export interface WorkloadRequest {
  readonly generator: WorkloadGenerator
  readonly count: number
  readonly seed: number
}

/**
 * Reads NAME[:count[:seed]], as in `random:5000:7`; 1000 writes and seed 0 where nothing else is said.
 * @param most writes that may be asked for
 * @throws UserError saying what is accepted
 */
export function parseWorkload(text: string, most = MOST_WRITES): WorkloadRequest {
  const [name = '', count, seed, ...others] = text.split(':')
  const generator = GENERATORS.find(each => each.name === name)
  if (!generator)
    throw new UserError(`There is no workload '${name}'`, {
      advice: `Known are ${GENERATORS.map(each => each.name).join(', ')}.`,
    })
  if (others.length > 0)
    throw new UserError(`'${text}' has too many parts`, { advice: 'A workload is NAME[:count[:seed]].' })
  return {
    generator,
    count: wholeNumber('count of writes', count ?? String(DEFAULT_WRITES), 1, most),
    seed: wholeNumber('seed', seed ?? '0', 0, MOST_SEED),
  }
}

function wholeNumber(what: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new UserError(`'${text}' is no ${what}`, { advice: `It is a whole number from ${min} to ${max}.` })
}
