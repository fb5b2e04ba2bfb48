/** `replay`: runs of the whole QEMU, compared by their files. */
import { basename, dirname, join } from 'node:path'
import { parse, parseNumberAndBigInt, stringify } from 'lossless-json'
import { MemorySource } from '../disk/memory-source.ts'
import { UserError } from '../lib/user-error.ts'
import type { ReplayCase } from '../simulation/replay.ts'
import { parseArguments } from './arguments.ts'
import { type Command, UsageError } from './command.ts'
import { readBytes, readText, writeResult } from './files.ts'
import { replayCase } from './replay-case.ts'

export const replayCommand: Command = {
  name: 'replay',
  usage: '[--out DIR] CASE.json …',
  summary:
    'replay recorded runs of QEMU; CASE.json each in DIR (or on standard output) with our own `expected`',
  async run(args, output) {
    const { values, positionals } = parseArguments(args, { out: { type: 'string' } })
    if (positionals.length === 0) throw new UsageError('replay needs at least one CASE.json')
    for (const file of positionals) {
      const text = `${stringify(await replayFile(file))}\n`
      if (values.out === undefined) output.write(text)
      else writeResult(values.out, basename(file), text)
    }
  },
}

async function replayFile(file: string): Promise<object> {
  const recorded = readCase(file)
  const image = readBytes(join(dirname(file), recorded.image))
  try {
    return { ...recorded, expected: await replayCase(new MemorySource(image), recorded) }
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`${file}: ${error.message}`, error)
    throw error
  }
}

/** @throws UserError if the file is not a case */
function readCase(file: string): ReplayCase & { readonly image: string } {
  const text = readText(file)
  let json: unknown
  try {
    json = parse(text, null, parseNumberAndBigInt)
  } catch (error) {
    throw new UserError(`${file}: not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  const { image, options, commands } = json as Record<string, unknown>
  if (typeof image !== 'string' || typeof options !== 'object' || !Array.isArray(commands))
    throw new UserError(`${file}: a case has "image", "options" and "commands"`)
  return json as ReplayCase & { readonly image: string }
}
