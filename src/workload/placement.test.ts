/** The real qemu-img and qemu-io make the image that a recipe describes; every byte of metadata must agree. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { ImageFolder, mustRun } from '../testing/qemu.ts'
import { parseRecipe } from './parse-recipe.ts'
import { SegmentKind } from './segments.ts'
import { type SyntheticImage, syntheticSource } from './synthetic-image.ts'

let folder: ImageFolder
beforeAll(() => {
  folder = new ImageFolder()
})
afterAll(() => folder.remove())

const takenAt = (...shares: number[]) => shares.map(share => ({ name: `at ${share}`, at: share }))

const RECIPES: [string, object][] = [
  ['64k, empty', { virtualSize: '1G' }],
  ['64k, in order', { virtualSize: '40M', fill: { pattern: 'sequential', share: 0.9 } }],
  ['64k, version 2', { virtualSize: '40M', version: 2, fill: { pattern: 'sequential', share: 0.2 } }],
  [
    '64k, not a whole number of clusters',
    { virtualSize: 10_000_001, fill: { pattern: 'sequential', share: 1 } },
  ],
  [
    '64k, two snapshots',
    { virtualSize: '2G', fill: { pattern: 'every-nth', n: 300 }, snapshots: takenAt(0.3, 0.7) },
  ],
  [
    '4k, random',
    { virtualSize: '32M', clusterSize: '4k', fill: { pattern: 'random', share: 0.15 }, seed: 7 },
  ],
  [
    '4k, hot spots, snapshots',
    {
      virtualSize: '64M',
      clusterSize: '4k',
      fill: { pattern: 'hot-spots', share: 0.1, spots: 5 },
      snapshots: takenAt(0, 0.5, 0.5, 1),
    },
  ],
  ['2M, in order', { virtualSize: '100M', clusterSize: '2M', fill: { pattern: 'sequential', share: 0.2 } }],
  [
    '4k, refcounts of one bit',
    { virtualSize: '16M', clusterSize: '4k', refcountBits: 1, fill: { pattern: 'sequential', share: 0.3 } },
  ],
  [
    '512, the refcount table grows',
    { virtualSize: '4M', clusterSize: 512, refcountBits: 64, fill: { pattern: 'sequential', share: 0.6 } },
  ],
  [
    '512, the refcount table grows again and again',
    {
      virtualSize: '8M',
      clusterSize: 512,
      refcountBits: 64,
      fill: { pattern: 'random', share: 0.3 },
      snapshots: takenAt(0.1, 0.5, 0.9),
    },
  ],
  ['512, a long L1 table', { virtualSize: '1G', clusterSize: 512, refcountBits: 64 }],
  [
    '512, L2 and data in turn, snapshots',
    { virtualSize: '8M', clusterSize: 512, fill: { pattern: 'every-nth', n: 64 }, snapshots: takenAt(0.5) },
  ],
  ['64k, preallocated metadata', { virtualSize: '3G', preallocation: 'metadata' }],
  ['64k, preallocated metadata of 300 GiB', { virtualSize: '300G', preallocation: 'metadata' }],
  ['4k, preallocated metadata', { virtualSize: '50M', clusterSize: '4k', preallocation: 'metadata' }],
  [
    '512, preallocated metadata',
    { virtualSize: '3M', clusterSize: 512, refcountBits: 64, preallocation: 'metadata' },
  ],
  ['2M, preallocated metadata', { virtualSize: '5G', clusterSize: '2M', preallocation: 'metadata' }],
  ['64k, preallocated space', { virtualSize: '2G', preallocation: 'falloc' }],
  [
    '512, preallocated space',
    { virtualSize: '3M', clusterSize: 512, refcountBits: 64, preallocation: 'falloc' },
  ],
  [
    '4k, preallocated metadata, written, a snapshot, written',
    {
      virtualSize: '8M',
      clusterSize: '4k',
      preallocation: 'metadata',
      fill: { pattern: 'random', share: 0.4 },
      snapshots: takenAt(0.4, 0.8),
    },
  ],
  [
    '4k, preallocated space, a snapshot, written in order',
    {
      virtualSize: '8M',
      clusterSize: '4k',
      preallocation: 'falloc',
      fill: { pattern: 'sequential', share: 0.4 },
      snapshots: takenAt(0.5),
    },
  ],
]

test.concurrent.each(RECIPES)('%s', async (name, json) => {
  const image = syntheticSource(parseRecipe({ format: 'overlapscope-recipe', recipeVersion: 1, ...json }))
  const real = openSync(await makeWithQemu(name, image), 'r')
  expect(fstatSync(real).size).toBeLessThanOrEqual(image.size)
  const { clusterSize } = image.plan.geometry
  const different: number[] = []
  for (const { offset, bytes } of image.metadata()) {
    const theirs = readAt(real, offset, bytes.length)
    for (let at = 0; at < bytes.length; at += clusterSize)
      if (!theirs.subarray(at, at + clusterSize).equals(bytes.subarray(at, at + clusterSize)))
        different.push((offset + at) / clusterSize)
  }
  closeSync(real)
  expect(different.slice(0, 10)).toEqual([])
})

/** Bytes past the end of the file are zeros. */
function readAt(file: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  readSync(file, bytes, 0, length, offset)
  return bytes
}

/** As the plan says it was made: each stretch between two snapshots by one process, a cluster a write. */
async function makeWithQemu(name: string, image: SyntheticImage): Promise<string> {
  const { recipe, geometry, order, snapshots } = image.plan
  const options = [
    `cluster_size=${geometry.clusterSize}`,
    `compat=${geometry.version === 3 ? '1.1' : '0.10'}`,
    `refcount_bits=${geometry.refcountBits}`,
    `preallocation=${recipe.preallocation}`,
  ].join(',')
  const size = String(recipe.virtualSize)
  const file = await folder.make({ name, size, options })
  let time = 0
  const write = async (until: number) => {
    const commands: string[] = []
    order.stretches(time, until, (guest, _, count) => {
      for (let i = 0; i < count; i++) {
        const offset = (guest + i * order.step) * geometry.clusterSize
        const length = Math.min(geometry.clusterSize, Number(geometry.virtualSize) - offset)
        commands.push('-c', `write ${offset} ${length}`)
      }
    })
    time = until
    // Without flushes, which only cost time: nobody pulls the plug.
    if (commands.length) await mustRun('qemu-io', ['-t', 'unsafe', '-f', 'qcow2', ...commands, file])
  }
  for (const snapshot of snapshots) {
    await write(snapshot.time)
    await mustRun('qemu-img', ['snapshot', '-c', snapshot.name, file])
  }
  await write(order.count)
  useTheirDates(image, file)
  return file
}

/** When the snapshots were taken is the one thing that the recipe cannot foresee. */
function useTheirDates(image: SyntheticImage, file: string): void {
  const table = image.plan.snapshotTable
  if (!table) return
  const view = new DataView(table.bytes.buffer)
  const real = openSync(file, 'r')
  const theirs = readAt(real, table.start * image.plan.geometry.clusterSize, table.bytes.length)
  closeSync(real)
  for (let offset = 0; offset < table.bytes.length; ) {
    table.bytes.set(theirs.subarray(offset + 16, offset + 24), offset + 16)
    const length =
      40 + view.getUint32(offset + 36) + view.getUint16(offset + 12) + view.getUint16(offset + 14)
    offset += Math.ceil(length / 8) * 8
  }
}

test('what is not metadata is guest data or free', () => {
  const image = syntheticSource(
    parseRecipe({ format: 'overlapscope-recipe', recipeVersion: 1, virtualSize: '1G' }),
  )
  const { kind, count } = image.plan.segments
  expect(Array.from(kind.subarray(0, count))).toEqual([
    SegmentKind.header,
    SegmentKind.refcountTable,
    SegmentKind.refcountBlock,
    SegmentKind.activeL1,
  ])
})
