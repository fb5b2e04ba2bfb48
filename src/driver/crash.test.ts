/** What is in the file when the process dies in the middle: the real QEMU's file is the same. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { MemorySource } from '../disk/memory-source.ts'
import { DEFAULT_OVERLAP_OPTIONS } from '../overlap/options.ts'
import { openDriver } from '../simulation/open-driver.ts'
import { drive } from '../testing/driven-image.ts'
import { dumpDifference, dumpImage } from '../testing/image-dump.ts'
import { ImageFolder } from '../testing/qemu.ts'
import type { Driver } from './driver.ts'
import { closeImage } from './flush.ts'
import { requestFlush, requestWrite } from './requests.ts'

const folder = new ImageFolder()
afterAll(() => folder.remove())

const options = {
  ...DEFAULT_OVERLAP_OPTIONS,
  version: 'v6',
  device: 'drv0',
  nodeName: '',
  openUnchecked: false,
} as const
const silent = { limitReached: () => {}, corrupted: () => {} }

const DIRTY = 1
const incompatible = (file: Uint8Array): number => file[79]!

const kinds = ['lazy_refcounts=off', 'lazy_refcounts=on', 'compat=0.10'].flatMap(option =>
  [65536, 4096].map(clusterSize => ({ option, clusterSize })),
)

describe.each(kinds)('$option, clusters of $clusterSize', ({ option, clusterSize }) => {
  it.each(['killed', 'flushed, then killed', 'ended'])('%s', async how => {
    const file = await folder.make({
      name: `${option} ${clusterSize} ${how}`,
      size: '1G',
      options: `${option},cluster_size=${clusterSize}`,
    })
    const { driver } = (await drive(new MemorySource(new Uint8Array(readFileSync(file)))))!
    const real = `${file}.real`
    copyFileSync(file, real)
    const writes = [
      [0, 2 * clusterSize],
      [2 ** 28, 512],
      [clusterSize, 3 * clusterSize],
    ] as const
    for (const [offset, length] of writes) requestWrite(driver, offset, { fill: 7, length })
    const commands = writes.map(([offset, length]) => `write -P 7 ${offset} ${length}`)
    if (how === 'ended') closeImage(driver)
    if (how === 'flushed, then killed') {
      requestFlush(driver)
      commands.push('flush')
    }
    if (how !== 'ended') commands.push('sigraise 9')
    const io = ['-t', 'writeback', ...commands.flatMap(command => ['-c', command]), real]
    const { signal, status } = spawnSync('qemu-io', io)
    expect(how === 'ended' ? status : signal).toBe(how === 'ended' ? 0 : 'SIGKILL')

    expectSame(driver, real)
    const isDirty = option === 'lazy_refcounts=on' && how !== 'ended'
    expect(incompatible(readFileSync(real))).toBe(isDirty ? DIRTY : 0)

    // Whoever opens it next puts it right, or finds nothing to do.
    const { driver: next } = await openDriver(driver.disk, options, silent)
    closeImage(next!)
    expect(spawnSync('qemu-io', ['-c', 'read 0 512', real]).status).toBe(0)
    // (What is in clusters that are free is nobody's business: QEMU makes holes of some.)
    const ours = Buffer.from(next!.disk.readSync(0, next!.disk.size))
    expect(dumpDifference(dumpImage(readFileSync(real)), dumpImage(ours))).toEqual([])
    expect(incompatible(ours)).toBe(0)
  })
})

/** The real file may be longer: the host fills its last block. */
function expectSame({ disk }: Driver, real: string): void {
  const ours = disk.readSync(0, disk.size)
  const theirs = readFileSync(real)
  const padded = new Uint8Array(Math.max(theirs.length, ours.length))
  padded.set(ours)
  expect(Buffer.compare(theirs, padded.subarray(0, theirs.length))).toBe(0)
  expect(padded.subarray(theirs.length).every(byte => byte === 0)).toBe(true)
}
