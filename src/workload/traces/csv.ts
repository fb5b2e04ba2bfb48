/**
 * Comma-separated values (or semicolons, or tabs): time, offset, length, operation. A first line with names may put
 * the columns in another order and have others among them.
 */
import { UserError } from '../../lib/user-error.ts'
import { parseSize } from '../../lib/sizes.ts'
import type { LineReader, TraceFormat, TraceRequest } from './trace-format.ts'

interface Columns {
  readonly offset: number
  readonly length: number
  readonly operation: number
}

const PLAIN: Columns = { offset: 1, length: 2, operation: 3 }
const NAMES: Readonly<Record<keyof Columns, RegExp>> = {
  offset: /^offset( ?\(?bytes\)?)?$/i,
  length: /^(length|len|size|bytes)( ?\(?bytes\)?)?$/i,
  operation: /^(operation|op|type|action)$/i,
}

const KINDS: Readonly<Record<string, TraceRequest['kind']>> = {
  r: 'read',
  read: 'read',
  w: 'write',
  write: 'write',
  d: 'discard',
  discard: 'discard',
  trim: 'discard',
  unmap: 'discard',
  z: 'zero',
  zero: 'zero',
  f: 'flush',
  flush: 'flush',
  sync: 'flush',
}

export const CSV: TraceFormat = {
  name: 'CSV',
  recognizes: lines =>
    lines
      .filter(isContent)
      .slice(0, 5)
      .some(line => columnsOf(line) !== undefined || isRecord(line)),
  reader(lines) {
    const first = lines.find(isContent) ?? ''
    const named = columnsOf(first)
    const read = readerOf(named ?? PLAIN)
    let before = true
    return line => {
      if (!isContent(line)) return []
      const isHeader = before && named !== undefined
      before = false
      return isHeader ? [] : read(line)
    }
  },
}

const isContent = (line: string): boolean => line.trim() !== '' && !line.trim().startsWith('#')

/** Fields without quotes and blanks around them; none of those that count here can hold a separator. */
function fieldsOf(line: string): string[] {
  const separator = [';', '\t'].find(each => line.includes(each)) ?? ','
  return line.split(separator).map(field => field.trim().replace(/^"(.*)"$/, '$1'))
}

function columnsOf(line: string): Columns | undefined {
  const fields = fieldsOf(line)
  const find = (name: RegExp): number => fields.findIndex(field => name.test(field))
  const columns = {
    offset: find(NAMES.offset),
    length: find(NAMES.length),
    operation: find(NAMES.operation),
  }
  return Object.values(columns).includes(-1) ? undefined : columns
}

const kindOf = (text: string): TraceRequest['kind'] | undefined => {
  const name = text.toLowerCase()
  return Object.hasOwn(KINDS, name) ? KINDS[name] : undefined
}

const isRecord = (line: string): boolean => {
  const [time = '', , , operation = '', ...others] = fieldsOf(line)
  return /^[\d.:TZ+ -]+$/.test(time) && others.length < 16 && kindOf(operation) !== undefined
}

function readerOf(columns: Columns): LineReader {
  return line => {
    const fields = fieldsOf(line)
    const operation = fields[columns.operation] ?? ''
    const kind = kindOf(operation)
    if (kind === undefined)
      throw new UserError(operation ? `'${operation}' is no operation` : 'the operation is missing', {
        advice: 'A line is time, offset, length and read, write, discard, zero or flush.',
      })
    if (kind === 'flush') return [{ kind }]
    return [
      {
        kind,
        offset: parseSize(fields[columns.offset] ?? ''),
        length: parseSize(fields[columns.length] ?? ''),
      },
    ]
  }
}
