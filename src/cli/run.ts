/** `run`: an image opened under options, then commands; what QEMU would send and print, a line of JSON each. */
import { parse, parseNumberAndBigInt } from 'lossless-json'
import { Overlay } from '../disk/overlay.ts'
import type { ScanCall } from '../driver/corruption.ts'
import { UserError } from '../lib/user-error.ts'
import { corruptedEvent } from '../overlap/corrupted-event.ts'
import { parseOverlapOptions } from '../overlap/options.ts'
import { limitReachedEvent, qmpJson, type QmpValue } from '../overlap/qmp-event.ts'
import { timeAfter, timestampOf } from '../simulation/clock.ts'
import { ScanCosts } from '../simulation/scan-costs.ts'
import type { ScanFigures } from '../simulation/report.ts'
import type { LiveListener } from '../simulation/open-driver.ts'
import { engineState } from '../simulation/replay.ts'
import type { CommandOutput } from '../workload/commands/run-command.ts'
import { parseWorkload } from '../workload/generators/index.ts'
import { engineChoice, parseArguments } from './arguments.ts'
import { type Command, type Output, UsageError } from './command.ts'
import { CommandSession, type SessionOptions } from './command-session.ts'
import { type GivenLine, type GivenLines, givenLines, readTraceFile } from './given-lines.ts'
import { saveImage, withSyncImageFile } from './sync-image-file.ts'

const MOST_WRONG_SHOWN = 8

export const runCommand: Command = {
  name: 'run',
  usage:
    'IMAGE [--options JSON] [--engine v6|v4|mainline] [--device ID | --node-name N] [--open-unchecked] [--state] [-t writethrough|writeback] [--save OUT.qcow2] [--workload NAME[:count[:seed]]] [--trace FILE [--without-reads]] [-c COMMAND]…',
  summary:
    'open an image and run commands (qemu-io’s, snapshot, resize, poke, reopen, check), before them a generated workload, then a trace (fio’s, blkparse’s, CSV): QMP events, outputs, (with --state) the engine’s state after each, (with --engine mainline) what its checks cost, a line of JSON each',
  async run(args, output) {
    const { values, positionals } = parseArguments(args, {
      options: { type: 'string' },
      engine: { type: 'string' },
      device: { type: 'string' },
      'node-name': { type: 'string' },
      'open-unchecked': { type: 'boolean' },
      state: { type: 'boolean' },
      save: { type: 'string' },
      cache: { type: 'string', short: 't' },
      workload: { type: 'string' },
      trace: { type: 'string' },
      'without-reads': { type: 'boolean' },
      command: { type: 'string', short: 'c', multiple: true },
    })
    const [file, ...others] = positionals
    if (file === undefined || others.length > 0) throw new UsageError('run takes one IMAGE')
    if (values.device !== undefined && values['node-name'] !== undefined)
      throw new UsageError('--device and --node-name exclude each other: an event carries one of them')
    const blockdev = parseJson(values.options ?? '{}')
    const options: SessionOptions = {
      blockdev,
      run: {
        version: engineChoice(values.engine),
        device: values.device ?? (values['node-name'] === undefined ? 'drv0' : ''),
        nodeName: values['node-name'] ?? '',
        openUnchecked: values['open-unchecked'] ?? false,
      },
      // As in qemu-io, where `-d ignore` and `-t writeback` change that.
      discards: blockdev.discard !== 'ignore',
      writesThrough: cacheMode(values.cache) === 'writethrough',
    }
    const given: GivenLines = {
      workload: values.workload === undefined ? undefined : parseWorkload(values.workload),
      trace: values.trace === undefined ? undefined : readTraceFile(values.trace),
      reads: values['without-reads'] !== true,
      commands: values.command ?? [],
    }
    await withSyncImageFile(file, async disk => {
      const write = (value: QmpValue): void => output.write(`${qmpJson(value)}\n`)
      const scans = new ScanCosts()
      const listener = { ...tell(options, output), scanned: ({ cost }: ScanCall) => scans.add(cost) }
      const session = await CommandSession.open(new Overlay(disk), options, listener)
      const costs = (figures: ScanFigures) =>
        options.run.version === 'mainline' ? { scans: { ...figures } } : {}
      const state = (after: string): void => {
        if (values.state) write(engineState(after, session.engine, session.totalSizeLimit))
      }
      state('blockdev-add')
      const wrong: string[] = []
      for (const line of givenLines(given, session.virtualSize)) {
        scans.beginCommand()
        const { lines, error } = await carryOut(session, line, wrong)
        const answer = { type: 'cmd', cmd: line.text, output: lines, ...costs(scans.last) }
        write(error ? { ...answer, error: { ...error } } : answer)
        state(line.text)
      }
      session.close()
      if (options.run.version === 'mainline') write({ type: 'scans', ...scans.total })
      if (values.save !== undefined) await saveImage(session.disk, values.save, file)
      if (wrong.length > 0) throw new UserError(`not understood: ${firstOf(wrong)}`)
    })
  },
}

/** @throws UsageError */
function cacheMode(text = 'writethrough'): string {
  if (text === 'writethrough' || text === 'writeback') return text
  throw new UsageError(`-t takes writethrough or writeback, not '${text}'`)
}

/** A line that is no command says so, and stops nothing else. @param wrong where such lines are kept */
async function carryOut(
  session: CommandSession,
  { text, error: known }: GivenLine,
  wrong: string[],
): Promise<CommandOutput> {
  try {
    if (known) throw known
    return await session.run(text)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    wrong.push(text)
    return { lines: [error.message, ...(error.advice === undefined ? [] : [error.advice])] }
  }
}

/** The lines themselves are in the output: of very many wrong ones the first are enough. */
function firstOf(wrong: readonly string[]): string {
  const more = wrong.length - MOST_WRONG_SHOWN
  return wrong.slice(0, MOST_WRONG_SHOWN).join('; ') + (more > 0 ? `; and ${more} more lines` : '')
}

/** Writes every event as QEMU sends it. */
function tell({ run }: SessionOptions, output: Output): LiveListener {
  const start = timestampOf(Date.now())
  return {
    limitReached(range, step) {
      const reference = run.device || run.nodeName
      output.write(`${qmpJson(limitReachedEvent(reference, range, timeAfter(start, step)))}\n`)
    },
    corrupted(corruption, step) {
      output.write(`${qmpJson(corruptedEvent(run, corruption, timeAfter(start, step)))}\n`)
    },
  }
}

/** @throws UserError, UsageError if it is not a JSON object of options */
function parseJson(text: string): { readonly [key: string]: unknown } {
  let json: unknown
  try {
    json = parse(text, null, parseNumberAndBigInt)
  } catch (error) {
    throw new UsageError(`--options is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new UsageError('--options takes a JSON object, as in {"overlap-check": "cached"}')
  parseOverlapOptions(json as { readonly [key: string]: unknown })
  return json as { readonly [key: string]: unknown }
}
