import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellOf, Guard } from '../lib/cells.ts'
import { Owner } from '../lib/owners.ts'
import { NOTHING_KNOWN } from '../simulation/layer-stretches.ts'
import { MapIndex } from '../simulation/map-index.ts'
import { makeScene, makeWindows, testPalette } from '../testing/map-scene.ts'
import { drawMap } from './draw-map.ts'
import { chooseLayout, clusterPoint } from './layout.ts'
import { MapPictures } from './map-picture.ts'
import { nearestMark } from './marks.ts'
import { cellRectOf } from './tile-pixels.ts'
import { fitLayout, type Viewport } from './viewport.ts'

const kinds = [
  Owner.free,
  Owner.guestData,
  Owner.compressedData,
  cellOf(Owner.activeL2, Guard.guarded),
  cellOf(Owner.refcountBlock, Guard.lost),
  cellOf(Owner.leaked, Guard.none, true),
] as const
const noise = (cluster: number) =>
  kinds[Math.imul(cluster ^ (cluster >> 7), 2654435761) >>> 28] ?? Owner.guestData

/** A view whose place is whole pixels, as the page makes them. */
const viewAt = (scale: number, left: number, top: number): Viewport => ({
  width: 200,
  height: 140,
  scale,
  x: left / scale,
  y: top / scale,
})

describe('MapPictures', () => {
  it('makes the picture that is drawn from scratch, however the view was moved before', () => {
    const cases = fc.record({
      count: fc.integer({ min: 1, max: 120 }),
      log2Scale: fc.double({ min: -8, max: 5, noNaN: true }),
      seed: fc.nat(),
      unit: fc.constantFrom(1, 2),
      moves: fc.array(fc.tuple(fc.integer({ min: -230, max: 230 }), fc.integer({ min: -30, max: 30 })), {
        minLength: 1,
        maxLength: 4,
      }),
    })
    fc.assert(
      fc.property(cases, ({ count, log2Scale, seed, unit, moves }) => {
        const scale = 2 ** log2Scale
        const at = clusterPoint(chooseLayout(count, 200 / 140), seed % (count * 4096))
        let left = Math.round(at.x * scale) - 100
        let top = Math.round(at.y * scale) - 70
        const palette = testPalette()
        const windows = makeWindows(count, window => window % 5)
        const pictures = new MapPictures()
        let buffer: ArrayBuffer | undefined
        for (const [dx, dy] of [[0, 0] as const, ...moves]) {
          left += dx
          top += dy
          const viewport = viewAt(scale, left, top)
          const scene = makeScene(count, viewport, noise, windows)
          const { pixels } = pictures.draw(
            scene,
            1,
            { viewport, ratio: unit, small: undefined },
            palette,
            buffer,
          )
          const anew = drawMap(scene, viewport, palette, unit)
          expect(pixels.every((pixel, i) => pixel === anew.pixels[i])).toBe(true)
          buffer = pixels.buffer as ArrayBuffer
        }
      }),
      { numRuns: 30 },
    )
  })

  it('draws all anew when cells or colours have changed', () => {
    const viewport = viewAt(2, -10, -10)
    const pictures = new MapPictures()
    const draw = (revision: number, cell: number, layer: 'owner' | 'protection') => {
      const scene = makeScene(2, viewport, () => cell)
      const { pixels } = pictures.draw(
        scene,
        revision,
        { viewport, ratio: 1, small: undefined },
        testPalette(layer),
      )
      return pixels[70 * 200 + 100]
    }
    const l2 = cellOf(Owner.activeL2, Guard.guarded)
    const colours = [draw(1, Owner.guestData, 'owner'), draw(2, l2, 'owner'), draw(2, l2, 'protection')]
    expect(new Set(colours).size).toBe(3)
  })

  it('shows a single unguarded cluster of 16.7 million in the picture of the whole image', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 24 - 2 }), fc.constantFrom(900, 500, 120), (at, width) => {
        const runs = {
          count: 3,
          start: Float64Array.of(0, at, at + 1),
          owner: Uint8Array.of(Owner.guestData, Owner.activeL2, Owner.guestData),
          flags: new Uint8Array(3),
          end: 2 ** 24,
        }
        const index = new MapIndex(runs)
        const windows = makeWindows(4096)
        const input = { ...NOTHING_KNOWN, runs, checkedTypes: 255, canBuild: true }
        index.show({ input, windows, hasList: true })
        const height = Math.round(width / 1.6)
        const layout = chooseLayout(4096, 1.6)
        const viewport = fitLayout(layout, { width, height }, { top: 0, right: 0, bottom: 0, left: 0 }, 48)
        const palette = testPalette()
        const scene = {
          layout,
          windows,
          fileClusters: 2 ** 24,
          withoutList: undefined,
          hasUnguarded: true,
          cells: {
            tile: (window: number) => index.tile({ layer: 'owner' }, window),
            block: (level: number, block: number) => index.block({ layer: 'owner' }, level, block),
            windowCells: () => index.windowCells({ layer: 'owner' }),
          },
        }
        const picture = new MapPictures().draw(scene, 1, { viewport, ratio: 1, small: viewport }, palette)
        for (const { pixels } of [picture, picture.small!])
          expect(pixels.filter(pixel => pixel === palette.danger).length).toBeGreaterThanOrEqual(8)
        expect(picture.marks.total).toBe(1)
        const { x0, y0 } = cellRectOf(layout, viewport, at)
        expect(nearestMark(picture.marks, x0, y0, 0)?.place.window).toBe(Math.floor(at / 4096))
      }),
      { numRuns: 12 },
    )
  })
})
