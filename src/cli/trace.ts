/** `trace`: engine traces in the format of the original's recorder. */
import { runTrace } from '../simulation/trace.ts'
import { UserError } from '../lib/user-error.ts'
import { engineVersion, parseArguments } from './arguments.ts'
import { type Command, UsageError } from './command.ts'
import { readText, stem, writeResult } from './files.ts'

export const traceCommand: Command = {
  name: 'trace',
  usage: '[--engine v6|v4] [--out DIR] FILE.in …',
  summary: 'run engine traces; one NAME.out each in DIR, or on standard output',
  async run(args, output) {
    const { values, positionals } = parseArguments(args, {
      engine: { type: 'string' },
      out: { type: 'string' },
    })
    if (positionals.length === 0) throw new UsageError('trace needs at least one FILE.in')
    const version = engineVersion(values.engine)
    for (const file of positionals) {
      const lines = traceOf(file, version)
      if (values.out === undefined) output.write(lines)
      else writeResult(values.out, `${stem(file, '.in')}.out`, lines)
    }
  },
}

function traceOf(file: string, version: 'v6' | 'v4'): string {
  const input = readText(file).split('\n')
  try {
    return Array.from(runTrace(input, version), line => `${line}\n`).join('')
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`${file}: ${error.message}`, error)
    throw error
  }
}
