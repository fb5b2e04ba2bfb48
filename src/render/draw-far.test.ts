import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cellOf, Guard } from '../lib/cells.ts'
import { RefcountBucket } from '../lib/refcount-bucket.ts'
import { cellsOf, type WindowStretch } from '../lib/window-codes.ts'
import { makeScene, makeWindows, testPalette } from '../testing/map-scene.ts'
import { drawFar } from './draw-far.ts'
import { inksOf } from './inks.ts'
import type { CellSource } from './map-scene.ts'
import { makePicture } from './picture.ts'

const { noBlock, unknown, one } = RefcountBucket
const COUNT = 3000

/** What is drawn of windows from a source, at a place and from a distance. */
function drawn(source: Partial<CellSource>, scale: number, left: number, top: number): Uint8Array {
  const viewport = { width: 120, height: 80, scale, x: left / scale, y: top / scale }
  const scene = makeScene(COUNT, viewport, () => 0, makeWindows(COUNT), 'refcount')
  const picture = makePicture(viewport.width, viewport.height)
  drawFar(
    picture,
    { ...scene, cells: { ...scene.cells, ...source } },
    viewport,
    inksOf(testPalette('refcount')),
  )
  return picture.pixels
}

const listOf = (
  windows: readonly number[],
  cells: readonly number[],
  unlisted: readonly WindowStretch[],
) => ({
  count: windows.length,
  window: Uint32Array.from(windows),
  cell: Uint8Array.from(cells),
  refused: new Uint8Array(windows.length),
  unlisted,
})

const parts = fc.array(
  fc.record({
    gap: fc.nat(300),
    length: fc.integer({ min: 1, max: 900 }),
    cell: fc.constantFrom(noBlock, unknown),
  }),
  { maxLength: 8 },
)
const listed = fc.uniqueArray(fc.nat(COUNT - 1), { maxLength: 20 })

it('draws what is told by stretches as if each of its windows were listed', () => {
  fc.assert(
    fc.property(
      parts,
      listed,
      fc.constantFrom(0.004, 0.01, 0.03, 0.05),
      fc.integer({ min: -60, max: 200 }),
      fc.integer({ min: -40, max: 100 }),
      (gaps, chosen, scale, left, top) => {
        let end = 0
        const unlisted = gaps.flatMap(({ gap, length, cell }) => {
          const from = Math.min(COUNT, end + gap)
          end = Math.min(COUNT, from + length)
          return from < end ? [{ from, to: end, cell }] : []
        })
        const cell = cellOf(one, Guard.none)
        const some = [...chosen].sort((a, b) => a - b)
        const cellAt = cellsOf(unlisted)
        const all = Array.from({ length: COUNT }, (_, window) => {
          const below = cellAt(window)
          return some.includes(window) ? cell : below
        })
        const byStretch = listOf(
          some,
          some.map(() => cell),
          unlisted,
        )
        const byWindow = listOf([...all.keys()], all, [])
        const pictures = [byStretch, byWindow].map(list =>
          drawn({ windowCells: () => list }, scale, left, top),
        )
        expect(
          Buffer.compare(...(pictures.map(pixels => Buffer.from(pixels.buffer)) as [Buffer, Buffer])),
        ).toBe(0)
      },
    ),
    { numRuns: 60 },
  )
})
