/** Paints the cells of one tile. */
import { CELL_PROBLEM, cellGuard, isUnguarded } from '../lib/cells.ts'
import { Owner } from '../lib/owners.ts'
import { Pattern } from './cell-style.ts'
import type { Pixel } from './colours.ts'
import type { Marks } from './marks.ts'
import type { CellColours, Palette } from './palette.ts'
import { fillRect, hatchRect, type Picture, type PixelRect, strokeRect } from './picture.ts'
import type { WindowCells } from './tile-cache.ts'
import { cellEdge } from './tile-pixels.ts'

export interface TileToDraw {
  readonly window: number
  readonly rect: PixelRect
  readonly level: number
  readonly content: WindowCells
  readonly refused: boolean
  /** Cells of the window that lie in the file, 4096 but for the last window (cells of level 0 only). */
  readonly cellsInFile: number
}

/** Cells from this size on (CSS pixels) have room for a gap, a frame and a pattern. */
export const BOXED_FROM = 3
const PATTERNS_FROM = 9

/** @param unit device pixels a CSS pixel, at least 1 */
export function drawTile(picture: Picture, tile: TileToDraw, palette: Palette, unit: number, marks: Marks) {
  const { rect, content } = tile
  const cellSide = Math.floor(Math.min(rect.x1 - rect.x0, rect.y1 - rect.y0) / content.side)
  const span = visibleCells(picture, rect, content.side)
  fillRect(picture, rect.x0, rect.y0, rect.x1, rect.y1, tile.refused ? palette.tileRefused : palette.tile)
  // Coarser cells stand in for finer ones that have not come yet: those are never boxes.
  const boxed = content.side === 64 && cellSide >= BOXED_FROM * unit
  if (boxed) drawBoxes(picture, tile, palette, unit, span, cellSide)
  else {
    const colours = tile.refused ? palette.flatRefused : palette.flat
    drawFlat(picture, tile, colours, span)
    if (content.side === 64) growProminent(picture, tile, palette, colours, span, cellSide, unit)
  }
  if (content.side === 64 >> tile.level) gatherMarks(tile, palette, span, marks)
}

interface CellSpan {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Cells of the tile that reach into the picture, with one to spare on each side. */
function visibleCells(picture: Picture, { x0, y0, x1, y1 }: PixelRect, side: number): CellSpan {
  const sideX = (x1 - x0) / side
  const sideY = (y1 - y0) / side
  return {
    left: Math.max(0, Math.floor(-x0 / sideX) - 1),
    right: Math.min(side, Math.ceil((picture.width - x0) / sideX) + 1),
    top: Math.max(0, Math.floor(-y0 / sideY) - 1),
    bottom: Math.min(side, Math.ceil((picture.height - y0) / sideY) + 1),
  }
}

function drawFlat(picture: Picture, tile: TileToDraw, colours: CellColours, span: CellSpan) {
  const { cells, offset, side } = tile.content
  const { x0, y0, x1, y1 } = tile.rect
  const inFile = side === 64 ? tile.cellsInFile : side * side
  const { pixels, width } = picture
  for (let row = span.top; row < span.bottom; row++) {
    const top = Math.max(0, cellEdge(y0, y1, side, row))
    const bottom = Math.min(picture.height, cellEdge(y0, y1, side, row + 1))
    if (top >= bottom) continue
    // One row of pixels is painted, the others of the same cells are copies of it.
    const start = top * width
    for (let column = span.left; column < span.right; column++) {
      const index = row * side + column
      const cell = cells[offset + index]!
      if (index >= inFile && cell === Owner.free) continue
      const from = Math.max(0, cellEdge(x0, x1, side, column))
      const to = Math.min(width, cellEdge(x0, x1, side, column + 1))
      const colour = colours[cell]!
      for (let x = from; x < to; x++) pixels[start + x] = colour
    }
    const left = Math.max(0, x0)
    const right = Math.min(width, x1)
    for (let y = top + 1; y < bottom; y++) pixels.copyWithin(y * width + left, start + left, start + right)
  }
}

/** Around a cell, as far as two cells away: more of what is prominent than this is seen without being enlarged. */
const CROWD = 5

/** Whether there is so much of it around a cell that, enlarged, it would hide the data in between. */
function isCrowded(
  { cells, offset, side }: WindowCells,
  { prominent }: Palette,
  column: number,
  row: number,
): boolean {
  let count = 0
  for (let y = Math.max(0, row - 2); y <= Math.min(side - 1, row + 2); y++)
    for (let x = Math.max(0, column - 2); x <= Math.min(side - 1, column + 2); x++)
      if (prominent[cells[offset + y * side + x]!]) count++
  return count > CROWD
}

/** Prominent clusters of less than this (CSS pixels) are drawn larger than they are. */
const LEAST_PROMINENT = 3

/** Lets what is prominent (in most layers metadata) reach over the rest, so that a single cluster is not overlooked. */
function growProminent(
  picture: Picture,
  tile: TileToDraw,
  palette: Palette,
  colours: CellColours,
  span: CellSpan,
  cellSide: number,
  unit: number,
) {
  const { cells, offset, side } = tile.content
  const { x0, y0, x1, y1 } = tile.rect
  const grow = Math.ceil((LEAST_PROMINENT * unit - cellSide) / 2)
  if (grow <= 0) return
  // Cells that touch would paint over each other: all are grown first, then each has its own place back.
  for (const by of [grow, 0]) {
    for (let row = span.top; row < span.bottom; row++) {
      for (let column = span.left; column < span.right; column++) {
        const cell = cells[offset + row * side + column]!
        if (!palette.prominent[cell] || (by > 0 && isCrowded(tile.content, palette, column, row))) continue
        fillRect(
          picture,
          cellEdge(x0, x1, side, column) - by,
          cellEdge(y0, y1, side, row) - by,
          cellEdge(x0, x1, side, column + 1) + by,
          cellEdge(y0, y1, side, row + 1) + by,
          colours[cell]!,
        )
      }
    }
  }
}

function drawBoxes(
  picture: Picture,
  tile: TileToDraw,
  palette: Palette,
  unit: number,
  span: CellSpan,
  cellSide: number,
) {
  const { cells, offset, side } = tile.content
  const { x0, y0, x1, y1 } = tile.rect
  const colours = tile.refused ? palette.boxedRefused : palette.boxed
  const patterned = cellSide >= PATTERNS_FROM * unit
  // Guest data keeps a distance, what is prominent reaches a little over its cell, while cells are small enough
  // for that to be what makes it seen; in larger ones it merely leaves a narrower gap.
  const dataGap = Math.max(unit, Math.round(cellSide * 0.14))
  const grown = cellSide < 8 * unit ? unit : 0
  // What is prominent comes after all else, first with its overhang, then with its own place.
  const passes = [
    { prominent: 0, grow: 0 },
    { prominent: 1, grow: grown },
    { prominent: 1, grow: 0 },
  ]
  for (const { prominent, grow } of passes) {
    for (let row = span.top; row < span.bottom; row++) {
      for (let column = span.left; column < span.right; column++) {
        const index = row * side + column
        const cell = cells[offset + index]!
        if (palette.prominent[cell] !== prominent) continue
        if (index >= tile.cellsInFile && cell === Owner.free) continue
        const left = cellEdge(x0, x1, side, column)
        const right = cellEdge(x0, x1, side, column + 1)
        const top = cellEdge(y0, y1, side, row)
        const bottom = cellEdge(y0, y1, side, row + 1)
        const colour = colours[cell]!
        if (prominent) {
          // A cell's gap is at its right and bottom.
          const gap = grow > 0 ? 0 : unit
          if (grow > 0 && isCrowded(tile.content, palette, column, row)) continue
          const box = { x0: left - grow, y0: top - grow, x1: right - gap, y1: bottom - gap }
          fillRect(picture, box.x0, box.y0, box.x1, box.y1, colour)
          if (patterned) drawPattern(picture, box, cell, palette, unit)
        } else {
          const box = { x0: left, y0: top, x1: right - dataGap, y1: bottom - dataGap }
          fillRect(picture, box.x0, box.y0, box.x1, box.y1, colour)
          if (patterned) drawPattern(picture, box, cell, palette, unit)
        }
        if (patterned && cell & CELL_PROBLEM && !palette.muted[cell])
          drawProblem(picture, right - unit, top, cellSide, palette.marks[cell]!)
      }
    }
  }
}

function drawPattern(picture: Picture, box: PixelRect, cell: number, palette: Palette, unit: number) {
  const pattern = palette.patterns[cell]
  if (pattern === Pattern.plain) return
  const side = box.x1 - box.x0
  const { prominent, second, tile } = palette
  const own = palette.boxed[cell]!
  if (pattern === Pattern.hollow) {
    const edge = Math.max(unit, Math.round(side * (prominent[cell] ? 0.12 : 0.16)))
    fillRect(picture, box.x0, box.y0, box.x1, box.y1, prominent[cell] ? own : second)
    fillRect(picture, box.x0 + edge, box.y0 + edge, box.x1 - edge, box.y1 - edge, tile)
  } else if (pattern === Pattern.hatched) {
    const stripe = Math.max(unit, Math.round(side / 8))
    hatchRect(picture, box, stripe, Math.max(3 * unit, Math.round(side / 3)), second)
  } else {
    fillRect(picture, box.x0, box.y0, box.x1, box.y1, tile)
    hatchRect(picture, box, unit, 4 * unit, own)
    strokeRect(picture, box, unit, own)
  }
}

/** A corner turned down: something is wrong with this cluster. */
function drawProblem(picture: Picture, right: number, top: number, cellSide: number, colour: Pixel) {
  const size = Math.max(3, Math.round(cellSide * 0.36))
  for (let i = 0; i < size; i++) fillRect(picture, right - size + i, top + i, right, top + i + 1, colour)
}

function gatherMarks(tile: TileToDraw, { muted }: Palette, span: CellSpan, marks: Marks) {
  const { cells, offset, side } = tile.content
  const { x0, y0, x1, y1 } = tile.rect
  for (let row = span.top; row < span.bottom; row++) {
    for (let column = span.left; column < span.right; column++) {
      const cell = cells[offset + row * side + column]!
      if (!isUnguarded(cellGuard(cell)) || muted[cell]) continue
      marks.add({
        x0: cellEdge(x0, x1, side, column),
        x1: cellEdge(x0, x1, side, column + 1),
        y0: cellEdge(y0, y1, side, row),
        y1: cellEdge(y0, y1, side, row + 1),
        place: { window: tile.window, level: tile.level, column, row },
        cell,
        tile: tile.rect,
      })
    }
  }
}
