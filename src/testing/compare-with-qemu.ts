/** The simulated driver against the real QEMU: the same commands on the same image, compared byte for byte. */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type CommandSequence, createOptions } from './command-sequences.ts'
import { dumpDifference, dumpImage } from './image-dump.ts'
import { mustRun } from './qemu.ts'
import { type Batch, batchesOf, runBatch } from './qemu-run.ts'

/** Runs a batch on an image, and closes it as a process does. */
export type BatchRunner = (
  image: Buffer,
  batch: Batch,
) => Promise<{ readonly output: readonly string[]; readonly image: Buffer }>

export interface Difference {
  /** The batch after which the two differ. */
  readonly batch: Batch
  /** What QEMU has and ours has not, and the other way round. */
  readonly lines: readonly string[]
}

let files = 0

const isCorrupt = (image: Buffer): boolean => image.readUInt32BE(4) >= 3 && (image.readUInt32BE(76) & 2) !== 0

/**
 * @param folder for QEMU's image, which is removed again
 * @returns the first difference: in outputs, in the header, in any table or refcount, in the guest's data
 */
export async function compareWithQemu(
  folder: string,
  { geometry, commands }: CommandSequence,
  run: BatchRunner,
): Promise<Difference | undefined> {
  const file = join(folder, `compared-${process.pid}-${files++}.qcow2`)
  try {
    const options = ['-f', 'qcow2', '-o', createOptions(geometry)]
    await mustRun('qemu-img', ['create', '-q', ...options, file, `${geometry.size}`])
    let image: Buffer = readFileSync(file)
    for (const batch of batchesOf(commands)) {
      // QEMU's allocator has made it so; it only lets itself be repaired now.
      if (isCorrupt(image) && !batch.commands[0]!.startsWith('check')) continue
      const theirs = await runBatch(file, batch)
      const ours = await run(image, batch).catch((error: unknown) => ({
        output: [`thrown: ${error instanceof Error ? error.stack : String(error)}`],
        image,
      }))
      image = ours.image
      const lines = [
        ...dumpDifference(theirs, ours.output),
        ...dumpDifference(dumpImage(readFileSync(file)), dumpImage(image)),
      ]
      if (lines.length > 0) return { batch, lines }
    }
    return undefined
  } finally {
    rmSync(file, { force: true })
  }
}

/**
 * Leaves out commands as long as the sequence goes on failing.
 * @param attempts how many shorter sequences are tried at most
 * @returns the shortest that was found
 */
export async function shrinkSequence(
  sequence: CommandSequence,
  fails: (shorter: CommandSequence) => Promise<boolean>,
  attempts = 120,
): Promise<CommandSequence> {
  let { commands } = sequence
  let left = attempts
  for (let size = Math.ceil(commands.length / 2); size >= 1 && left > 0; ) {
    let removed = false
    for (let at = Math.floor((commands.length - 1) / size) * size; at >= 0 && left > 0; at -= size) {
      const shorter = [...commands.slice(0, at), ...commands.slice(at + size)]
      left--
      if (shorter.length < commands.length && (await fails({ ...sequence, commands: shorter }))) {
        commands = shorter
        removed = true
      }
    }
    if (size > 1) size = Math.ceil(size / 2)
    else if (!removed) break
  }
  return { ...sequence, commands }
}

/** A sequence as somebody can run it by hand, and what came out. */
export function describeDifference(
  name: string,
  sequence: CommandSequence,
  { batch, lines }: Difference,
): string {
  return [
    `${name}: qemu-img create -f qcow2 -o ${createOptions(sequence.geometry)} IMAGE ${sequence.geometry.size}`,
    ...sequence.commands.map(command => `  ${command}`),
    `differ after: ${batch.commands.join('; ')}`,
    ...lines.map(line => `  ${line}`),
  ].join('\n')
}
