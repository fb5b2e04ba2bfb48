/**
 * blkparse's default output, a line an event:
 *
 *       8,0    3        1     0.000000000   697  Q  WS 223490 + 8 [kjournald]
 *     device  cpu  number         seconds   pid  action, kind, sector + sectors [process]
 *
 * One request is told many times over, from being queued to being completed. Taken is how the guest asked for it:
 * queued (Q); of a trace without those, issued to the device (D), else completed (C).
 */
import { UserError } from '../../lib/user-error.ts'
import { type TraceFormat, type TraceRequest, traceNumber } from './trace-format.ts'

const EVENT = /^\s*\d+,\d+\s+\d+\s+\d+\s+\d+\.\d+\s+\d+\s+([A-Za-z]+)\s+(.*)$/
const ACTIONS = ['Q', 'D', 'C'] as const
/** What blkparse says at the end, when all events are told. */
const SUMMARY = /^(CPU\s*\d+ \(|Total \()/
const SECTOR = 512n

const actionOf = (line: string): string | undefined => EVENT.exec(line)?.[1]

export const BLKPARSE: TraceFormat = {
  name: 'blkparse',
  recognizes: lines => lines.slice(0, 20).some(line => EVENT.test(line)),
  reader(lines) {
    const present = new Set(lines.map(actionOf))
    const taken = ACTIONS.find(action => present.has(action))
    let isOver = false
    return line => {
      isOver ||= SUMMARY.test(line.trim())
      if (isOver) return []
      const [, action, rest = ''] = EVENT.exec(line) ?? []
      if (action === undefined)
        throw new UserError('this is no event of blkparse’s', {
          advice: 'Its default output is understood: "8,0 3 1 0.000000000 697 Q W 223490 + 8 [fio]".',
        })
      return action === taken ? requestsOf(rest) : []
    }
  },
}

/** @param text such as "FWFS 223490 + 8 [fio]" */
function requestsOf(text: string): readonly TraceRequest[] {
  const [kinds = '', sector, plus, sectors] = text.trim().split(/\s+/)
  // The kernel writes: F for a flush before, the operation, F for forced unit access, and hints.
  const [, flush = '', operation = '', flags = ''] = /^(F?)(WZ|[RWDN]?)([A-Z]*)$/.exec(kinds) ?? []
  const before: readonly TraceRequest[] = flush ? [{ kind: 'flush' }] : []
  // A flush alone has no sectors; "N" is a command that is neither read nor write.
  if (operation === 'N' || operation === '') {
    if (flush || operation === 'N') return before
    throw new UserError(`'${kinds}' is no kind of request`, { advice: 'Kinds are R, W, D and F.' })
  }
  if (plus !== '+' && flush) return before
  if (plus !== '+')
    throw new UserError(`'${text.trim()}' tells no "sector + sectors"`, { advice: 'As in "223490 + 8".' })
  const range = {
    offset: traceNumber(sector, 'sector') * SECTOR,
    length: traceNumber(sectors, 'count of sectors') * SECTOR,
  }
  if (operation === 'R') return [...before, { kind: 'read', ...range }]
  if (operation === 'D') return [...before, { kind: 'discard', ...range }]
  if (operation === 'WZ') return [...before, { kind: 'zero', ...range }]
  return [...before, { kind: 'write', ...range, forceUnitAccess: flags.includes('F') }]
}
