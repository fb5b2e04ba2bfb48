/** The real QEMU's side of a comparison: commands given to qemu-io and qemu-img, a process for each batch. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { runTool } from './qemu.ts'

export interface Batch {
  /** `poke`: nobody's process, but bytes put into the file. */
  readonly tool: 'qemu-img' | 'qemu-io' | 'poke'
  readonly commands: readonly string[]
}

/** Cuts a sequence where one process ends and the next begins. */
export function batchesOf(commands: readonly string[]): Batch[] {
  const batches: { tool: Batch['tool']; commands: string[] }[] = []
  let open = false
  for (const command of commands) {
    if (command === 'reopen') open = false
    else if (/^(snapshot|resize|check|poke)\b/.test(command)) {
      batches.push({ tool: command.startsWith('poke') ? 'poke' : 'qemu-img', commands: [command] })
      open = false
    } else if (open) batches.at(-1)!.commands.push(command)
    else {
      batches.push({ tool: 'qemu-io', commands: [command] })
      open = true
    }
  }
  return batches
}

/** @returns what the commands printed, without times */
export async function runBatch(file: string, { tool, commands }: Batch): Promise<string[]> {
  if (tool === 'poke') {
    poke(file, commands[0]!)
    return []
  }
  if (tool === 'qemu-io') {
    const args = commands.flatMap(command => ['-c', command])
    const { stdout } = await runTool('qemu-io', ['-f', 'qcow2', ...args, file])
    return stdout
      .split('\n')
      .filter(line => line !== '')
      .map(line => line.replace(/( ops; ).*$/, '$1X'))
  }
  const [verb = '', ...args] = commands[0]!.split(' ')
  const { code, stdout, stderr } = await runTool('qemu-img', qemuImgArguments(verb, args, file))
  if (verb === 'check') return stdout.split('\n').filter(line => line !== '')
  return code === 0
    ? []
    : stderr.split('\n').filter(line => line.startsWith('qemu-img: ') && !line.includes('warning: '))
}

function qemuImgArguments(verb: string, args: readonly string[], file: string): string[] {
  if (verb === 'resize') return ['resize', '-q', '--shrink', '-f', 'qcow2', file, ...args]
  if (verb === 'check') return ['check', '-f', 'qcow2', ...args, file]
  return [verb, ...args, file]
}

/** `poke OFFSET HEX` */
function poke(file: string, command: string): void {
  const [, offset, hex = ''] = command.split(' ')
  const descriptor = openSync(file, 'r+')
  try {
    writeSync(descriptor, Buffer.from(hex, 'hex'), 0, hex.length / 2, Number(offset))
  } finally {
    closeSync(descriptor)
  }
}
