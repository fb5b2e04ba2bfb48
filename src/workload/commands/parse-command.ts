/** One command, as qemu-io takes it: `write -P 0x11 64k 64k`. */
import { UserError } from '../../lib/user-error.ts'
import type { Command } from './command.ts'
import { type Arguments, getopt, type Syntax, usageOf } from './getopt.ts'
import { bytesOf, lengthOf, patternOf, requireSectors, vectorOf } from './numbers.ts'

interface Definition extends Syntax {
  /** Other names it answers to. */
  readonly aliases?: readonly string[]
  readonly summary: string
  readonly read: (args: Arguments, syntax: Syntax) => Command
}

const RANGE = { min: 2, max: 2 }
const NONE = { min: 0, max: 0 }
const ONE = { min: 1, max: 1 }

/** Every command: for parsing, for completion, for help. */
export const COMMANDS: readonly Definition[] = [
  {
    name: 'write',
    aliases: ['w'],
    letters: 'cfnpP:quz',
    usage: '[-cfqz [-u]] [-P pattern] off len',
    operands: RANGE,
    summary: 'writes bytes at an offset',
    read: readWrite,
  },
  {
    name: 'read',
    aliases: ['r'],
    letters: 'l:pP:qs:',
    usage: '[-q] [-P pattern [-s off] [-l len]] off len',
    operands: RANGE,
    summary: 'reads bytes at an offset',
    read: readRead,
  },
  {
    name: 'discard',
    aliases: ['d'],
    letters: 'q',
    usage: '[-q] off len',
    operands: RANGE,
    summary: 'gives a range back',
    read: ({ options, operands: [offset = '', length = ''] }) => ({
      kind: 'discard',
      offset: bytesOf(offset),
      length: lengthOf(length),
      quiet: options.has('q'),
    }),
  },
  {
    name: 'flush',
    aliases: ['f'],
    letters: '',
    usage: '',
    operands: NONE,
    summary: 'writes all cached tables',
    read: () => ({ kind: 'flush', async: false }),
  },
  {
    name: 'aio_write',
    letters: 'fP:quz',
    usage: '[-fqz [-u]] [-P pattern] off len',
    operands: RANGE,
    summary: 'writes, as write does',
    read: readWrite,
  },
  {
    name: 'aio_read',
    letters: 'P:q',
    usage: '[-q] [-P pattern] off len',
    operands: RANGE,
    summary: 'reads, as read does',
    read: readRead,
  },
  {
    name: 'aio_flush',
    letters: '',
    usage: '',
    operands: NONE,
    summary: 'waits, and writes all cached tables',
    read: () => ({ kind: 'flush', async: true }),
  },
  {
    name: 'snapshot',
    letters: 'c:a:d:',
    usage: '-c|-a|-d NAME',
    operands: NONE,
    summary: 'creates, applies or deletes an internal snapshot',
    read: readSnapshot,
  },
  {
    name: 'snap-create',
    letters: '',
    usage: 'NAME',
    operands: ONE,
    summary: 'creates a snapshot, as QMP does',
    read: ({ operands: [name = ''] }) => ({ kind: 'snapshot', action: 'create', name, qmp: true }),
  },
  {
    name: 'snap-delete',
    letters: '',
    usage: 'NAME',
    operands: ONE,
    summary: 'deletes a snapshot, as QMP does',
    read: ({ operands: [name = ''] }) => ({ kind: 'snapshot', action: 'delete', name, qmp: true }),
  },
  {
    name: 'resize',
    letters: '',
    usage: 'SIZE',
    operands: ONE,
    summary: 'changes the virtual disk size',
    read: readResize,
  },
  {
    name: 'poke',
    letters: '',
    usage: 'OFFSET HEX',
    operands: { min: 2, max: Number.POSITIVE_INFINITY },
    summary: 'puts raw bytes into the file, unchecked',
    read: readPoke,
  },
  {
    name: 'reopen',
    letters: 'o:',
    usage: '[OPTION=VALUE,…]',
    operands: { min: 0, max: 1 },
    summary: 'closes and opens the image, perhaps with other options',
    read: ({ options, operands }) => ({
      kind: 'reopen',
      options: blockdevOptions(options.get('o') ?? operands[0] ?? ''),
    }),
  },
  {
    name: 'check',
    letters: 'r:',
    usage: '[-r leaks|all]',
    operands: NONE,
    summary: 'compares refcounts with references, and repairs them',
    read: readCheck,
  },
]

/**
 * @param words name and arguments
 * @throws UserError in qemu-io's words where it has any, saying what is accepted
 */
export function parseCommand(words: readonly string[]): Command {
  const [name = '', ...rest] = words
  const definition = COMMANDS.find(one => one.name === name || one.aliases?.includes(name))
  if (!definition)
    throw new UserError(`command "${name}" not found`, {
      advice: `Accepted: ${COMMANDS.map(one => one.name).join(', ')}.`,
    })
  return definition.read(getopt(rest, definition), definition)
}

function readWrite({ options, operands: [offset = '', length = ''] }: Arguments, { name }: Syntax): Command {
  const [zero, unmap, compressed, pattern] = [
    options.has('z'),
    options.has('u'),
    options.has('c'),
    options.get('P'),
  ]
  const together = 'cannot be specified at the same time'
  refuseIf(options.has('f') && compressed, `-f and -b or -c ${together}`)
  refuseIf(options.has('n') && !zero, '-n requires -z to be specified')
  refuseIf(unmap && !zero, '-u requires -z to be specified')
  const async = name === 'aio_write'
  // qemu-io's aio_write takes both, and writes zeros.
  refuseIf(
    zero && pattern !== undefined && !async,
    `Only one of -z, -P, and -s can be specified at the same time`,
  )
  const command: Command = {
    kind: 'write',
    pattern: pattern === undefined ? 0xcd : patternOf(pattern),
    offset: bytesOf(offset),
    length: async ? vectorOf(length) : lengthOf(length, ' without -n'),
    zero,
    unmap,
    compressed,
    forceUnitAccess: options.has('f'),
    quiet: options.has('q'),
    async,
  }
  if (compressed) {
    requireSectors(command.offset, 'offset')
    requireSectors(command.length, 'count')
  }
  return command
}

function readRead({ options, operands: [offset = '', length = ''] }: Arguments, syntax: Syntax): Command {
  const pattern = options.get('P')
  const [from, count] = [options.get('s'), options.get('l')]
  if (pattern === undefined && (from ?? count) !== undefined)
    throw new UserError('-s and -l say which part of the pattern is compared', { advice: usageOf(syntax) })
  const async = syntax.name === 'aio_read'
  const bytes = async ? vectorOf(length) : lengthOf(length)
  const start = from === undefined ? 0n : bytesOf(from)
  const compared = count === undefined ? bytes - start : bytesOf(count)
  refuseIf(compared < 0n || start + compared > bytes, 'pattern verification range exceeds end of read data')
  return {
    kind: 'read',
    offset: bytesOf(offset),
    length: bytes,
    verify: pattern === undefined ? undefined : { pattern: patternOf(pattern), start, length: compared },
    quiet: options.has('q'),
    async,
  }
}

function readSnapshot({ options }: Arguments, syntax: Syntax): Command {
  const [[letter, name] = ['', ''], ...others] = options
  const action = ({ c: 'create', a: 'apply', d: 'delete' } as const)[letter]
  if (!action || others.length > 0)
    throw new UserError('snapshot takes one of -c, -a and -d', { advice: usageOf(syntax) })
  return { kind: 'snapshot', action, name, qmp: false }
}

function readResize({ operands: [text = ''] }: Arguments, syntax: Syntax): Command {
  const size = bytesOf(text)
  if (size === 0n) throw new UserError('New image size must be positive', { advice: usageOf(syntax) })
  return { kind: 'resize', size }
}

function readPoke({ operands: [offset = '', ...hex] }: Arguments, syntax: Syntax): Command {
  const digits = hex.join('').replace(/^0x|\\x|\s/gi, '')
  if (!/^([0-9a-f]{2})+$/i.test(digits))
    throw new UserError(`'${hex.join(' ')}' is not a row of bytes`, {
      advice: `${usageOf(syntax)} HEX is two digits for each byte, as in poke 0x30000 8000000000050000.`,
    })
  const at = Number(bytesOf(offset))
  if (!Number.isSafeInteger(at + digits.length / 2))
    throw new UserError(`The offset ${offset} is past the end of any file`, { advice: usageOf(syntax) })
  return {
    kind: 'poke',
    offset: at,
    bytes: Uint8Array.from(digits.match(/../g)!, byte => Number(`0x${byte}`)),
  }
}

function readCheck({ options }: Arguments): Command {
  const repair = options.get('r')
  if (repair !== undefined && repair !== 'leaks' && repair !== 'all')
    throw new UserError("--repair expects 'leaks' or 'all', not '" + repair + "'", {
      advice: 'Accepted: check [-r leaks|all].',
    })
  return { kind: 'check', repair }
}

/** `a=b,c=d`, as QEMU's -o takes it; a value alone is a switch turned on. */
function blockdevOptions(text: string): Record<string, string> {
  const pairs = text.split(',').filter(pair => pair !== '')
  return Object.fromEntries(
    pairs.map(pair => [pair.split('=', 1)[0], pair.includes('=') ? pair.slice(pair.indexOf('=') + 1) : 'on']),
  )
}

function refuseIf(condition: boolean, message: string): void {
  if (condition) throw new UserError(message, { advice: 'Leave one of them out.' })
}
