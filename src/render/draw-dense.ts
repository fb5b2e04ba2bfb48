/** The map from so far away that several windows share a pixel: each pixel shows the most severe of them. */
import { cellGuard, cellOf, Guard, isUnguarded, SEVERITY } from '../lib/cells.ts'
import { Owner } from '../lib/owners.ts'
import { PITCH_X, PITCH_Y } from './layout.ts'
import { HELD, heldOf, type MapScene } from './map-scene.ts'
import type { Marks } from './marks.ts'
import { type Palette, SOME_METADATA } from './palette.ts'
import type { Picture } from './picture.ts'
import type { Viewport } from './viewport.ts'
import { visibleTiles } from './viewport.ts'

export function drawDense(
  picture: Picture,
  scene: MapScene,
  viewport: Viewport,
  palette: Palette,
  marks: Marks,
) {
  const { layout } = scene
  const { firstColumn, lastColumn, firstRow, lastRow } = visibleTiles(layout, viewport)
  const { pixels, width, height } = picture
  // Severity + 1 of what a pixel shows so far; 0 for nothing.
  const shown = new Uint8Array(width * height)
  const marked = new Set<number>()
  for (let row = firstRow; row <= lastRow; row++) {
    const y = Math.floor((row * PITCH_Y - viewport.y) * viewport.scale)
    if (y < 0 || y >= height) continue
    for (let column = firstColumn; column <= lastColumn; column++) {
      const window = row * layout.columns + column
      if (window >= layout.count) break
      const x = Math.floor((column * PITCH_X - viewport.x) * viewport.scale)
      if (x < 0 || x >= width) continue
      const cell = windowCell(scene, window)
      const at = y * width + x
      const severity = SEVERITY[cell]! + 1
      if (severity > shown[at]!) {
        shown[at] = severity
        const colours = heldOf(scene, window) === HELD.refused ? palette.flatRefused : palette.flat
        pixels[at] = colours[cell]!
      }
      const guard = cellGuard(cell)
      if (!isUnguarded(guard) || marked.has(at)) continue
      marked.add(at)
      const place = { window, level: 6, column: 0, row: 0 }
      marks.add({ x0: x, y0: y, x1: x + 1, y1: y + 1, place, lost: guard === Guard.lost })
    }
  }
}

/** A whole window as one cell: as it came from the simulation, else as far as its counts tell. */
function windowCell({ tiles, windows }: MapScene, window: number): number {
  const known = tiles.windowCells(6, window)
  if (known) return known.cells[known.offset]!
  if ((windows.lost[window] ?? 0) > 0) return cellOf(SOME_METADATA, Guard.lost)
  if ((windows.unguarded[window] ?? 0) > 0) return cellOf(SOME_METADATA, Guard.lockedOut)
  return (windows.metadata[window] ?? 0) > 0 ? cellOf(SOME_METADATA, Guard.guarded) : Owner.guestData
}
