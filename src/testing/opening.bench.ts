/** Finding out who owns which cluster of a real image with 128 MiB of L2 tables, against `qemu-img check` on the same. */
import { spawnSync } from 'node:child_process'
import { NodeFileSource } from '../disk/node-file.ts'
import { viewOf } from '../simulation/view.ts'
import type { Benchmark } from './benchmark.ts'
import { ImageFolder, mustRun } from './qemu.ts'

let file: Promise<string> | undefined

/** A sparse file: its L2 tables are all there, and map holes. */
function makeFile(): Promise<string> {
  const folder = new ImageFolder()
  process.once('exit', () => folder.remove())
  return folder.make({ name: 'tables', size: '1T', options: 'preallocation=metadata,cluster_size=64k' })
}

const opening: Benchmark = {
  name: 'opening: 128 MiB of L2 tables',
  unit: 'opening',
  contestants: [
    {
      name: 'qemu-img check',
      async prepare() {
        await (file ??= makeFile())
      },
      async run() {
        await mustRun('qemu-img', ['check', '-q', await file!])
        return 1
      },
    },
    {
      name: 'opened and every table followed',
      async run() {
        const source = await NodeFileSource.open(await file!)
        const { owners } = await viewOf(source)
        await source.close()
        if (owners.problemCount > 0) throw new Error(owners.problems[0]?.message)
        return 1
      },
    },
  ],
}

const hasQemu = spawnSync('qemu-img', ['--version']).status === 0
if (!hasQemu) console.error(`No qemu-img here: "${opening.name}" is left out.`)

export const benchmarks: readonly Benchmark[] = hasQemu ? [opening] : []
