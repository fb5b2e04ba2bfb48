import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UserError } from '../../lib/user-error.ts'
import { ImageFolder, mustRun, runTool } from '../../testing/qemu.ts'
import type { Command } from './command.ts'
import { parseLine, parseScript } from './parse-script.ts'
import { doneLines, mismatchLine } from './report-lines.ts'

const images = new ImageFolder()
let image = ''
beforeAll(async () => {
  image = await images.make({ name: 'plain', size: '16M' })
})
afterAll(() => images.remove())

/** What the real qemu-io says to a line that it does not take. */
const WRONG = [
  'write',
  'write 0',
  'write a 5',
  'write 0 5x',
  'write 99E 3',
  'write -P 300 0 512',
  'write -P zz 0 512',
  'write -P 08 0 512',
  'write -u 0 512',
  'write -zP3 0 512',
  'write -z -P 3 0 512',
  'write -c 1 512',
  'write -c 0 513',
  'write 0 3G',
  'write -z 0 3G',
  'write -f -c 0 64k',
  'write -n 0 64k',
  'write -P 0 0 -5',
  'write -x 0 512',
  'write 0 64k -P',
  'aio_write -c 0 512',
  'aio_write 0 2G',
  'aio_write -u 0 512',
  'aio_read 0',
  'aio_read 0 2G',
  'read 0 3G',
  'read -P 3 -s 600 0 512',
  'read -P 3 -l 600 0 512',
  'read 0 1 2 -y',
  'discard',
  'discard -x 0 512',
  'discard 0 3G',
  'flush 3',
  'frobnicate 0 5',
]

const parseError = (line: string): UserError => {
  try {
    parseLine(line)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error(`${line} was taken`)
}

describe('lines that qemu-io refuses', () => {
  it.each(WRONG)('%s: in its words', async line => {
    const { stdout, stderr } = await runTool('qemu-io', ['-f', 'qcow2', '-c', line, image])
    const { message, advice } = parseError(line)
    expect(`${stderr}${stdout}`.split('\n')[0]).toBe(message)
    expect(advice).toBeTruthy()
  })

  it.each([
    'write 0 1 2',
    'read -s 5 0 512',
    'snapshot -c',
    'snapshot -c a -d b',
    'resize',
    'poke 0 123',
    'poke 0 xy',
    'check -r most',
  ])('%s: says what is accepted', line => expect(parseError(line).advice).toMatch(/^Accepted|Accepted: /))
})

/** Lines it takes: what is printed for them has offset and length as both understood them. */
const TAKEN = [
  'write -P 0x11 64k 64k',
  'write 64k 1025 -P 017',
  'write -zu 0x10000 128k',
  'write -qz 0 64k',
  'w -cP7 512k 64K',
  'write -f -p 1.5M 3',
  'r 0 1.5k',
  'read -P 0xcd -s 1k -l 1k 0x180000 3k',
  'aio_write -P 9 3M 2M',
  'aio_read -P 9 3M 2M',
  'd 64k 64k',
  'discard -q 0 64k',
  'write 0 0',
]

function expectedLines(command: Command): string[] {
  if (command.kind !== 'write' && command.kind !== 'read' && command.kind !== 'discard') return []
  const verb = { write: 'wrote', read: 'read', discard: 'discard' } as const
  return command.quiet ? [] : doneLines(verb[command.kind], command.offset, command.length)
}

it.each(TAKEN)('%s: qemu-io and we mean the same range', async line => {
  // `-P` of the reads is another test's business.
  const [command] = parseLine(line)
  const { stdout } = await runTool('qemu-io', ['-f', 'qcow2', '-c', line, image])
  const lines = stdout
    .trimEnd()
    .split('\n')
    .filter(text => text !== '' && !text.startsWith('Pattern'))
  expect(lines.map(text => text.replace(/(\d ops; ).*/, '$1X'))).toEqual(expectedLines(command!))
})

it('names the range that does not match', async () => {
  const { stdout } = await runTool('qemu-io', ['-f', 'qcow2', '-c', 'read -P 5 -s 3 -l 4 8M 512', image])
  expect(stdout.split('\n')[0]).toBe(mismatchLine(8388611n, 4n))
})

it.each([1, 1000, 1024, 1025, 1536, 65535, 2 ** 20 - 1, 2 ** 20, 1234567, 3 * 2 ** 20])(
  'prints %d bytes as qemu-io does',
  async length => {
    const output = await mustRun('qemu-io', ['-f', 'qcow2', '-c', `read 0 ${length}`, image])
    expect(doneLines('read', 0n, BigInt(length))[1]).toBe(output.split('\n')[1]!.replace(/; .*/, '; X'))
  },
)

const WRITE: Command = {
  kind: 'write',
  offset: 0n,
  length: 65536n,
  pattern: 0xcd,
  zero: false,
  unmap: false,
  compressed: false,
  forceUnitAccess: false,
  quiet: false,
  async: false,
}
const REOPEN: Command = { kind: 'reopen', options: {} }

describe('parseLine', () => {
  it.each<[string, Command[]]>([
    ['', []],
    ['   # comment', []],
    ['snapshot -c foo', [{ kind: 'snapshot', action: 'create', name: 'foo', qmp: false }]],
    ['snap-delete n1', [{ kind: 'snapshot', action: 'delete', name: 'n1', qmp: true }]],
    ['resize 1.5G', [{ kind: 'resize', size: 1610612736n }]],
    ['poke 0x20 00ff', [{ kind: 'poke', offset: 32, bytes: Uint8Array.of(0, 255) }]],
    ['reopen', [REOPEN]],
    [
      'reopen -o overlap-check=all,overlap-structures.total-size-limit=64k,lazy-refcounts',
      [
        {
          kind: 'reopen',
          options: {
            'overlap-check': 'all',
            'overlap-structures.total-size-limit': '64k',
            'lazy-refcounts': 'on',
          },
        },
      ],
    ],
    ['check -r leaks', [{ kind: 'check', repair: 'leaks' }]],
    ['aio_flush', [{ kind: 'flush', async: true }]],
    [
      '$QEMU_IO -c "write 0 64k" -c \'flush\' "$TEST_IMG" | _filter_qemu_io',
      [REOPEN, WRITE, { kind: 'flush', async: false }],
    ],
    [
      '    $QEMU_IMG snapshot -a "two words" "$TEST_IMG" # back',
      [REOPEN, { kind: 'snapshot', action: 'apply', name: 'two words', qmp: false }],
    ],
    ['$QEMU_IMG resize --shrink "$TEST_IMG" 64k', [REOPEN, { kind: 'resize', size: 65536n }]],
    ['_check_test_img -r all', [REOPEN, { kind: 'check', repair: 'all' }]],
    [
      'poke_file "$TEST_IMG" "131084" "\\x80\\x00\\x7f"',
      [{ kind: 'poke', offset: 131084, bytes: Uint8Array.of(128, 0, 127) }],
    ],
  ])('%s', (line, commands) => expect(parseLine(line)).toEqual(commands))

  it('refuses what an iotest does besides', () => {
    expect(() => parseLine('$QEMU_IMG convert a b')).toThrow("'qemu-img convert' cannot be run here")
    expect(() => parseLine('$QEMU_NBD -t')).toThrow(UserError)
  })
})

it('a wrong line of a script is told with its number and stops nothing else', () => {
  const script = parseScript(
    '# start\nwrite 0 64k\nwrong\n$QEMU_IO -c "write 0 64k" \\\n  -c flush "$TEST_IMG"\nflush',
  )
  expect(script.map(({ number, commands, error }) => [number, commands.length, error?.message])).toEqual([
    [1, 0, undefined],
    [2, 1, undefined],
    [3, 0, 'command "wrong" not found'],
    [4, 3, undefined],
    [6, 1, undefined],
  ])
})
