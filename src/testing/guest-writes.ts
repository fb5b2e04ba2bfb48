/** Generated guest writes, given to the driver without a line of text between. */
import { Overlay } from '../disk/overlay.ts'
import { Driver } from '../driver/driver.ts'
import type { EngineCall } from '../driver/guard.ts'
import { requestFlush, requestWrite } from '../driver/requests.ts'
import type { Bytes } from '../lib/units.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import { CallKind, type CallList, emptyCallList } from '../overlap/call-list.ts'
import type { OverlapEngine } from '../overlap/engine.ts'
import { DEFAULT_OVERLAP_OPTIONS } from '../overlap/options.ts'
import { openImage } from '../qcow2/open-image.ts'
import { openSequence } from '../qcow2/open-sequence.ts'
import { runOpening } from '../simulation/opening-run.ts'
import { BLANK_RECIPE } from '../workload/blank-recipe.ts'
import type { Command } from '../workload/commands/command.ts'
import { parseLine } from '../workload/commands/parse-script.ts'
import { parseWorkload } from '../workload/generators/index.ts'
import { syntheticSource } from '../workload/synthetic-image.ts'

/** @param workload NAME:count. @returns its writes and flushes */
export function workloadCommands(workload: string, diskSize: Bytes): Command[] {
  const { generator, count, seed } = parseWorkload(workload)
  return [...generator.lines({ count, seed, diskSize: BigInt(diskSize) })].flatMap(parseLine)
}

/** A blank image, opened under the default options. @param guarded whether its driver asks the engine */
export async function openBlank(
  diskSize: Bytes,
  guarded: boolean,
): Promise<{ driver: Driver; engine: OverlapEngine }> {
  const disk = new Overlay(syntheticSource({ ...BLANK_RECIPE, virtualSize: diskSize }))
  const image = await openImage(disk)
  const { engine } = runOpening(
    { clusterBits: image.header.clusterBits, fileSize: disk.size, sequence: await openSequence(image) },
    { ...DEFAULT_OVERLAP_OPTIONS, version: 'v6', device: 'drv0', nodeName: '', openUnchecked: false },
  )
  if (!engine) throw new Error('the default options make a list')
  return { driver: Driver.open(image, disk, { engine: guarded ? engine : undefined }), engine }
}

/** Carries out writes and flushes; after each write everything is on the disk, as qemu-io has it. */
export function carryOut(driver: Driver, commands: readonly Command[]): void {
  for (const command of commands) {
    if (command.kind === 'write') {
      const length = Number(command.length)
      requestWrite(driver, Number(command.offset), { fill: command.pattern, length })
    }
    requestFlush(driver)
  }
}

/** The engine calls that commands make on a blank image, taken apart. */
export async function engineCallsOf(commands: readonly Command[], diskSize: Bytes): Promise<CallList> {
  const { driver } = await openBlank(diskSize, true)
  const made: EngineCall[] = []
  driver.guard.listener = call => made.push(call)
  carryOut(driver, commands)
  const list = emptyCallList(made.length)
  for (const [i, { kind, offset, clusters, types }] of made.entries()) {
    const cluster = Math.floor(offset / driver.geometry.clusterSize)
    list.kind[i] = CallKind[kind]
    list.window[i] = Math.floor(cluster / WINDOW_CLUSTERS)
    list.index[i] = cluster % WINDOW_CLUSTERS
    list.nbClusters[i] = clusters
    list.types[i] = types
  }
  return list
}
