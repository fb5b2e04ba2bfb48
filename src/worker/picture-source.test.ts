import { expect, test } from 'vitest'
import { Owner } from '../lib/owners.ts'
import { chooseLayout } from '../render/layout.ts'
import { testPalette } from '../testing/map-scene.ts'
import { outlineSource } from './picture-source.ts'
import { SessionPictures } from './session-pictures.ts'

test('an outline is drawn as far as it is known, up to the end of the file, and nothing in it is in danger', () => {
  const runs = {
    count: 3,
    start: Float64Array.of(0, 1, 5000),
    owner: Uint8Array.of(Owner.header, Owner.free, Owner.activeL1),
    flags: new Uint8Array(3),
    end: 5001,
  }
  const source = outlineSource(runs, 3 * 4096)
  expect(source.windows).toMatchObject({ count: 3, rows: 0 })
  const palette = testPalette()
  const viewport = { width: 400, height: 100, scale: 1.5, x: -8, y: -8 }
  const { pixels, marks } = new SessionPictures().draw(
    {
      type: 'picture',
      id: 1,
      run: 1,
      view: { layer: 'owner', layout: chooseLayout(3, 4), viewport, ratio: 1, small: undefined },
      palette,
    },
    source,
  )
  for (const owner of [Owner.header, Owner.activeL1]) expect(pixels).toContain(palette.flat[owner])
  expect(pixels).not.toContain(palette.danger)
  expect(marks.total).toBe(0)
})

test('an outline has a window at least, and as many as the tables reach over the end of the file', () => {
  const empty = {
    count: 0,
    start: new Float64Array(),
    owner: new Uint8Array(),
    flags: new Uint8Array(),
    end: 0,
  }
  expect(outlineSource(empty, 0).windows.count).toBe(1)
  const far = {
    ...empty,
    count: 1,
    start: Float64Array.of(0),
    owner: Uint8Array.of(Owner.header),
    flags: new Uint8Array(1),
  }
  expect(outlineSource({ ...far, end: 3 * 4096 + 1 }, 1).windows.count).toBe(4)
})
