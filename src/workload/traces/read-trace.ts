/** Traces of other programs as lines of commands, whatever their format. */
import { UserError } from '../../lib/user-error.ts'
import { parseLine, parseScript, type ScriptLine } from '../commands/parse-script.ts'
import { BLKPARSE } from './blkparse.ts'
import { CSV } from './csv.ts'
import { FIO_IOLOG } from './fio-iolog.ts'
import { traceCommands, type TraceOptions } from './trace-commands.ts'
import type { LineReader, TraceFormat } from './trace-format.ts'

/** The stricter before the more lenient. */
const FORMATS: readonly TraceFormat[] = [FIO_IOLOG, BLKPARSE, CSV]
/** So many lines are looked at to tell a format. */
const LINES_TO_TELL = 50

/** @returns the format that a text is in, judged by how it begins; undefined where it is no trace */
export function traceFormatOf(text: string): TraceFormat | undefined {
  const begin = text.slice(0, 64 * 1024).split(/\r?\n/)
  const lines = begin.filter(line => line.trim() !== '').slice(0, LINES_TO_TELL)
  return FORMATS.find(format => format.recognizes(lines))
}

/** The commands of a trace. A wrong line is among them with its number and what is wrong; it stops nothing else. */
export function* readTrace(text: string, format: TraceFormat, options: TraceOptions): Generator<ScriptLine> {
  const lines = text.split(/\r?\n/)
  const reader = format.reader(lines)
  for (const [at, line] of lines.entries())
    if (line.trim() !== '') yield* lineOf(line, at + 1, reader, options)
}

/** Lines that may be commands as well as a trace. */
export function readScriptOrTrace(text: string, options: TraceOptions): ScriptLine[] {
  const format = traceFormatOf(text)
  return format ? [...readTrace(text, format, options)] : parseScript(text)
}

function lineOf(line: string, number: number, read: LineReader, options: TraceOptions): ScriptLine[] {
  try {
    const commands = read(line).flatMap(request => traceCommands(request, options))
    return commands.map(text => ({ number, text, commands: parseLine(text), error: undefined }))
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const { message, advice } = error
    const skipped = new UserError(
      `Line ${number} is skipped: ${message}`,
      advice === undefined ? {} : { advice },
    )
    return [{ number, text: line.trim(), commands: [], error: skipped }]
  }
}
