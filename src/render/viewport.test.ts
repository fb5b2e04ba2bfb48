import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseLayout, layoutHeight, layoutWidth } from './layout.ts'
import { fitLayout, keepInSight, visibleTiles } from './viewport.ts'

const margins = { top: 30, right: 16, bottom: 16, left: 16 }
const cases = fc.record({
  count: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 1_000_000 })),
  width: fc.integer({ min: 100, max: 2000 }),
  height: fc.integer({ min: 100, max: 1500 }),
})

describe('fitLayout', () => {
  it('shows every tile, inside the margins, and touches them but for whole cells', () => {
    fc.assert(
      fc.property(cases, ({ count, width, height }) => {
        const layout = chooseLayout(count, width / height)
        const view = fitLayout(layout, { width, height }, margins, 100)
        const left = -view.x * view.scale
        const top = -view.y * view.scale
        const right = left + layoutWidth(layout) * view.scale
        const bottom = top + layoutHeight(layout) * view.scale
        expect(left).toBeGreaterThanOrEqual(margins.left - 1e-6)
        expect(top).toBeGreaterThanOrEqual(margins.top - 1e-6)
        expect(right).toBeLessThanOrEqual(width - margins.right + 1e-6)
        expect(bottom).toBeLessThanOrEqual(height - margins.bottom + 1e-6)
        const used = Math.max((right - left) / (width - 32), (bottom - top) / (height - 46))
        expect(used).toBeGreaterThan(view.scale === 100 ? 0 : 0.88)
        expect(visibleTiles(layout, view)).toEqual({
          firstColumn: 0,
          lastColumn: layout.columns - 1,
          firstRow: 0,
          lastRow: layout.rows - 1,
        })
        expect(keepInSight(view, layout, margins).x).toBeCloseTo(view.x, 6)
        expect(keepInSight(view, layout, margins).y).toBeCloseTo(view.y, 6)
      }),
    )
  })
})

describe('keepInSight', () => {
  it('never leaves a view without the grid, and leaves good ones alone', () => {
    const far = fc.double({ min: -1e6, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(cases, far, far, fc.double({ min: -7, max: 5, noNaN: true }), (size, x, y, log2) => {
        const layout = chooseLayout(size.count, size.width / size.height)
        const viewport = { width: size.width, height: size.height, scale: 2 ** log2, x, y }
        const kept = keepInSight(viewport, layout, margins)
        const { firstColumn, lastColumn, firstRow, lastRow } = visibleTiles(layout, kept)
        expect(lastColumn).toBeGreaterThanOrEqual(firstColumn)
        expect(lastRow).toBeGreaterThanOrEqual(firstRow)
        expect(keepInSight(kept, layout, margins)).toEqual(kept)
      }),
    )
  })
})
