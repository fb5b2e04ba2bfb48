/** Paints one tile, cell by cell. Rows of whole tiles are painted faster (draw-bands.ts), and look the same. */
import { Owner } from '../lib/owners.ts'
import { drawSigns } from './draw-signs.ts'
import type { Inks } from './inks.ts'
import { fillRect, type Picture } from './picture.ts'
import { cellEdges } from './tile-lists.ts'
import { cellSideOf, dataGap, groundOf, isBoxed, type TileToDraw, tileInk } from './tile-style.ts'

/** @param unit device pixels a CSS pixel, at least 1 */
export function drawTile(picture: Picture, tile: TileToDraw, inks: Inks, unit: number): void {
  drawCells(picture, tile, inks, unit)
  drawSigns(picture, tile, inks, unit)
}

/** Every cell for itself: its box, or all of its pixels where there are no boxes. */
function drawCells(picture: Picture, tile: TileToDraw, inks: Inks, unit: number): void {
  const { rect, content, cellsInFile } = tile
  const { cells, side } = content
  const boxed = isBoxed(tile, unit)
  const ground = groundOf(tile, inks, unit)
  const gap = boxed ? dataGap(cellSideOf(tile), unit) : 0
  const empty = tileInk(tile, inks)
  const inFile = side === 64 ? cellsInFile : cells.length
  if (boxed || inFile < cells.length) fillRect(picture, rect.x0, rect.y0, rect.x1, rect.y1, empty)
  const edgesX = cellEdges(rect.x1 - rect.x0, side)
  const edgesY = cellEdges(rect.y1 - rect.y0, side)
  for (let index = 0; index < cells.length; index++) {
    const cell = cells[index]!
    // Past the end of the file there is nothing that could be free.
    if (index >= inFile && cell === Owner.free) continue
    const column = index % side
    const row = (index - column) / side
    const right = rect.x0 + edgesX[column + 1]! - gap
    const bottom = rect.y0 + edgesY[row + 1]! - gap
    fillRect(picture, rect.x0 + edgesX[column]!, rect.y0 + edgesY[row]!, right, bottom, ground[cell]!)
  }
}
