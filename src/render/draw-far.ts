/**
 * The map from so far away that a window is a few pixels, or shares one with others: each is painted
 * in the colour of the most severe thing in it, and each pixel in that of its most severe window.
 */
import { cellGuard, cellOf, Guard, isUnguarded } from '../lib/cells.ts'
import { Owner } from '../lib/owners.ts'
import { isRefused, type MapScene } from './map-scene.ts'
import type { Marks } from './marks.ts'
import { type CellColours, type Palette, SOME_METADATA } from './palette.ts'
import type { Picture } from './picture.ts'
import { blockOf, MAX_LEVEL, windowsPerBlock } from './tile-cache.ts'
import { columnEdges, isDense, rowEdges } from './tile-pixels.ts'
import { type Viewport, visibleTiles } from './viewport.ts'

export function drawFar(
  picture: Picture,
  scene: MapScene,
  viewport: Viewport,
  palette: Palette,
  marks: Marks,
) {
  const { layout } = scene
  const { firstColumn, lastColumn, firstRow, lastRow } = visibleTiles(layout, viewport)
  const edgesX = columnEdges(viewport, firstColumn, lastColumn)
  const edgesY = rowEdges(viewport, firstRow, lastRow)
  const far = new FarPicture(picture, isDense(viewport), palette.severity)
  const cellOfWindow = windowCells(scene)
  for (let row = firstRow; row <= lastRow; row++) {
    const y0 = edgesY[2 * (row - firstRow)]!
    const y1 = edgesY[2 * (row - firstRow) + 1]!
    for (let column = firstColumn; column <= lastColumn; column++) {
      const window = row * layout.columns + column
      if (window >= layout.count) break
      const x0 = edgesX[2 * (column - firstColumn)]!
      const x1 = edgesX[2 * (column - firstColumn) + 1]!
      const cell = cellOfWindow(window)
      const refused = isRefused(scene, window)
      const seen = far.paint(x0, y0, x1, y1, cell, refused ? palette.flatRefused : palette.flat)
      if (!seen || !isUnguarded(cellGuard(cell))) continue
      const place = { window, level: MAX_LEVEL, column: 0, row: 0 }
      marks.add({ x0, y0, x1, y1, place, cell })
    }
  }
}

/** Where windows share pixels, remembers what each pixel shows, so that only the more severe replaces it. */
class FarPicture {
  private readonly picture: Picture
  /** Severity + 1 of what a pixel shows; 0 for nothing yet. */
  private readonly shown: Uint8Array | undefined

  private readonly severity: Uint8Array

  constructor(picture: Picture, shared: boolean, severity: Uint8Array) {
    this.picture = picture
    this.severity = severity
    this.shown = shared ? new Uint8Array(picture.width * picture.height) : undefined
  }

  /** @returns whether any pixel has taken the cell's colour */
  paint(x0: number, y0: number, x1: number, y1: number, cell: number, colours: CellColours): boolean {
    const { pixels, width, height } = this.picture
    const { shown } = this
    const severity = this.severity[cell]! + 1
    let painted = false
    for (let y = Math.max(0, y0); y < y1 && y < height; y++) {
      for (let x = Math.max(0, x0); x < x1 && x < width; x++) {
        const at = y * width + x
        if (shown) {
          if (severity <= shown[at]!) continue
          shown[at] = severity
        }
        pixels[at] = colours[cell]!
        painted = true
      }
    }
    return painted
  }
}

/** Whole windows as one cell each: as they came from the simulation, else as far as their counts tell. */
function windowCells({ tiles, windows }: MapScene): (window: number) => number {
  const size = windowsPerBlock(MAX_LEVEL)
  let block = -1
  let cells: Uint8Array | undefined
  return window => {
    if (blockOf(MAX_LEVEL, window) !== block) {
      block = blockOf(MAX_LEVEL, window)
      cells = tiles.blockCells(MAX_LEVEL, block)
    }
    const known = cells?.[window - block * size]
    if (known !== undefined) return known
    if ((windows.lost[window] ?? 0) > 0) return cellOf(SOME_METADATA, Guard.lost)
    if ((windows.unguarded[window] ?? 0) > 0) return cellOf(SOME_METADATA, Guard.lockedOut)
    return (windows.metadata[window] ?? 0) > 0 ? cellOf(SOME_METADATA, Guard.guarded) : Owner.guestData
  }
}
