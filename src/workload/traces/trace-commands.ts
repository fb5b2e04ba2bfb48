/** What a trace asks for, in the command language. */
import { formatCount } from '../../lib/sizes.ts'
import { UserError } from '../../lib/user-error.ts'
import type { TraceRequest } from './trace-format.ts'

const SECTOR = 512n
/** Longer requests become several: the block layer takes less than 2 GiB at once. */
const MOST_AT_ONCE = 2n ** 30n

export interface TraceOptions {
  /** The virtual disk's size in bytes. */
  readonly diskSize: bigint
  /** Whether reads become `read`; else they are left out. */
  readonly reads: boolean
}

/**
 * Commands that do what was asked, widened to whole sectors: a guest's disk knows nothing smaller.
 * @throws UserError for what is empty or goes beyond the disk
 */
export function traceCommands(request: TraceRequest, { diskSize, reads }: TraceOptions): string[] {
  if (request.kind === 'flush') return ['flush']
  const { kind, offset, length } = request
  if (length === 0n) throw new UserError(`a ${kind} of no bytes`)
  if (offset + length > diskSize)
    throw new UserError(
      `a ${kind} of ${formatCount(length)} bytes at ${formatCount(offset)} goes beyond the disk’s end`,
      { advice: `The disk has ${formatCount(diskSize)} bytes.` },
    )
  if (kind === 'read' && !reads) return []
  const verb = { read: 'read', write: 'write', discard: 'discard', zero: 'write -z' }[kind]
  const command = request.forceUnitAccess ? `${verb} -f` : verb
  const lines: string[] = []
  const end = smaller(((offset + length + SECTOR - 1n) / SECTOR) * SECTOR, diskSize)
  for (let at = (offset / SECTOR) * SECTOR; at < end; at += MOST_AT_ONCE)
    lines.push(`${command} ${at} ${smaller(MOST_AT_ONCE, end - at)}`)
  return lines
}

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b)
