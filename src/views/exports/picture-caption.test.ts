import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DEFAULT_OPTIONS } from '../../simulation/run-options.ts'
import { chooseLayout, windowPoint } from '../../render/layout.ts'
import type { Viewport } from '../../render/viewport.ts'
import { emptyReport, imageSummary } from '../../testing/fake-worker.ts'
import { exportName } from './export-name.ts'
import { pictureCaption } from './picture-caption.ts'

const fourInARow = chooseLayout(4, 4)
const caption = (viewport: Viewport, change = {}, layout = fourInARow, facts = {}) =>
  pictureCaption(
    {
      image: imageSummary('disk'),
      report: { ...emptyReport(), ...change },
      source: 'a file',
      layer: 'owner',
      isFiltered: false,
      ...facts,
    },
    layout,
    viewport,
  )
const seen = (viewport: Viewport, layout = fourInARow) =>
  caption(viewport, {}, layout)[3]?.replace(/ Layer: owner\.$/, '')

test('says which layer is seen, and that kinds are missing from it', () => {
  const viewport = { width: 600, height: 200, scale: 2, x: -2, y: -20 }
  expect(caption(viewport)[3]).toMatch(/ Layer: owner\.$/)
  expect(caption(viewport, {}, fourInARow, { layer: 'problem', isFiltered: true })[3]).toMatch(
    / Layer: problem, with kinds filtered out\.$/,
  )
})

test('says what part is seen, and whether all of it', () => {
  expect(fourInARow).toMatchObject({ columns: 4, rows: 1 })
  expect(seen({ width: 600, height: 200, scale: 2, x: -2, y: -20 })).toBe(
    'Seen: all of 4 windows of 4\u202f096 clusters.',
  )
  // Deep inside a window there is no other, and not all of that one.
  expect(seen({ width: 600, height: 200, scale: 20, x: 5, y: 5 })).toBe(
    'Seen: a part of window 0 (host offsets 0 to 256 MiB), of 4 windows of 4\u202f096 clusters in all.',
  )
  // From 70 to 230; window 3 begins at 216.
  expect(seen({ width: 160, height: 200, scale: 1, x: 70, y: -20 })).toBe(
    'Seen: a part of windows 1 to 3 (host offsets 256 MiB to 1 GiB), of 4 windows of 4\u202f096 clusters in all.',
  )
  // From 70 to 215: of windows 0 and 3 no more than gutters.
  expect(seen({ width: 145, height: 200, scale: 1, x: 70, y: -20 })).toBe(
    'Seen: windows 1 to 2 (host offsets 256 MiB to 768 MiB), of 4 windows of 4\u202f096 clusters in all.',
  )
  expect(seen({ width: 70, height: 90, scale: 10, x: 64.5, y: 3 })).toBe(
    'Seen: none of 4 windows of 4\u202f096 clusters.',
  )
})

/** Cells in view of a tile's side that begins at `at`, where a pixel is a cell. */
const cellsWithin = (from: number, length: number, at: number) =>
  Math.max(0, Math.min(at + 64, from + length) - Math.max(at, from))

test('counts a window as seen when a cell of it is, and as whole when all are', () => {
  const grid = fc.record({ columns: fc.integer({ min: 1, max: 4 }), count: fc.integer({ min: 1, max: 11 }) })
  const side = fc.integer({ min: 1, max: 300 })
  const place = fc.integer({ min: -40, max: 300 })
  fc.assert(
    fc.property(grid, side, side, place, place, ({ columns, count }, width, height, x, y) => {
      fc.pre(columns <= count)
      const layout = { count, columns, rows: Math.ceil(count / columns) }
      const cells = Array.from({ length: count }, (_, window) => {
        const corner = windowPoint(layout, window)
        return cellsWithin(x, width, corner.x) * cellsWithin(y, height, corner.y)
      })
      const first = cells.findIndex(inView => inView > 0)
      const last = cells.findLastIndex(inView => inView > 0)
      const isWhole = cells.slice(first, last + 1).every(inView => inView === 4096)
      const named = first === last ? `window ${first} ` : `windows ${first} to ${last} `
      const all = first < 0 ? 'none of ' : isWhole && last - first + 1 === count ? 'all of ' : undefined
      const start = `Seen: ${all ?? `${isWhole ? '' : 'a part of '}${named}`}`
      expect(seen({ width, height, scale: 1, x, y }, layout)?.slice(0, start.length)).toBe(start)
    }),
    { numRuns: 500 },
  )
})

test('says under which options, and what came of it', () => {
  const viewport = { width: 600, height: 200, scale: 2, x: -2, y: -20 }
  const coverage = { metadata: 3, guarded: 1, unguarded: 2, lost: 1, lockedOut: 1, typeNotChecked: 0 }
  expect(caption(viewport, { coverage })[2]).toBe(
    'Engine v6, overlap-check=cached, bitmap-size=65536, no memory limit. 3 metadata clusters of checked types: 1 guarded, 2 unguarded.',
  )
  const options = { ...DEFAULT_OPTIONS, version: 'mainline' as const }
  expect(caption(viewport, { options, outcome: { kind: 'scanned' } })[2]).toContain(
    'Mainline’s own check, overlap-check=cached.',
  )
  expect(caption(viewport, { outcome: { kind: 'refused', error: 'No', needed: 1 } })[2]).toContain(
    'does not open: No.',
  )
})

test('names the file after the image', () => {
  expect(exportName('disk.qcow2.gz', 'map.png')).toBe('disk.map.png')
  expect(exportName('The event of the patch', 'map.svg')).toBe('The-event-of-the-patch.map.svg')
  expect(exportName('äöü', 'map.svg')).toBe('image.map.svg')
})
