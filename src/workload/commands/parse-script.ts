/**
 * Lines of commands, as they are typed, or pasted from one of QEMU's iotests:
 *
 *     write -P 0x11 64k 64k
 *     $QEMU_IO -c "write 0 64k" -c "discard 0 64k" "$TEST_IMG" | _filter_qemu_io
 *     $QEMU_IMG snapshot -c foo "$TEST_IMG"
 *     poke_file "$TEST_IMG" "$l1_offset_8" "\x80\x00"
 */
import { UserError } from '../../lib/user-error.ts'
import type { Command } from './command.ts'
import { parseCommand } from './parse-command.ts'
import { shellWords } from './shell-words.ts'

/** What one line of a script is: commands (none for comments and blank lines), or what is wrong with it. */
export interface ScriptLine {
  /** Counted from 1; of a continued line, its first. */
  readonly number: number
  readonly text: string
  readonly commands: readonly Command[]
  readonly error: UserError | undefined
}

/** Reads every line; a wrong one stops nothing else. */
export function parseScript(text: string): ScriptLine[] {
  const lines: ScriptLine[] = []
  const source = text.split(/\r?\n/)
  for (let at = 0; at < source.length; at++) {
    const number = at + 1
    let line = source[at]!
    while (line.endsWith('\\') && at + 1 < source.length)
      line = `${line.slice(0, -1)} ${source[++at]!.trim()}`
    try {
      lines.push({ number, text: line, commands: parseLine(line), error: undefined })
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      lines.push({ number, text: line, commands: [], error })
    }
  }
  return lines
}

/**
 * A line of an iotest is one process or several commands; a process opens the image anew, so that its commands
 * come behind a `reopen`: placement begins at the file's first free cluster again.
 * @throws UserError saying what is accepted
 */
export function parseLine(line: string): Command[] {
  const text = line.trim()
  if (text === '' || text.startsWith('#')) return []
  const first = /^\S+/.exec(text)![0]
  if (!/^["']?\$|^(qemu-(io|img)|poke_file|_check_test_img)$/.test(first))
    return [parseCommand(text.split(/\s+/))]
  return parseShellLine(text)
}

const REOPEN: Command = { kind: 'reopen', options: {} }

function parseShellLine(line: string): Command[] {
  const [tool = '', ...args] = shellWords(line)
  if (/^(\$\{?QEMU_IO(_PROG)?\}?|qemu-io)$/.test(tool)) return [REOPEN, ...qemuIoCommands(args)]
  if (/^(\$\{?QEMU_IMG(_PROG)?\}?|qemu-img)$/.test(tool)) return [REOPEN, qemuImgCommand(args)]
  if (tool === '_check_test_img') return [REOPEN, parseCommand(['check', ...args])]
  // Image, offset, bytes.
  if (tool === 'poke_file') return [parseCommand(['poke', ...args.slice(1)])]
  throw new UserError(`'${tool}' cannot be run here`, {
    advice:
      'Of an iotest, lines with $QEMU_IO, $QEMU_IMG snapshot|resize|check, poke_file and _check_test_img are understood.',
  })
}

function qemuIoCommands(args: readonly string[]): Command[] {
  const commands = args.filter((_, i) => args[i - 1] === '-c')
  if (commands.length === 0)
    throw new UserError('qemu-io is given no command', {
      advice: 'Accepted: $QEMU_IO -c "write 0 64k" … "$TEST_IMG".',
    })
  return commands.filter(text => text.trim() !== '').map(text => parseCommand(text.trim().split(/\s+/)))
}

function qemuImgCommand([verb = '', ...args]: readonly string[]): Command {
  if (verb === 'snapshot' || verb === 'check')
    return parseCommand([
      verb,
      ...args.filter((arg, i) => arg.startsWith('-') || /^-[cadr]$/.test(args[i - 1] ?? '')),
    ])
  // The size stands behind the image.
  if (verb === 'resize') return parseCommand([verb, ...args.filter(arg => !arg.startsWith('-')).slice(1)])
  throw new UserError(`'qemu-img ${verb}' cannot be run here`, {
    advice: 'Accepted: snapshot, resize, check.',
  })
}
