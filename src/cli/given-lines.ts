/** The lines that `run` is given: a generated workload, then a trace, then commands. */
import { UserError } from '../lib/user-error.ts'
import type { WorkloadRequest } from '../workload/generators/index.ts'
import { readTrace, traceFormatOf } from '../workload/traces/read-trace.ts'
import type { TraceFormat } from '../workload/traces/trace-format.ts'
import { readText } from './files.ts'

export interface GivenLines {
  readonly workload: WorkloadRequest | undefined
  readonly trace: TraceFile | undefined
  /** Whether a trace's reads are carried out. */
  readonly reads: boolean
  readonly commands: readonly string[]
}

interface TraceFile {
  readonly text: string
  readonly format: TraceFormat
}

export interface GivenLine {
  readonly text: string
  /** Why it is no command, where that is known already. */
  readonly error?: UserError | undefined
}

/** @throws UserError where the file cannot be read or is no trace */
export function readTraceFile(file: string): TraceFile {
  const text = readText(file)
  const format = traceFormatOf(text)
  if (!format)
    throw new UserError(`${file}: this is no trace`, {
      advice: 'Understood are fio’s iolog, blkparse’s output, and CSV: time, offset, length, operation.',
    })
  return { text, format }
}

/** @param diskSize bytes: nothing of workload and trace goes beyond */
export function* givenLines(
  { workload, trace, reads, commands }: GivenLines,
  diskSize: bigint,
): Generator<GivenLine> {
  if (workload) for (const text of workload.generator.lines({ ...workload, diskSize })) yield { text }
  if (trace) yield* readTrace(trace.text, trace.format, { diskSize, reads })
  for (const text of commands) yield { text }
}
