/** The headless tool: `npm run -s overlapscope -- COMMAND …`. */
import { UserError } from '../lib/user-error.ts'
import { benchCommand } from './bench.ts'
import { type Command, type Output, UsageError } from './command.ts'
import { createCommand } from './create.ts'
import { inspectCommand } from './inspect.ts'
import { replayCommand } from './replay.ts'
import { runCommand } from './run.ts'
import { traceCommand } from './trace.ts'

const COMMANDS: readonly Command[] = [
  traceCommand,
  replayCommand,
  runCommand,
  inspectCommand,
  createCommand,
  benchCommand,
]

const EXIT = { done: 0, badInput: 1, usage: 2 } as const

/**
 * @param args without Node and script
 * @returns the exit status: 0 done, 1 the image or input is bad, 2 usage
 */
export async function runTool(args: string[], output: Output, errors: Output): Promise<number> {
  const [name, ...rest] = args
  if (name === '--help' || name === 'help') {
    output.write(usage())
    return EXIT.done
  }
  const command = COMMANDS.find(one => one.name === name)
  if (!command) {
    errors.write(name === undefined ? usage() : `overlapscope: no command '${name}'\n${usage()}`)
    return EXIT.usage
  }
  try {
    await command.run(rest, output)
    return EXIT.done
  } catch (error) {
    if (error instanceof UsageError) {
      errors.write(`overlapscope: ${error.message}\nusage: overlapscope ${command.name} ${command.usage}\n`)
      return EXIT.usage
    }
    if (!(error instanceof UserError)) throw error
    errors.write(`overlapscope: ${oneLine(error)}\n`)
    return EXIT.badInput
  }
}

/** What is wrong, where, and what to do, in one line. */
function oneLine({ message, offset, advice }: UserError): string {
  const where = offset === undefined ? '' : ` (at offset 0x${offset.toString(16)})`
  return [`${message}${where}`, advice].filter(Boolean).join('. ').replaceAll('\n', ' ')
}

const usage = (): string =>
  [
    'usage: overlapscope COMMAND …',
    ...COMMANDS.map(({ name, usage: args, summary }) => `  ${name} ${args}\n      ${summary}`),
    '',
  ].join('\n')
