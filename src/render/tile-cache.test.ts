import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellOf, Guard } from '../lib/cells.ts'
import { Owner } from '../lib/owners.ts'
import { reduceWindow } from '../testing/map-scene.ts'
import { chooseLayout } from './layout.ts'
import { blockOf, cellsPerWindow, TileCache, windowsPerBlock } from './tile-cache.ts'
import { visibleTiles } from './viewport.ts'
import { blocksOf, rangesOf, wantedBlocks } from './wanted-blocks.ts'

/** Cells that say which window they are of. */
const stamp = (window: number) => (window * 31 + 7) & 0xff
const block = (fill: number) => new Uint8Array(4096).fill(fill)

describe('TileCache', () => {
  it('never holds more than its bound, and drops what was not used for longest', () => {
    const cache = new TileCache(3)
    for (const number of [0, 1, 2]) cache.put(0, number, 1, block(number))
    cache.use(0, 0, 1)
    cache.put(0, 3, 1, block(3))
    expect(cache.size).toBe(3)
    expect(cache.blockCells(0, 1)).toBeUndefined()
    expect([0, 2, 3].map(number => cache.blockCells(0, number)?.[0])).toEqual([0, 2, 3])
  })

  it('keeps blocks of an older revision to draw with, and says that they are old', () => {
    const cache = new TileCache(3)
    cache.put(2, 0, 1, block(7))
    expect(cache.use(2, 0, 1)).toBe(true)
    expect(cache.use(2, 0, 2)).toBe(false)
    expect(cache.windowCells(2, 0)?.cells[0]).toBe(7)
  })

  it('draws with coarser cells, or finer ones reduced to the most severe, until the right ones come', () => {
    const lost = cellOf(Owner.activeL2, Guard.lost)
    const clusters = (within: number) => (within === 1234 ? lost : Owner.guestData)
    const coarse = new TileCache(2)
    coarse.put(3, 0, 1, reduceWindow(clusters, 3))
    expect(coarse.windowCells(1, 0)).toMatchObject({ side: 8 })
    const fine = new TileCache(2)
    fine.put(0, 0, 1, reduceWindow(clusters, 0))
    const reduced = fine.windowCells(3, 0)
    expect(reduced?.side).toBe(8)
    expect(reduced?.cells.slice(0, 64)).toEqual(reduceWindow(clusters, 3))
    expect(fine.windowCells(3, 1)).toBeUndefined()
  })
})

describe('blocks and ranges', () => {
  it('asks for every visible window once, and puts each answer where it belongs', () => {
    const views = fc.record({
      count: fc.integer({ min: 1, max: 20_000 }),
      level: fc.integer({ min: 0, max: 6 }),
      x: fc.double({ min: -500, max: 9000, noNaN: true }),
      y: fc.double({ min: -500, max: 9000, noNaN: true }),
      span: fc.integer({ min: 10, max: 500 }),
    })
    fc.assert(
      fc.property(views, ({ count, level, x, y, span }) => {
        const layout = chooseLayout(count, 1.6)
        const visible = visibleTiles(layout, { width: span, height: span, scale: 1, x, y })
        const ranges = rangesOf(wantedBlocks(layout, visible, level), level, count)
        const answer: number[] = []
        for (const { first, count: windows } of ranges)
          for (let window = first; window < first + windows; window++)
            for (let i = 0; i < cellsPerWindow(level); i++) answer.push(stamp(window))
        const cache = new TileCache(10_000)
        for (const part of blocksOf(ranges, level, Uint8Array.from(answer)))
          cache.put(level, part.block, 1, part.cells)
        for (let row = visible.firstRow; row <= visible.lastRow; row++) {
          for (let column = visible.firstColumn; column <= visible.lastColumn; column++) {
            const window = row * layout.columns + column
            if (window >= count) continue
            const found = cache.windowCells(level, window)
            expect(found?.side).toBe(64 >> level)
            expect(found?.cells[found.offset]).toBe(stamp(window))
          }
        }
        for (const { first, count: windows } of ranges) expect(first + windows).toBeLessThanOrEqual(count)
      }),
      { numRuns: 60 },
    )
  })

  it('holds 4096 cells a block whatever the level', () => {
    for (let level = 0; level <= 6; level++) expect(windowsPerBlock(level) * cellsPerWindow(level)).toBe(4096)
    expect(blockOf(6, 4095)).toBe(0)
    expect(blockOf(6, 4096)).toBe(1)
  })
})
