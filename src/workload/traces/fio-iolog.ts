/**
 * fio's I/O log (--write_iolog), versions 2 and 3: "FILE ACTION OFFSET LENGTH", in version 3 with a timestamp before.
 * Described in fio's HOWTO under "Trace file format". Several files of a log become one disk.
 */
import { UserError } from '../../lib/user-error.ts'
import { type LineReader, type TraceFormat, type TraceRequest, traceNumber } from './trace-format.ts'

const HEADER = /^fio version (\d+) iolog$/
const KINDS = { read: 'read', write: 'write', trim: 'discard' } as const
/** What concerns no bytes: opening and closing, and waiting. */
const PASSED_OVER = ['add', 'open', 'close', 'wait']

export const FIO_IOLOG: TraceFormat = {
  name: 'fio iolog',
  recognizes: ([first = '']) => HEADER.test(first.trim()),
  reader(lines) {
    const version = HEADER.exec((lines.find(line => line.trim() !== '') ?? '').trim())?.[1]
    return version === '2' || version === '3' ? readerOf(version === '3' ? 1 : 0) : refuse(version)
  },
}

/** @param before words before the file's name */
function readerOf(before: number): LineReader {
  return line => {
    if (HEADER.test(line.trim())) return []
    const words = line.trim().split(/\s+/)
    if (before > 0) traceNumber(words[0], 'timestamp')
    const [, action = '', offset, length] = words.slice(before)
    return requestsOf(action, offset, length)
  }
}

function requestsOf(action: string, offset?: string, length?: string): readonly TraceRequest[] {
  if (PASSED_OVER.includes(action)) return []
  if (/^(data)?sync$/.test(action)) return [{ kind: 'flush' }]
  if (!Object.hasOwn(KINDS, action))
    throw new UserError(action ? `'${action}' is no action of fio's` : 'the action is missing', {
      advice: 'fio knows read, write, trim, sync, datasync, wait, add, open and close.',
    })
  const kind = KINDS[action as keyof typeof KINDS]
  return [{ kind, offset: traceNumber(offset, 'offset'), length: traceNumber(length, 'length') }]
}

/** Said once, of the header; what follows cannot be understood. */
function refuse(version: string | undefined): LineReader {
  return line => {
    if (!HEADER.test(line.trim())) return []
    throw new UserError(`version ${version} of fio's log is not known`, { advice: 'Versions 2 and 3 are.' })
  }
}
