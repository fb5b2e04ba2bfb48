/** Our side of a comparison with the real QEMU: commands given to the simulated driver. */
import { MemorySource } from '../disk/memory-source.ts'
import { Overlay } from '../disk/overlay.ts'
import { Driver } from '../driver/driver.ts'
import { createEngine } from '../overlap/create-engine.ts'
import { DEFAULT_OVERLAP_OPTIONS } from '../overlap/options.ts'
import { openImage } from '../qcow2/open-image.ts'
import { openSequence } from '../qcow2/open-sequence.ts'
import { parseLine } from '../workload/commands/parse-script.ts'
import { CommandRunner } from '../workload/commands/run-command.ts'
import type { BatchRunner } from './compare-with-qemu.ts'
import type { Batch } from './qemu-run.ts'

/** Opens the image as a process does, runs the batch, and closes it. */
export const simulatedBatch: BatchRunner = async (image, { tool, commands }) => {
  if (tool === 'poke') return { output: [], image: poked(image, commands[0]!) }
  const runner = await simulatedRunner(new Overlay(new MemorySource(image)))
  const output: string[] = []
  for (const command of commands.flatMap(parseLine)) output.push(...(await runner.run(command)).lines)
  runner.close()
  const { disk: result } = runner.driver
  return { output: comparable(tool, commands, output), image: Buffer.from(result.readSync(0, result.size)) }
}

/** Opens an image for commands. */
export const simulatedRunner = async (disk: Overlay): Promise<CommandRunner> =>
  new CommandRunner(await openDriver(disk), {
    device: 'drv0',
    discards: true,
    writesThrough: true,
    now: () => ({ seconds: 0, nanoseconds: 0 }),
    reopen: openDriver,
  })

/** The list of the 2015 series guards what QEMU's own check guards. */
async function openDriver(disk: Overlay): Promise<Driver> {
  const image = await openImage(disk)
  const { clusterBits } = image.header
  const engine = createEngine({
    ...DEFAULT_OVERLAP_OPTIONS,
    version: 'v6',
    clusterBits,
    fileSize: disk.size,
  })
  const { count, window, index, nbClusters, types, aligned } = await openSequence(image)
  for (let i = 0; i < count; i++)
    if (aligned[i]) engine?.enter(window[i]!, index[i]!, nbClusters[i]!, types[i]!)
  return Driver.open(image, disk, { engine })
}

function poked(image: Buffer, line: string): Buffer {
  const copy = Buffer.from(image)
  for (const command of parseLine(line)) if (command.kind === 'poke') copy.set(command.bytes, command.offset)
  return copy
}

/** As runBatch gives the real one's: of qemu-img's other commands only what went wrong. */
function comparable(tool: Batch['tool'], commands: readonly string[], lines: readonly string[]): string[] {
  if (tool === 'qemu-io') return [...lines]
  // Failures are written on stderr, which is not compared here.
  if (commands[0]!.startsWith('check'))
    return lines.filter(line => line !== '' && !line.startsWith('qemu-img: '))
  return lines.filter(line => line.startsWith('qemu-img: '))
}
