/** Owners and guest map against what real QEMU says of the same images. */
import { afterAll, expect, test } from 'vitest'
import { Owner } from '../lib/owners.ts'
import { BROKEN_PLANS, SOUND_PLANS } from '../testing/image-plans.ts'
import { diskOfFile, ImageFolder, type ImagePlan, mustRun, qemuCheck } from '../testing/qemu.ts'
import { buildOwnerMap } from './build-owner-map.ts'
import type { Qcow2Image } from './image.ts'
import { type GuestExtent, mapGuest } from './map-guest.ts'
import { openImage } from './open-image.ts'
import type { OwnerMap } from './owner-map.ts'
import { resolveGuest } from './resolve-guest.ts'

const folder = new ImageFolder()
afterAll(() => folder.remove())

/** Our numbers under the names of `qemu-img check`, which leaves out some that are zero. */
const checkOf = (owners: OwnerMap) => ({
  corruptions: owners.corruptions,
  leaks: owners.leaks,
  'check-errors': owners.check.checkErrors,
  'image-end-offset': Number(owners.check.imageEndOffset),
  'total-clusters': Number(owners.check.totalClusters),
  'allocated-clusters': owners.check.allocatedClusters,
  'compressed-clusters': owners.check.compressedClusters,
  'fragmented-clusters': owners.check.fragmentedClusters,
})

async function expectCheck(plan: ImagePlan): Promise<{ file: string; image: Qcow2Image; owners: OwnerMap }> {
  const file = await folder.make(plan)
  const image = await openImage(diskOfFile(file))
  const owners = await buildOwnerMap(image)
  const theirs = await qemuCheck([file])
  const ours = checkOf(owners)
  expect(ours).toEqual(Object.fromEntries(Object.keys(ours).map(key => [key, theirs[key] ?? 0])))
  return { file, image, owners }
}

/** An extent in the words of `qemu-img map --output=json`. */
const words = ({ start, length, depth, present, zero, data, offset }: GuestExtent) => ({
  start: Number(start),
  length: Number(length),
  depth,
  present,
  zero,
  data,
  ...(offset === undefined ? {} : { offset: Number(offset) }),
})

test.concurrent.each(SOUND_PLANS)('$name', { timeout: 120_000 }, async plan => {
  const { file, image, owners } = await expectCheck(plan)
  expect(owners.problems).toEqual([])
  expect(owners.counts[Owner.leaked]).toBe(0)
  const extents: GuestExtent[] = []
  for await (const extent of mapGuest(image)) extents.push(extent)
  expect(extents.map(words)).toEqual(JSON.parse(await mustRun('qemu-img', ['map', '--output=json', file])))
  for (const extent of extents.filter(({ length }) => length > 0n)) {
    const last = extent.length - 1n
    const { kind, hostOffset } = await resolveGuest(image, extent.start + last)
    expect(kind).toBe(kindOf(extent))
    expect(extent.offset === undefined ? undefined : hostOffset).toBe(extent.offset && extent.offset + last)
  }
})

function kindOf({ data, present, compressed, offset }: GuestExtent): string {
  if (compressed) return 'compressed'
  if (data) return 'normal'
  if (!present) return 'unallocated'
  return offset === undefined ? 'zero' : 'zero-allocated'
}

test.concurrent.each(BROKEN_PLANS)('$name', { timeout: 120_000 }, async plan => {
  await expectCheck(plan)
})
