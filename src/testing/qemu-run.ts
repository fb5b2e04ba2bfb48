/** The real QEMU's side of a comparison: commands given to qemu-io and qemu-img, a process for each batch. */
import { copyFileSync } from 'node:fs'
import { runTool } from './qemu.ts'

export interface Batch {
  readonly tool: 'qemu-img' | 'qemu-io'
  readonly commands: readonly string[]
}

/** Cuts a sequence where one process ends and the next begins. */
export function batchesOf(commands: readonly string[]): Batch[] {
  const batches: { tool: Batch['tool']; commands: string[] }[] = []
  let open = false
  for (const command of commands) {
    if (command === 'reopen') open = false
    else if (/^(snapshot|resize|check)\b/.test(command)) {
      batches.push({ tool: 'qemu-img', commands: [command] })
      open = false
    } else if (open) batches.at(-1)!.commands.push(command)
    else {
      batches.push({ tool: 'qemu-io', commands: [command] })
      open = true
    }
  }
  return batches
}

/** @returns what the commands printed, without times; `check` prints too much that only people read */
export async function runBatch(file: string, { tool, commands }: Batch): Promise<string[]> {
  if (tool === 'qemu-io') {
    const args = commands.flatMap(command => ['-c', command])
    const { stdout } = await runTool('qemu-io', ['-f', 'qcow2', ...args, file])
    return stdout
      .split('\n')
      .filter(line => line !== '')
      .map(line => line.replace(/( ops; ).*$/, '$1X'))
  }
  const [verb = '', ...args] = commands[0]!.split(' ')
  const { code, stderr } = await runTool('qemu-img', qemuImgArguments(verb, args, file))
  // Done, or refused in which words; the exit status of `check` tells what was found.
  if (verb === 'check') return [`check exited with ${code}`]
  return code === 0
    ? []
    : stderr.split('\n').filter(line => line.startsWith('qemu-img: ') && !line.includes('warning: '))
}

function qemuImgArguments(verb: string, args: readonly string[], file: string): string[] {
  if (verb === 'resize') return ['resize', '-q', '--shrink', '-f', 'qcow2', file, ...args]
  if (verb === 'check') return ['check', '-q', '-f', 'qcow2', ...args, file]
  return [verb, ...args, file]
}

/** A second file with the same bytes. */
export function copyImage(file: string): string {
  const copy = `${file}.copy`
  copyFileSync(file, copy)
  return copy
}
