import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellOf, Guard } from '../lib/cells.ts'
import { SEVERITIES } from '../lib/layer-severity.ts'
import { Owner } from '../lib/owners.ts'
import { WindowGrid } from '../simulation/window-grid.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { makeWindows, testPalette } from '../testing/map-scene.ts'
import { drawFar } from './draw-far.ts'
import { chooseLayout, layoutHeight, layoutWidth } from './layout.ts'
import { inksOf } from './inks.ts'
import type { CellSource, MapScene } from './map-scene.ts'
import { makePicture } from './picture.ts'

/** Some of them matter the same and look different: the first of those is seen. */
const kinds = [
  Owner.free,
  Owner.guestData,
  Owner.compressedData,
  cellOf(Owner.activeL2, Guard.none),
  cellOf(Owner.activeL2, Guard.guarded),
  cellOf(Owner.refcountBlock, Guard.lost),
  cellOf(Owner.leaked, Guard.none, true),
] as const

function listOf(count: number, seed: number, share: number) {
  const random = seededRandom(seed)
  const rows = Array.from({ length: count }, (_, window) => ({
    window,
    cell: kinds[Math.floor(random() * kinds.length)]!,
    refused: random() < 0.1 ? 1 : 0,
    isListed: random() < share,
  })).filter(({ isListed, cell, refused }) => isListed && (cell !== 0 || refused === 1))
  return {
    count: rows.length,
    window: Uint32Array.from(rows, ({ window }) => window),
    cell: Uint8Array.from(rows, ({ cell }) => cell),
    refused: Uint8Array.from(rows, ({ refused }) => refused),
  }
}

const cases = fc.record({
  count: fc.integer({ min: 1, max: 20_000 }),
  seed: fc.nat(),
  next: fc.nat(),
  share: fc.constantFrom(0.02, 0.6, 1),
  log2Pitch: fc.double({ min: -3, max: 2.3, noNaN: true }),
  dx: fc.double({ min: -0.3, max: 0.9, noNaN: true }),
  dy: fc.double({ min: -0.3, max: 0.9, noNaN: true }),
  layer: fc.constantFrom('owner', 'protection'),
})

describe('drawFar', () => {
  it('makes the same picture of a grid of all windows as of their list', () => {
    fc.assert(
      fc.property(cases, ({ count, seed, share, log2Pitch, dx, dy, layer }) => {
        const layout = chooseLayout(count, 1.5)
        const scale = 2 ** log2Pitch / 74
        const viewport = {
          width: 150,
          height: 100,
          scale,
          x: dx * layoutWidth(layout),
          y: dy * layoutHeight(layout),
        }
        const list = listOf(count, seed, share)
        const grid = new WindowGrid(count, layout.columns, SEVERITIES[layer])
        grid.show(list)
        const source: CellSource = {
          tile: () => undefined,
          block: () => ({ cells: new Uint8Array(0), unguarded: new Uint32Array(0), changes: 0 }),
          windowCells: () => list,
        }
        const pictures = [source, { ...source, windowGrid: () => grid }].map(cells => {
          const windows = makeWindows(0)
          const scene: MapScene = {
            layout,
            cells,
            windows,
            fileClusters: count * 4096,
            withoutList: undefined,
            hasUnguarded: true,
          }
          const picture = makePicture(viewport.width, viewport.height)
          drawFar(picture, scene, viewport, inksOf(testPalette(layer)))
          return picture.pixels
        })
        const [byList, byGrid] = pictures
        expect(byGrid!.findIndex((pixel, at) => pixel !== byList![at])).toBe(-1)
      }),
      { numRuns: 200 },
    )
  })
})

describe('WindowGrid', () => {
  it('is the same after any change as one that is made anew', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 0, max: 5 }), ({ count: all, seed, next, share }, changes) => {
        const count = 1 + (all % 500)
        const columns = chooseLayout(count, 1.5).columns
        const before = listOf(count, seed, share)
        const other = listOf(count, next, share)
        const after = { ...before, cell: before.cell.slice(), refused: before.refused.slice() }
        for (let i = 0; i < changes && before.count > 0; i++) {
          const at = (next + 37 * i) % before.count
          after.cell[at] = kinds[(next + i) % kinds.length]!
          after.refused[at] = i & 1
        }
        const grid = new WindowGrid(count, columns, SEVERITIES.owner)
        for (const list of [before, after, other]) {
          grid.show(list)
          const anew = new WindowGrid(count, columns, SEVERITIES.owner)
          anew.show(list)
          expect([grid.one, grid.two]).toEqual([anew.one, anew.two])
        }
      }),
      { numRuns: 60 },
    )
  })
})
