import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellOf, Guard } from '../lib/cells.ts'
import { LAYERS } from '../lib/layers.ts'
import { Owner } from '../lib/owners.ts'
import { makeScene, makeWindows, testPalette } from '../testing/map-scene.ts'
import { drawFrame, frameGap } from './draw-frames.ts'
import { drawGround } from './draw-map.ts'
import { inksOf } from './inks.ts'
import { drawTile } from './draw-tile.ts'
import { chooseLayout, clusterPoint } from './layout.ts'
import { frameOf, isRefused, type MapScene, windowCells } from './map-scene.ts'
import { makePicture } from './picture.ts'
import { isFar, tilePixels } from './tile-pixels.ts'
import type { Viewport } from './viewport.ts'
import { visibleWindows } from './visible-windows.ts'

const kinds = [
  Owner.free,
  Owner.guestData,
  Owner.zeroData,
  Owner.compressedData,
  cellOf(Owner.leaked, Guard.none, true),
  cellOf(Owner.activeL2, Guard.guarded),
  cellOf(Owner.refcountBlock, Guard.lost),
  cellOf(Owner.guestData, Guard.none, true),
] as const

/** Windows of one kind with a few other cells, or of many kinds. */
const cellsOf = (seed: number, rarity: number) => (cluster: number) => {
  const window = Math.floor(cluster / 4096)
  const hash = Math.imul(cluster ^ seed ^ (cluster >> 7), 2654435761) >>> 0
  const isOther = window % 5 === 4 || hash % rarity === 0
  return kinds[isOther ? (hash >>> 16) % kinds.length : (window + seed) % kinds.length]!
}

/** Tile by tile, each of its cells in turn. */
function drawOneByOne(scene: MapScene, viewport: Viewport, layer: (typeof LAYERS)[number], unit: number) {
  const inks = inksOf(testPalette(layer))
  const picture = makePicture(viewport.width, viewport.height)
  picture.pixels.fill(inks.page)
  const { level, gapX, gapY } = tilePixels(scene.layout, viewport)
  for (const { window, rect } of visibleWindows(scene.layout, viewport)) {
    const content = windowCells(scene, level, window)!
    const cellsInFile = scene.fileClusters - window * 4096
    drawTile(picture, { rect, content, refused: isRefused(scene, window), cellsInFile }, inks, unit)
    const gap = frameGap({ gapX, gapY })
    if (gap > 0) drawFrame(picture, rect, gap, frameOf(scene, window), inks, unit)
  }
  return picture.pixels
}

describe('drawGround', () => {
  it('paints what is painted where each tile is drawn for itself', () => {
    const cases = fc.record({
      count: fc.integer({ min: 1, max: 60 }),
      seed: fc.nat(),
      rarity: fc.constantFrom(3, 7, 200, 100_000),
      log2Scale: fc.double({ min: -4.2, max: 5, noNaN: true }),
      unit: fc.constantFrom(1, 2, 3),
      missing: fc.constantFrom(0, 100, 5000),
      layer: fc.constantFrom(...LAYERS),
    })
    fc.assert(
      fc.property(cases, ({ count, seed, rarity, log2Scale, unit, missing, layer }) => {
        const size = { width: 170, height: 120 }
        const scale = 2 ** log2Scale
        const at = clusterPoint(chooseLayout(count, 170 / 120), seed % (count * 4096))
        const viewport = { ...size, scale, x: at.x - 85 / scale, y: at.y - 60 / scale }
        const windows = makeWindows(count, window => (window + seed) % 5)
        const cells = cellsOf(seed % 1000, rarity)
        const fileClusters = Math.max(1, count * 4096 - missing)
        const scene = { ...makeScene(count, viewport, cells, windows, layer), fileClusters }
        fc.pre(!isFar(scene.layout, viewport))
        const picture = makePicture(size.width, size.height)
        drawGround(picture, scene, viewport, inksOf(testPalette(layer)), unit)
        const expected = drawOneByOne(scene, viewport, layer, unit)
        expect(picture.pixels.findIndex((pixel, i) => pixel !== expected[i])).toBe(-1)
      }),
      { numRuns: 150 },
    )
  })

  it('leaves the picture alone where a tile lies beside it', () => {
    for (const [side, scale] of [
      [640, 10],
      [20, 0.3],
    ] as const) {
      const picture = makePicture(60, 40)
      picture.pixels.forEach((_, i) => {
        picture.pixels[i] = i % 251
      })
      const cells = Uint8Array.from({ length: scale > 1 ? 4096 : 256 }, (_, i) =>
        i % 3 ? Owner.guestData : 0,
      )
      const content = { cells, side: scale > 1 ? 64 : 16 }
      for (const x0 of [-side - 7, 61]) {
        const rect = { x0, y0: -3, x1: x0 + side, y1: side - 3 }
        drawTile(picture, { rect, content, refused: false, cellsInFile: 4096 }, inksOf(testPalette()), 1)
      }
      expect(picture.pixels.every((pixel, i) => pixel === i % 251)).toBe(true)
    }
  })
})
