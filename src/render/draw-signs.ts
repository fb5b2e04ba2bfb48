/** What is drawn over the cells of a tile: patterns, problems, and whatever must not be overlooked. */
import { CELL_PROBLEM, TILE_SIDE } from '../lib/cells.ts'
import { Owner } from '../lib/owners.ts'
import { Pattern } from './cell-style.ts'
import type { CellInks, Ink, Inks } from './inks.ts'
import type { WindowCells } from './map-scene.ts'
import { fillRect, hatchRect, type Picture, type PixelRect, strokeRect } from './picture.ts'
import { cellEdges, prominentCells } from './tile-lists.ts'
import { cellSideOf, dataGap, isBoxed, isPatterned, type TileToDraw } from './tile-style.ts'

/** Over a tile whose cells are painted. @param unit device pixels a CSS pixel */
export function drawSigns(picture: Picture, tile: TileToDraw, inks: Inks, unit: number): void {
  if (isPatterned(tile, unit)) drawGroundSigns(picture, tile, inks, unit)
  if (isBoxed(tile, unit)) drawProminentBoxes(picture, tile, inks, unit)
  else if (tile.content.side === TILE_SIDE) growProminent(picture, tile, inks, unit)
}

/** Prominent clusters of less than this (CSS pixels) are drawn larger than they are. */
const LEAST_PROMINENT = 3

/** Lets what is prominent (in most layers metadata) reach over the rest, so that a single cluster is not overlooked. */
function growProminent(picture: Picture, tile: TileToDraw, inks: Inks, unit: number) {
  const grow = Math.ceil((LEAST_PROMINENT * unit - cellSideOf(tile)) / 2)
  if (grow <= 0) return
  const { content, rect, refused } = tile
  const { list, lone } = prominentCells(content, inks.prominent)
  if (lone.length === 0) return
  const flat = refused ? inks.flatRefused : inks.flat
  // Cells that touch would paint over each other: all are grown first, then each has its own place back.
  paintCells(picture, rect, content, lone, grow, flat)
  paintCells(picture, rect, content, list, 0, flat)
}

/** Cells of a tile, and so many pixels around each. */
function paintCells(
  picture: Picture,
  { x0, y0, x1, y1 }: PixelRect,
  { cells, side }: WindowCells,
  indices: Uint16Array,
  by: number,
  inkOf: CellInks,
) {
  const { pixels, width, height } = picture
  const edgesX = cellEdges(x1 - x0, side)
  const edgesY = cellEdges(y1 - y0, side)
  const isInside = x0 >= by && y0 >= by && x1 + by <= width && y1 + by <= height
  for (const index of indices) {
    const column = index % side
    const row = (index - column) / side
    const left = x0 + edgesX[column]! - by
    const right = x0 + edgesX[column + 1]! + by
    const top = y0 + edgesY[row]! - by
    const bottom = y0 + edgesY[row + 1]! + by
    const ink = inkOf[cells[index]!]!
    if (!isInside) {
      fillRect(picture, left, top, right, bottom, ink)
      continue
    }
    for (let line = top * width; line < bottom * width; line += width)
      for (let x = left; x < right; x++) pixels[line + x] = ink
  }
}

function drawProminentBoxes(picture: Picture, tile: TileToDraw, inks: Inks, unit: number) {
  const { content, rect, refused } = tile
  const { cells, side } = content
  const { list, lone } = prominentCells(content, inks.prominent)
  if (list.length === 0) return
  const cellSide = cellSideOf(tile)
  const patterned = isPatterned(tile, unit)
  const boxed = refused ? inks.boxedRefused : inks.boxed
  const edgesX = cellEdges(rect.x1 - rect.x0, side)
  const edgesY = cellEdges(rect.y1 - rect.y0, side)
  // What is prominent reaches a little over its cell while cells are small enough for that to be what makes it seen;
  // in larger ones it merely leaves a narrower gap.
  const grown = cellSide < 8 * unit ? unit : 0
  // It comes after all else, first with its overhang, then with its own place.
  for (const grow of grown > 0 ? [grown, 0] : [0]) {
    for (const index of grow > 0 ? lone : list) {
      const column = index % side
      const row = (index - column) / side
      const left = rect.x0 + edgesX[column]!
      const right = rect.x0 + edgesX[column + 1]!
      const top = rect.y0 + edgesY[row]!
      const bottom = rect.y0 + edgesY[row + 1]!
      if (right + unit <= 0 || bottom + unit <= 0) continue
      if (left - unit >= picture.width || top - unit >= picture.height) continue
      const cell = cells[index]!
      // A cell's gap is at its right and bottom.
      const gap = grow > 0 ? 0 : unit
      const box = { x0: left - grow, y0: top - grow, x1: right - gap, y1: bottom - gap }
      fillRect(picture, box.x0, box.y0, box.x1, box.y1, boxed[cell]!)
      if (!patterned) continue
      drawProminentPattern(picture, box, cell, inks, unit)
      drawProblem(picture, right - unit, top, cell, cellSide, inks)
    }
  }
}

/** Patterns and problems of what is not prominent, in sight. */
function drawGroundSigns(picture: Picture, tile: TileToDraw, inks: Inks, unit: number) {
  const { content, rect, cellsInFile } = tile
  const { cells, side } = content
  const edgesX = cellEdges(rect.x1 - rect.x0, side)
  const edgesY = cellEdges(rect.y1 - rect.y0, side)
  const cellSide = cellSideOf(tile)
  const gap = dataGap(cellSide, unit)
  const rows = cellsWithin(rect.y0, edgesY, picture.height)
  const columns = cellsWithin(rect.x0, edgesX, picture.width)
  for (let row = rows.first; row < rows.end; row++) {
    for (let column = columns.first; column < columns.end; column++) {
      const index = row * side + column
      const cell = cells[index]!
      if (!inks.signed[cell]) continue
      const x0 = rect.x0 + edgesX[column]!
      const y0 = rect.y0 + edgesY[row]!
      const right = rect.x0 + edgesX[column + 1]!
      const box = { x0, y0, x1: right - gap, y1: rect.y0 + edgesY[row + 1]! - gap }
      if (index < cellsInFile || cell !== Owner.free) drawGroundPattern(picture, box, cell, inks, unit)
      drawProblem(picture, right - unit, y0, cell, cellSide, inks)
    }
  }
}

/** Of cells along a side, those that reach into a span of pixels: from `first` to `end`, excluded. */
function cellsWithin(start: number, edges: Int32Array, pixels: number): { first: number; end: number } {
  const side = edges.length - 1
  let first = 0
  while (first < side && start + edges[first + 1]! <= 0) first++
  let end = side
  while (end > first && start + edges[end - 1]! >= pixels) end--
  return { first, end }
}

/** In a box of the cell's own colour. */
function drawProminentPattern(picture: Picture, box: PixelRect, cell: number, inks: Inks, unit: number) {
  const pattern = inks.patterns[cell]
  if (pattern === Pattern.plain) return
  if (pattern === Pattern.hatched) {
    drawHatch(picture, box, inks.second, unit)
    return
  }
  if (pattern === Pattern.hollow) {
    const edge = Math.max(unit, Math.round((box.x1 - box.x0) * 0.12))
    fillRect(picture, box.x0 + edge, box.y0 + edge, box.x1 - edge, box.y1 - edge, inks.tile)
    return
  }
  fillRect(picture, box.x0, box.y0, box.x1, box.y1, inks.tile)
  drawGhost(picture, box, inks.boxed[cell]!, unit)
}

/** In a box that is empty already where the pattern leaves it so (Inks.openGround). */
function drawGroundPattern(picture: Picture, box: PixelRect, cell: number, inks: Inks, unit: number) {
  const pattern = inks.patterns[cell]
  if (pattern === Pattern.hatched) drawHatch(picture, box, inks.second, unit)
  else if (pattern === Pattern.hollow)
    strokeRect(picture, box, Math.max(unit, Math.round((box.x1 - box.x0) * 0.16)), inks.second)
  else if (pattern === Pattern.ghost) drawGhost(picture, box, inks.boxed[cell]!, unit)
}

function drawHatch(picture: Picture, box: PixelRect, ink: Ink, unit: number): void {
  const side = box.x1 - box.x0
  const stripe = Math.max(unit, Math.round(side / 8))
  hatchRect(picture, box, stripe, Math.max(3 * unit, Math.round(side / 3)), ink)
}

function drawGhost(picture: Picture, box: PixelRect, ink: Ink, unit: number): void {
  hatchRect(picture, box, unit, 4 * unit, ink)
  strokeRect(picture, box, unit, ink)
}

/** A corner turned down: something is wrong with this cluster. */
function drawProblem(
  picture: Picture,
  right: number,
  top: number,
  cell: number,
  cellSide: number,
  { muted, marks }: Inks,
) {
  if (!(cell & CELL_PROBLEM) || muted[cell]) return
  const size = Math.max(3, Math.round(cellSide * 0.36))
  for (let i = 0; i < size; i++)
    fillRect(picture, right - size + i, top + i, right, top + i + 1, marks[cell]!)
}
