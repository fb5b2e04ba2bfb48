/**
 * Whatever commands do, the list must know what would be entered if the image were opened again. It may know more
 * in one way: the original does not forget an active L2 table when a copy of it takes its place.
 */
import { readFileSync } from 'node:fs'
import { afterAll, expect, it } from 'vitest'
import { MemorySource } from '../disk/memory-source.ts'
import { Overlay } from '../disk/overlay.ts'
import { METADATA_TYPES, type TypeMask } from '../lib/metadata-types.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import { createEngine } from '../overlap/create-engine.ts'
import type { MetadataList } from '../overlap/metadata-list.ts'
import { runEnd, runStart, runTypes } from '../overlap/run-arena.ts'
import { openImage } from '../qcow2/open-image.ts'
import { openSequence } from '../qcow2/open-sequence.ts'
import { commandSequence, createOptions } from '../testing/command-sequences.ts'
import { ImageFolder, inPairs, mustRun } from '../testing/qemu.ts'
import { parseLine } from '../workload/commands/parse-script.ts'
import { CommandRunner } from '../workload/commands/run-command.ts'
import { Driver } from './driver.ts'

const folder = new ImageFolder()
afterAll(() => folder.remove())

/** Everything is checked, without limit. */
async function open(disk: Overlay): Promise<{ driver: Driver; engine: MetadataList }> {
  const image = await openImage(disk)
  const { clusterBits } = image.header
  const engine = createEngine({
    version: 'v6',
    clusterBits,
    checkedTypes: 255,
    fileSize: disk.size,
    bitmapSize: 65536n,
    totalSizeLimit: undefined,
  })!
  const { count, window, index, nbClusters, types, aligned } = await openSequence(image)
  for (let i = 0; i < count; i++)
    if (aligned[i]) engine.enter(window[i]!, index[i]!, nbClusters[i]!, types[i]!)
  return { driver: Driver.open(image, disk, { engine }), engine }
}

/** Types of every cluster that has some. */
function recorded(engine: MetadataList): Map<number, TypeMask> {
  const types = new Map<number, TypeMask>()
  for (const window of engine.usedWindows())
    for (const run of engine.runs(window))
      for (let cluster = runStart(run); cluster < runEnd(run); cluster++)
        types.set(window * WINDOW_CLUSTERS + cluster, runTypes(run))
  return types
}

/** What one list knows and the other does not: "cluster: types". */
function surplus(of: Map<number, TypeMask>, over: Map<number, TypeMask>): string[] {
  return Array.from(of, ([cluster, types]) => ({ cluster, types: types & ~(over.get(cluster) ?? 0) }))
    .filter(({ types }) => types !== 0)
    .map(({ cluster, types }) => {
      const names = METADATA_TYPES.filter(({ bit }) => types & bit).map(({ name }) => name)
      return `${cluster}: ${names.join(' ')}`
    })
}

async function compareAfterEach(seed: number): Promise<void> {
  const { geometry, commands } = commandSequence(seed)
  const path = `${folder.path}/books-${seed}.qcow2`
  await mustRun('qemu-img', [
    'create',
    '-q',
    '-f',
    'qcow2',
    '-o',
    createOptions(geometry),
    path,
    `${geometry.size}`,
  ])
  const { driver } = await open(new Overlay(new MemorySource(readFileSync(path))))
  const runner = new CommandRunner(driver, {
    device: 'drv0',
    discards: true,
    writesThrough: true,
    now: () => ({ seconds: 0, nanoseconds: 0 }),
    reopen: async disk => (await open(disk)).driver,
  })
  for (const line of [...commands, 'flush']) {
    // The original enters the tables of a new snapshot before it writes them: what is not flushed is refused.
    const outputs = []
    for (const command of [...parseLine('flush'), ...parseLine(line)]) outputs.push(await runner.run(command))
    // What a snapshot that failed half-way has entered stays.
    if (
      runner.driver.isClosed ||
      outputs.some(({ lines }) => lines.some(text => text.startsWith('qemu-img:')))
    )
      return
    const now = runner.driver.guard.engine as MetadataList
    const afresh = await open(runner.driver.disk.clone())
    const [known, wanted] = [recorded(now), recorded(afresh.engine)]
    expect([seed, line, surplus(wanted, known)]).toEqual([seed, line, []])
    const stale = surplus(known, wanted).filter(text => !text.endsWith(': activeL2'))
    expect([seed, line, stale]).toEqual([seed, line, []])
  }
}

it('the list knows what it would know if the image were opened again', async () => {
  await inPairs(
    Array.from({ length: 60 }, (_, i) => 500 + i),
    compareAfterEach,
  )
})
