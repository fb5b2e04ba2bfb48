/** `bench`: the time of the engine calls of a trace alone. */
import { UserError } from '../lib/user-error.ts'
import { CallKind, type CallList, emptyCallList, makeCalls } from '../overlap/call-list.ts'
import { clustersTouched, positionOf } from '../overlap/position.ts'
import { ListCreationError } from '../overlap/create-engine.ts'
import type { MetadataList } from '../overlap/metadata-list.ts'
import { engineOfTrace, parseCall } from '../simulation/trace.ts'
import { engineVersion, parseArguments } from './arguments.ts'
import { type Command, UsageError } from './command.ts'
import { readText } from './files.ts'

export const benchCommand: Command = {
  name: 'bench',
  usage: '[--engine v6|v4] FILE.in …',
  summary: 'time the engine calls of traces: ops, nsPerOp, events, memUsage as JSON',
  async run(args, output) {
    const { values, positionals } = parseArguments(args, { engine: { type: 'string' } })
    if (positionals.length === 0) throw new UsageError('bench needs at least one FILE.in')
    const version = engineVersion(values.engine)
    for (const file of positionals) {
      const text = readText(file)
      // Two rehearsals, so that what is timed is compiled code, as in a run of any length.
      for (let i = 0; i < 2; i++) timeTrace(text, version)
      output.write(`${JSON.stringify(timeTrace(text, version))}\n`)
    }
  },
}

interface Timing {
  readonly ops: number
  readonly nsPerOp: number
  readonly events: number
  readonly memUsage: number
  /** Why there is no list, in the original's words: such a trace ends with its first line. */
  readonly error?: string
}

function timeTrace(text: string, version: 'v6' | 'v4'): Timing {
  try {
    return timeCalls(text, version)
  } catch (error) {
    if (!(error instanceof ListCreationError)) throw error
    return { ops: 0, nsPerOp: 0, events: 0, memUsage: 0, error: error.message }
  }
}

/** @throws ListCreationError, UserError */
function timeCalls(text: string, version: 'v6' | 'v4'): Timing {
  let events = 0
  const { engine, calls } = readTrace(text, version, repeats => (events += repeats))
  const start = process.hrtime.bigint()
  makeCalls(engine, calls)
  const nanoseconds = Number(process.hrtime.bigint() - start)
  return {
    ops: calls.count,
    nsPerOp: Math.round((nanoseconds / Math.max(1, calls.count)) * 100) / 100,
    events,
    memUsage: engine.memUsage,
  }
}

const KINDS: Readonly<Record<string, number>> = {
  e: CallKind.enter,
  r: CallKind.remove,
  k: CallKind.check,
}

/** @throws UserError naming the line that is not a call */
function readTrace(
  text: string,
  version: 'v6' | 'v4',
  onEvents: (repeats: number) => void,
): { engine: MetadataList; calls: CallList } {
  const lines = text.split('\n').filter(line => line.trim() !== '')
  const [first = '', ...rest] = lines
    .map((line, i) => parseCall(line, i + 1))
    .filter(call => call.kind !== 'D')
  if (first === '' || first.kind !== 'C')
    throw new UserError('line 1: a trace starts with C, which makes the list')
  const clusterBits = Number(first.values[0])
  const engine = engineOfTrace(first.values, version, {
    limitReached: (_rule, _window, _length, repeats) => onEvents(repeats),
  })
  const calls = emptyCallList(rest.length)
  rest.forEach(({ kind, values: [offset = 0n, amount = 0n, types = 0n] }, i) => {
    const { window, index, aligned } = positionOf(offset, clusterBits)
    const given = Number(amount)
    calls.kind[i] = KINDS[kind]!
    calls.window[i] = window
    calls.index[i] = index
    calls.types[i] = Number(types)
    if (kind === 'k') calls.nbClusters[i] = clustersTouched(offset, amount, clusterBits)
    else if (kind === 'e') calls.nbClusters[i] = aligned ? given : 0
    else calls.nbClusters[i] = given + (aligned ? 0 : 1)
  })
  return { engine, calls }
}
