/** `run`: an image opened under options; what QEMU would send, a line of JSON each. */
import { parse, parseNumberAndBigInt } from 'lossless-json'
import { UserError } from '../lib/user-error.ts'
import { parseOverlapOptions } from '../overlap/options.ts'
import { qmpJson } from '../overlap/qmp-event.ts'
import { timestampOf } from '../simulation/clock.ts'
import { engineState } from '../simulation/replay.ts'
import type { RunOptions } from '../simulation/report.ts'
import { Session } from '../simulation/session.ts'
import { engineVersion, parseArguments } from './arguments.ts'
import { type Command, UsageError } from './command.ts'
import { withImageFile } from './image-file.ts'

export const runCommand: Command = {
  name: 'run',
  usage: 'IMAGE [--options JSON] [--engine v6|v4] [--device ID | --node-name N] [--open-unchecked] [--state]',
  summary: 'open an image: its QMP events, then (with --state) the engine’s state, a line of JSON each',
  async run(args, output) {
    const { values, positionals } = parseArguments(args, {
      options: { type: 'string' },
      engine: { type: 'string' },
      device: { type: 'string' },
      'node-name': { type: 'string' },
      'open-unchecked': { type: 'boolean' },
      state: { type: 'boolean' },
    })
    const [file, ...others] = positionals
    if (file === undefined || others.length > 0) throw new UsageError('run takes one IMAGE')
    if (values.device !== undefined && values['node-name'] !== undefined)
      throw new UsageError('--device and --node-name exclude each other: an event carries one of them')
    const options: RunOptions = {
      ...parseOverlapOptions(parseJson(values.options ?? '{}')),
      version: engineVersion(values.engine),
      device: values.device ?? (values['node-name'] === undefined ? 'drv0' : ''),
      nodeName: values['node-name'] ?? '',
      openUnchecked: values['open-unchecked'] ?? false,
    }
    await withImageFile(file, async disk => {
      const session = await Session.open(disk, timestampOf(Date.now()))
      const { outcome } = session.runUnder(options)
      for (const line of session.logLines()) output.write(`${line}\n`)
      if (outcome.kind === 'refused') throw new UserError(outcome.error)
      if (values.state)
        output.write(`${qmpJson(engineState('blockdev-add', session.run.engine, options.totalSizeLimit))}\n`)
    })
  },
}

/** @throws UserError, UsageError if it is not a JSON object */
function parseJson(text: string): { readonly [key: string]: unknown } {
  let json: unknown
  try {
    json = parse(text, null, parseNumberAndBigInt)
  } catch (error) {
    throw new UsageError(`--options is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new UsageError('--options takes a JSON object, as in {"overlap-check": "cached"}')
  return json as { readonly [key: string]: unknown }
}
