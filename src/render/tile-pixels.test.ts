import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseLayout, clusterPoint } from './layout.ts'
import { cellAtPixel, cellEdge, cellAt, cellRectOf, isDense, tilePixels, tileRect } from './tile-pixels.ts'
import type { Viewport } from './viewport.ts'

/** A view somewhere near a cluster of a map of some size, at any zoom. */
const views = fc
  .record({
    count: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 1_100_000 })),
    seed: fc.nat(),
    log2Scale: fc.double({ min: -8.5, max: 6, noNaN: true }),
    width: fc.integer({ min: 50, max: 900 }),
    height: fc.integer({ min: 50, max: 700 }),
    dx: fc.double({ min: 0.02, max: 0.98, noNaN: true }),
    dy: fc.double({ min: 0.02, max: 0.98, noNaN: true }),
  })
  .map(({ count, seed, log2Scale, width, height, dx, dy }) => {
    const layout = chooseLayout(count, width / height)
    const cluster = seed % (count * 4096)
    const scale = 2 ** log2Scale
    const at = clusterPoint(layout, cluster)
    const x = at.x - (dx * width) / scale
    const y = at.y - (dy * height) / scale
    const viewport: Viewport = { width, height, scale, x, y }
    return { layout, cluster, viewport }
  })

describe('clusters and pixels', () => {
  it('gives every cluster a pixel, which leads back to the cell it is in', () => {
    fc.assert(
      fc.property(views, ({ layout, cluster, viewport }) => {
        const rect = cellRectOf(layout, viewport, cluster)
        expect(rect.x1).toBeGreaterThan(rect.x0)
        expect(rect.y1).toBeGreaterThan(rect.y0)
        for (const [px, py] of [
          [rect.x0, rect.y0],
          [rect.x1 - 1, rect.y1 - 1],
        ] as const) {
          const place = cellAtPixel(layout, viewport, px, py)
          const { level } = tilePixels(layout, viewport)
          const within = cluster % 4096
          // Where several windows share the pixel, it leads to one of them.
          const shared = isDense(viewport)
            ? cellRectOf(layout, viewport, (place?.window ?? -1) * 4096)
            : undefined
          expect(shared ?? place).toEqual(
            shared
              ? rect
              : {
                  window: Math.floor(cluster / 4096),
                  level,
                  column: (within % 64) >> level,
                  row: (within >> 6) >> level,
                },
          )
        }
      }),
      { numRuns: 4000 },
    )
  })

  it('lets no two tiles share a pixel, and keeps the gutters of one width', () => {
    fc.assert(
      fc.property(views, ({ layout, cluster, viewport }) => {
        if (isDense(viewport)) return
        const tiles = tilePixels(layout, viewport)
        const window = Math.floor(cluster / 4096)
        const column = window % layout.columns
        const row = Math.floor(window / layout.columns)
        const here = tileRect(tiles, viewport, column, row)
        const right = tileRect(tiles, viewport, column + 1, row)
        const below = tileRect(tiles, viewport, column, row + 1)
        expect(right.x0).toBeGreaterThanOrEqual(here.x1)
        expect(below.y0).toBeGreaterThanOrEqual(here.y1)
        expect(Math.abs(right.x0 - here.x1 - tiles.gapX)).toBeLessThanOrEqual(viewport.scale < 1 ? 0 : 1)
        expect(here.x1 - here.x0).toBeGreaterThanOrEqual(tiles.cells)
        expect(here.y1 - here.y0).toBeGreaterThanOrEqual(tiles.cells)
      }),
      { numRuns: 2000 },
    )
  })

  it('counts a tile as visible wherever one of its pixels is', () => {
    fc.assert(
      fc.property(views, ({ layout, cluster, viewport }) => {
        const { x0, x1, y0, y1 } = cellRectOf(layout, viewport, cluster)
        const seen = x1 > 0 && y1 > 0 && x0 < viewport.width && y0 < viewport.height
        const { visible } = tilePixels(layout, viewport)
        const column = Math.floor(cluster / 4096) % layout.columns
        const row = Math.floor(Math.floor(cluster / 4096) / layout.columns)
        if (!seen) return
        expect(column).toBeGreaterThanOrEqual(visible.firstColumn)
        expect(column).toBeLessThanOrEqual(visible.lastColumn)
        expect(row).toBeGreaterThanOrEqual(visible.firstRow)
        expect(row).toBeLessThanOrEqual(visible.lastRow)
      }),
      { numRuns: 2000 },
    )
  })

  it('cuts a side into cells without gaps', () => {
    for (const side of [64, 65, 100, 127, 640]) {
      for (let pixel = 0; pixel < side; pixel++) {
        const cell = cellAt(0, side, 64, pixel)
        expect(cellEdge(0, side, 64, cell)).toBeLessThanOrEqual(pixel)
        expect(cellEdge(0, side, 64, cell + 1)).toBeGreaterThan(pixel)
      }
    }
  })

  it('asks for clusters one by one from a pixel a cluster on, and for whole windows far out', () => {
    const layout = chooseLayout(100, 1)
    const level = (scale: number) => tilePixels(layout, { width: 500, height: 500, x: 0, y: 0, scale }).level
    expect(level(8)).toBe(0)
    expect(level(1)).toBe(0)
    expect(level(0.9)).toBeGreaterThan(0)
    expect(level(0.04)).toBe(6)
  })
})
