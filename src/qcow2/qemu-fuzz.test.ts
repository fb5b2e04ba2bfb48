/** Images with random damage: our count of what is wrong against that of real qemu-img. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { UserError } from '../lib/user-error.ts'
import { diskOf, ImageFolder, type ImagePlan, landmarks, runTool } from '../testing/qemu.ts'
import { buildOwnerMap } from './build-owner-map.ts'
import { openImage } from './open-image.ts'
import type { OwnerMap } from './owner-map.ts'

const PLANS: readonly ImagePlan[] = [
  {
    name: 'mixed',
    size: '2M',
    options: 'cluster_size=4k',
    steps: [
      'write -P 1 0 100k',
      'write -c -P 2 200k 8k',
      ['snapshot', '-c', 'a', 'FILE'],
      'write -P 3 40k 80k',
      'write -z 300k 8k',
      ['bitmap', '--add', '-g', '512', 'FILE', 'b'],
    ],
  },
  {
    name: 'subclusters',
    size: '4M',
    options: 'cluster_size=16k,extended_l2=on,refcount_bits=8',
    steps: [
      'write 0 200k',
      'write 1M 2k',
      ['snapshot', '-c', 'a', 'FILE'],
      'write 16k 20k',
      'write -c 2M 16k',
    ],
  },
  {
    name: 'narrow',
    size: '256k',
    options: 'cluster_size=512,refcount_bits=2',
    steps: ['write 0 60k', ['snapshot', '-c', 'a', 'FILE'], 'write 10k 10k', 'write -z 100k 4k'],
  },
]

const ROUNDS = 60

const folder = new ImageFolder()
const images: Uint8Array[] = []
beforeAll(async () => {
  for (const plan of PLANS) images.push(readFileSync(await folder.make(plan)))
})
afterAll(() => folder.remove())

/** A small generator of its own (mulberry32), so that every failure can be had again by its number. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** Damages a few words of tables: every cluster but the first, where opening would already fail. */
function damaged(original: Uint8Array, random: (below: number) => number): Uint8Array {
  const bytes = new Uint8Array(original)
  const view = new DataView(bytes.buffer)
  const { clusterSize, l1Offset, refcountTableOffset, refcountBlockOffset, snapshotsOffset } = landmarks(view)
  const l2 = Number(view.getBigUint64(l1Offset) & 0x00fffffffffffe00n)
  const snapshotL1 = Number(view.getBigUint64(snapshotsOffset))
  const tables = [l1Offset, refcountTableOffset, refcountBlockOffset, l2, l2, snapshotL1]
  const clusters = Math.ceil(bytes.length / clusterSize)
  for (let n = 1 + random(3); n > 0; n--) {
    const at = tables[random(tables.length)]! + 8 * random(random(2) ? 8 : clusterSize / 8)
    if (at + 8 > bytes.length) continue
    const old = view.getBigUint64(at)
    const target = BigInt(random(clusters + 2)) * BigInt(clusterSize)
    const choices = [
      () => old ^ (1n << BigInt(random(64))),
      () => target,
      () => target | (1n << 63n),
      () => (old & 0xff00000000000fffn) | target,
      () => view.getBigUint64(tables[random(tables.length)]! + 8 * random(4)),
      () => 0n,
      () => (BigInt(random(2 ** 32)) << 32n) | BigInt(random(2 ** 32)),
      () => (1n << 62n) | (target + BigInt(random(clusterSize))),
    ]
    view.setBigUint64(at, BigInt.asUintN(64, choices[random(choices.length)]!()))
  }
  return bytes
}

async function ours(bytes: Uint8Array): Promise<OwnerMap | undefined> {
  try {
    return await buildOwnerMap(await openImage(diskOf(bytes)))
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

async function theirs(name: string, bytes: Uint8Array): Promise<Record<string, number> | undefined> {
  const file = join(folder.path, name)
  writeFileSync(file, bytes)
  const { stdout } = await runTool('qemu-img', ['check', '--output=json', file])
  return stdout.startsWith('{') ? (JSON.parse(stdout) as Record<string, number>) : undefined
}

test.concurrent.each(PLANS.map(({ name }, plan) => ({ name, plan })))(
  '$name image, damaged in many ways',
  { timeout: 120_000 },
  async ({ name, plan }) => {
    let compared = 0
    for (let round = 0; round < ROUNDS; round++) {
      const bytes = damaged(images[plan]!, randomFrom(1000 * plan + round))
      const owners = await ours(bytes)
      const check = await theirs(`${name}-damaged.qcow2`, bytes)
      if (!owners || !check) continue
      compared++
      const { corruptions, leaks } = owners
      expect([
        round,
        corruptions,
        leaks,
        owners.check.checkErrors,
        Number(owners.check.imageEndOffset),
      ]).toEqual([
        round,
        check['corruptions'] ?? 0,
        check['leaks'] ?? 0,
        check['check-errors'],
        check['image-end-offset'],
      ])
    }
    expect(compared).toBeGreaterThan(ROUNDS / 2)
  },
)
