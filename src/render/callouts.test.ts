import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellOf, Guard } from '../lib/cells.ts'
import { Owner } from '../lib/owners.ts'
import { makeScene, testPalette } from '../testing/map-scene.ts'
import { calloutBox, chooseCallouts } from './callouts.ts'
import { drawMap } from './draw-map.ts'
import { visibleWindows } from './visible-windows.ts'
import { chooseLayout, layoutHeight, layoutWidth } from './layout.ts'
import type { Mark } from './marks.ts'
import type { Viewport } from './viewport.ts'

const mark = (x0: number, side = 2, window = 0): Mark => ({
  x0,
  y0: 0,
  x1: x0 + side,
  y1: side,
  cell: 0,
  place: { window, level: 0, column: 0, row: 0 },
})

const tile = { x0: 0, y0: 0, x1: 300, y1: 300 }
const choice = { ratio: 1, tileOf: () => tile }

const listed = (marks: Mark[]) => ({ total: marks.length, list: () => marks })

describe('chooseCallouts', () => {
  it('lets neighbours of one window share a box that holds them all', () => {
    const rects = chooseCallouts(listed([mark(0), mark(4), mark(200), mark(6, 2, 1)]), choice).map(
      ({ rect }) => rect,
    )
    expect(rects).toEqual([
      { x0: 0, y0: 0, x1: 6, y1: 2 },
      expect.objectContaining({ x0: 200, x1: 202 }),
      expect.objectContaining({ x0: 6, x1: 8 }),
    ])
  })

  it('draws none where cells are large, or where there are too many', () => {
    expect(chooseCallouts(listed([mark(0, 12)]), choice)).toEqual([])
    const many = Array.from({ length: 40 }, (_, i) => mark(i * 100))
    expect(chooseCallouts(listed(many), choice)).toEqual([])
  })

  it('boxes in nothing but a part of the window itself', () => {
    const cases = fc.record({
      count: fc.integer({ min: 1, max: 40 }),
      unguarded: fc.array(fc.nat(), { minLength: 1, maxLength: 8 }),
      ratio: fc.constantFrom(1, 2),
      width: fc.integer({ min: 200, max: 900 }),
    })
    let boxes = 0
    fc.assert(
      fc.property(cases, ({ count, unguarded, ratio, width }) => {
        const layout = chooseLayout(count, 1.5)
        const height = Math.round(width / 1.5)
        const scale = Math.min(width / layoutWidth(layout), height / layoutHeight(layout))
        const viewport: Viewport = { width, height, scale, x: 0, y: 0 }
        const wanted = new Set(unguarded.map(at => at % (count * 4096)))
        const scene = makeScene(count, viewport, at =>
          wanted.has(at) ? cellOf(Owner.activeL2, Guard.lost) : Owner.guestData,
        )
        const { marks } = drawMap(scene, viewport, testPalette(), ratio)
        const tiles = [...visibleWindows(scene.layout, viewport)].map(({ rect }) => rect)
        const callouts = chooseCallouts(marks, { ratio, tileOf: window => tiles[window] })
        for (const callout of callouts) {
          const box = calloutBox(callout, ratio)
          if (!box) continue
          boxes++
          const reached = tiles.filter(
            ({ x0, y0, x1, y1 }) => box.x0 < x1 && box.x1 > x0 && box.y0 < y1 && box.y1 > y0,
          )
          expect(reached).toEqual([callout.tile])
          expect(box.x0).toBeLessThanOrEqual(callout.rect.x0)
          expect(box.y1).toBeGreaterThanOrEqual(callout.rect.y1)
        }
      }),
      { numRuns: 60 },
    )
    expect(boxes).toBeGreaterThan(20)
  })

  it('only points at cells of tiles that have no room for a box', () => {
    const small = { x0: 0, y0: 0, x1: 20, y1: 20 }
    for (const tileOf of [() => small, () => undefined]) {
      const [callout] = chooseCallouts(listed([mark(4)]), { ratio: 1, tileOf })
      expect(callout && calloutBox(callout, 1)).toBeUndefined()
    }
  })
})
