/** Command-line arguments, by Node's own parser. */
import { type ParseArgsConfig, parseArgs } from 'node:util'
import type { EngineVersion } from '../overlap/engine.ts'
import type { EngineChoice } from '../simulation/report.ts'
import { UsageError } from './command.ts'

/** @throws UsageError in the parser's words */
export function parseArguments<T extends NonNullable<ParseArgsConfig['options']>>(
  args: string[],
  options: T,
) {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** @throws UsageError unless it is one of the list's versions, or mainline */
export function engineChoice(text = 'v6'): EngineChoice {
  if (text === 'v6' || text === 'v4' || text === 'mainline') return text
  throw new UsageError(`--engine takes v6, v4 or mainline, not '${text}'`)
}

/** @throws UsageError unless it is v6 or v4 */
export function engineVersion(text = 'v6'): EngineVersion {
  if (text === 'v6' || text === 'v4') return text
  throw new UsageError(`--engine takes v6 or v4, not '${text}'`)
}
