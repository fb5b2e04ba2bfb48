import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellOf, cellOwner, Guard } from '../lib/cells.ts'
import { LAYERS } from '../lib/layers.ts'
import { isMetadata, Owner } from '../lib/owners.ts'
import { makeScene, makeWindows, testPalette } from '../testing/map-scene.ts'
import { drawMap } from './draw-map.ts'
import { chooseLayout, clusterPoint } from './layout.ts'
import type { MapScene } from './map-scene.ts'
import { nearestMark } from './marks.ts'
import type { PixelRect } from './picture.ts'
import type { ColouredPicture } from './trace-picture.ts'
import { Held } from '../lib/held.ts'
import { FRAME } from './window-hold.ts'
import { cellRectOf } from './tile-pixels.ts'
import type { Palette } from './palette.ts'
import type { Viewport } from './viewport.ts'

const palette = testPalette()
const noisy = [
  Owner.free,
  Owner.guestData,
  cellOf(Owner.activeL2, Guard.guarded),
  cellOf(Owner.refcountBlock, Guard.guarded),
  cellOf(Owner.inactiveL2, Guard.none),
  cellOf(Owner.leaked, Guard.none, true),
] as const
/** A cell for every cluster, the same each time; any mixture of things that are not unguarded. */
const noise = (cluster: number) => noisy[Math.imul(cluster ^ (cluster >> 7), 2654435761) >>> 29] ?? Owner.free

const hasMetadataBeside = (cluster: number) =>
  [-65, -64, -63, -1, 1, 63, 64, 65].some(by => isMetadata(cellOwner(noise(cluster + by))))

/** How many pixels of this colour there are within `margin` pixels of the rectangle. */
function countNear(picture: ColouredPicture, rect: PixelRect, margin: number, colour: number): number {
  let count = 0
  for (let y = Math.max(0, rect.y0 - margin); y < Math.min(picture.height, rect.y1 + margin); y++)
    for (let x = Math.max(0, rect.x0 - margin); x < Math.min(picture.width, rect.x1 + margin); x++)
      if (picture.pixels[y * picture.width + x] === colour) count++
  return count
}

const countAll = (picture: ColouredPicture, colour: number) =>
  picture.pixels.filter(pixel => pixel === colour).length

/** The map as it is drawn, with its marks. */
function drawn(scene: MapScene, viewport: Viewport, colours: Palette, unit: number) {
  const { width, height } = viewport
  return { width, height, ...drawMap(scene, viewport, colours, unit) }
}

/** A view of `count` windows with this cluster in the middle. */
function viewOf(count: number, cluster: number, scale: number, width = 240, height = 160): Viewport {
  const at = clusterPoint(chooseLayout(count, width / height), cluster)
  return { width, height, scale, x: at.x - width / 2 / scale, y: at.y - height / 2 / scale }
}

describe('drawMap', () => {
  const cases = fc.record({
    count: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 3000 })),
    seed: fc.nat(),
    log2Scale: fc.double({ min: -8, max: 5.5, noNaN: true }),
    guard: fc.constantFrom(Guard.lost, Guard.lockedOut),
    unit: fc.constantFrom(1, 2, 3),
    layer: fc.constantFrom(...LAYERS),
  })

  it('shows a single unguarded cluster at every zoom', () => {
    fc.assert(
      fc.property(cases, ({ count, seed, log2Scale, guard, unit, layer }) => {
        const cluster = seed % (count * 4096)
        const viewport = viewOf(count, cluster, 2 ** log2Scale)
        const cell = (at: number) => (at === cluster ? cellOf(Owner.activeL2, guard) : noise(at))
        const scene = makeScene(count, viewport, cell, undefined, layer)
        const colours = testPalette(layer)
        const picture = drawn(scene, viewport, colours, unit)
        const { marks } = picture
        const rect = cellRectOf(scene.layout, viewport, cluster)
        expect(countNear(picture, rect, 3, colours.danger)).toBeGreaterThanOrEqual(8)
        expect(marks.total).toBe(1)
        expect(nearestMark(marks.packed(), rect.x0, rect.y0, 0)?.place.window).toBe(
          Math.floor(cluster / 4096),
        )
      }),
      { numRuns: 150 },
    )
  })

  it('uses the colour of danger for nothing else', () => {
    fc.assert(
      fc.property(cases, ({ count, seed, log2Scale, unit, layer }) => {
        const viewport = viewOf(count, seed % (count * 4096), 2 ** log2Scale)
        const scene = makeScene(count, viewport, noise, undefined, layer)
        const colours = testPalette(layer)
        const picture = drawn(scene, viewport, colours, unit)
        expect(countAll(picture, colours.danger)).toBe(0)
      }),
      { numRuns: 80 },
    )
  })

  it('tells lost from locked out wherever a cell has a middle', () => {
    for (const scale of [3, 5, 8, 14, 30]) {
      const viewport = viewOf(1, 2080, scale)
      const draw = (guard: number) => {
        const scene = makeScene(1, viewport, at =>
          at === 2080 ? cellOf(Owner.activeL2, guard) : Owner.guestData,
        )
        return drawn(scene, viewport, palette, 1)
      }
      expect(draw(Guard.lost).pixels).not.toEqual(draw(Guard.lockedOut).pixels)
    }
  })

  it('paints every cluster in its own colour from a pixel a cluster on', () => {
    const viewport = viewOf(4, 2000, 1)
    const scene = makeScene(4, viewport, noise)
    const picture = drawn(scene, viewport, palette, 1)
    let seen = 0
    for (let cluster = 0; cluster < 4 * 4096; cluster++) {
      const { x0, y0 } = cellRectOf(scene.layout, viewport, cluster)
      if (x0 < 0 || y0 < 0 || x0 >= picture.width || y0 >= picture.height) continue
      // Metadata may reach over its neighbours, but not over other metadata.
      if (!isMetadata(cellOwner(noise(cluster))) && hasMetadataBeside(cluster)) continue
      expect(picture.pixels[y0 * picture.width + x0]).toBe(palette.flat[noise(cluster)])
      seen++
    }
    expect(seen).toBeGreaterThan(3000)
  })

  it('frames tiles by how they are held, and differently for each way', () => {
    const viewport: Viewport = { width: 400, height: 260, scale: 1.5, x: -20, y: -20 }
    const frames = Object.values(FRAME).map(frame => {
      const lockedOut = frame === FRAME.lockedOut
      const windows = makeWindows(1, () => (lockedOut ? Held.fragments : frame))
      windows.unguarded[0] = lockedOut ? 1 : 0
      const scene = makeScene(1, viewport, () => Owner.guestData, windows)
      return drawn(scene, viewport, palette, 1).pixels
    })
    for (const [i, a] of frames.entries()) for (const b of frames.slice(i + 1)) expect(a).not.toEqual(b)
  })

  it('leaves frame and page around a tile alone, whatever is ringed at its edge', () => {
    const viewport: Viewport = { width: 900, height: 300, scale: 10, x: -8, y: -8 }
    const draw = (cell: number) => {
      const windows = makeWindows(1, () => Held.fragments)
      const scene = makeScene(1, viewport, at => (at < 64 && at % 3 === 0 ? cell : Owner.guestData), windows)
      return drawn(scene, viewport, palette, 1).pixels
    }
    const guarded = draw(cellOf(Owner.activeL2, Guard.guarded))
    const lost = draw(cellOf(Owner.activeL2, Guard.lost))
    expect(lost).not.toEqual(guarded)
    // The tile begins 80 pixels from the left and from the top.
    expect(lost.subarray(0, 80 * viewport.width)).toEqual(guarded.subarray(0, 80 * viewport.width))
    for (let y = 80; y < viewport.height; y++) {
      const row = y * viewport.width
      expect(lost.subarray(row, row + 80)).toEqual(guarded.subarray(row, row + 80))
    }
  })

  it('does not draw what lies past the end of the file', () => {
    const viewport: Viewport = { width: 300, height: 300, scale: 4, x: -4, y: -4 }
    const scene = {
      ...makeScene(1, viewport, at => (at < 5 ? Owner.guestData : Owner.free)),
      fileClusters: 5,
    }
    const picture = drawn(scene, viewport, palette, 1)
    expect(countAll(picture, palette.boxed[Owner.free]!)).toBe(0)
    expect(countAll(picture, palette.boxed[Owner.guestData]!)).toBe(5 * 9)
  })

  it('shows a single unguarded cluster among the windows that share a pixel', () => {
    const count = 200_000
    const cluster = 123_456 * 4096 + 77
    const viewport = viewOf(count, cluster, 1 / 128)
    const scene = makeScene(count, viewport, at =>
      at === cluster ? cellOf(Owner.activeL2, Guard.lost) : Owner.guestData,
    )
    const picture = drawn(scene, viewport, palette, 1)
    expect(countAll(picture, palette.danger)).toBe(16)
  })
})
