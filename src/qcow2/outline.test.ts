import { afterAll, expect, test } from 'vitest'
import { isMetadata, Owner } from '../lib/owners.ts'
import { SOUND_PLANS } from '../testing/image-plans.ts'
import { diskOfFile, ImageFolder } from '../testing/qemu.ts'
import { buildOwnerMap } from './build-owner-map.ts'
import { openImage } from './open-image.ts'
import type { OwnerRuns } from './owner-map.ts'

const folder = new ImageFolder()
afterAll(() => folder.remove())

/** Runs of metadata, as `start-end owner flags`. */
function metadataRuns({ count, start, owner, flags, end }: OwnerRuns): string[] {
  const found: string[] = []
  for (let run = 0; run < count; run++)
    if (isMetadata(owner[run]!))
      found.push(`${start[run]}-${run + 1 < count ? start[run + 1] : end} ${owner[run]} ${flags[run]}`)
  return found
}

test.each(SOUND_PLANS)('the outline of a sound image has all of its metadata: $name', async plan => {
  const image = await openImage(diskOfFile(await folder.make(plan)))
  let outline: OwnerRuns | undefined
  let tablesFollowed = 0
  const { runs } = await buildOwnerMap(image, {
    onOutline: known => {
      expect(tablesFollowed).toBe(0)
      outline = known
    },
    onProgress: done => void (tablesFollowed = done),
  })
  expect(metadataRuns(outline!)).toEqual(metadataRuns(runs))
  expect(outline!.end).toBe(runs.end)
  const others = new Set(outline!.owner.filter(owner => !isMetadata(owner)))
  expect([...others].every(owner => owner === Owner.free)).toBe(true)
})
