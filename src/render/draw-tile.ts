/** Paints the cells of one tile. */
import { CELL_PROBLEM } from '../lib/cells.ts'
import { Owner } from '../lib/owners.ts'
import { Pattern } from './cell-style.ts'
import type { Pixel } from './colours.ts'
import type { TileGround, WindowCells } from './map-scene.ts'
import type { CellColours, Palette } from './palette.ts'
import { fillRect, hatchRect, type Picture, type PixelRect, strokeRect } from './picture.ts'
import { cellEdges, cellsOfPixels, prominentCells, runCell, runIndex, runLength } from './tile-lists.ts'

export interface TileToDraw {
  readonly rect: PixelRect
  readonly content: WindowCells
  readonly refused: boolean
  /** Cells of the window that lie in the file, 4096 but for the last window (cells of level 0 only). */
  readonly cellsInFile: number
  /** What was painted into all of its cells already, by drawGrounds: only the others are left. */
  readonly ground?: TileGround | undefined
}

/** Cells from this size on (CSS pixels) have room for a gap, a frame and a pattern. */
export const BOXED_FROM = 3
const PATTERNS_FROM = 9

/** Side of a tile's smallest cell in pixels. */
export const cellSideOf = ({ rect, content }: Pick<TileToDraw, 'rect' | 'content'>): number =>
  Math.floor(Math.min(rect.x1 - rect.x0, rect.y1 - rect.y0) / content.side)

/** Whether cells stand apart from each other. */
export const isBoxed = (tile: Pick<TileToDraw, 'rect' | 'content'>, unit: number): boolean =>
  tile.content.side === 64 && cellSideOf(tile) >= BOXED_FROM * unit

/** Whether such a cell is a box of one colour, the same as all of its kind. */
export const isPlainBox = (cell: number, palette: Palette, cellSide: number, unit: number): boolean =>
  !palette.prominent[cell] &&
  (cellSide < PATTERNS_FROM * unit ||
    (palette.patterns[cell] === Pattern.plain && (!(cell & CELL_PROBLEM) || palette.muted[cell] === 1)))

/** Between data of boxed cells, in pixels. */
export const dataGap = (cellSide: number, unit: number): number => Math.max(unit, Math.round(cellSide * 0.14))

/** @param unit device pixels a CSS pixel, at least 1 */
export function drawTile(picture: Picture, tile: TileToDraw, palette: Palette, unit: number) {
  const { rect, content } = tile
  const cellSide = cellSideOf(tile)
  const isFine = content.side === 64
  // Where all cells are drawn, nothing of the ground is seen.
  if (isFine && tile.cellsInFile < 64 * 64)
    fillRect(picture, rect.x0, rect.y0, rect.x1, rect.y1, tileColour(tile, palette))
  if (isBoxed(tile, unit)) drawBoxes(picture, tile, palette, unit, cellSide)
  else {
    const colours = tile.refused ? palette.flatRefused : palette.flat
    if (tile.ground) drawOthers(picture, tile, tile.ground, colours)
    else drawFlat(picture, tile, colours)
    if (isFine) growProminent(picture, tile, palette, colours, cellSide, unit)
  }
}

export const tileColour = ({ refused }: Pick<TileToDraw, 'refused'>, palette: Palette) =>
  refused ? palette.tileRefused : palette.tile

/** Of cells along a side, those that reach into a span of pixels: from `first` to `end`, excluded. */
function cellsWithin(start: number, edges: Int32Array, pixels: number): { first: number; end: number } {
  const side = edges.length - 1
  let first = 0
  while (first < side && start + edges[first + 1]! <= 0) first++
  let end = side
  while (end > first && start + edges[end - 1]! >= pixels) end--
  return { first, end }
}

/** Cells of a tile whose ground is painted, those side by side in one go. */
function drawOthers(
  picture: Picture,
  { content: { side }, rect: { x0, y0, x1, y1 } }: TileToDraw,
  { others }: TileGround,
  colours: CellColours,
) {
  if (others.length === 0) return
  const edgesX = cellEdges(x1 - x0, side)
  const edgesY = cellEdges(y1 - y0, side)
  for (const run of others) {
    const index = runIndex(run)
    const column = index % side
    const row = (index - column) / side
    const colour = colours[runCell(run)]!
    const end = x0 + edgesX[column + runLength(run)]!
    fillRect(picture, x0 + edgesX[column]!, y0 + edgesY[row]!, end, y0 + edgesY[row + 1]!, colour)
  }
}

function drawFlat(picture: Picture, tile: TileToDraw, colours: CellColours) {
  const { cells, side } = tile.content
  const { x0, y0, x1, y1 } = tile.rect
  const inFile = side === 64 ? tile.cellsInFile : side * side
  if (tile.content.isUniform && inFile >= side * side) {
    fillRect(picture, x0, y0, x1, y1, colours[cells[0]!]!)
    return
  }
  const { pixels, width, height } = picture
  const edgesX = cellEdges(x1 - x0, side)
  const edgesY = cellEdges(y1 - y0, side)
  const columns = cellsWithin(x0, edgesX, width)
  const rows = cellsWithin(y0, edgesY, height)
  const left = Math.max(0, x0)
  const right = Math.min(width, x1)
  if (left >= right) return
  const isPixelWise = x1 - x0 === side
  const cellOf = cellsOfPixels(x1 - x0, side)
  for (let row = rows.first; row < rows.end; row++) {
    const top = Math.max(0, y0 + edgesY[row]!)
    const bottom = Math.min(height, y0 + edgesY[row + 1]!)
    // One row of pixels is painted, the others of the same cells are copies of it.
    const start = top * width
    const line = row * side
    if (isPixelWise && line + side <= inFile) {
      for (let column = columns.first, at = start + x0 + columns.first; column < columns.end; column++, at++)
        pixels[at] = colours[cells[line + column]!]!
    } else if (line + side <= inFile) {
      for (let x = left; x < right; x++) pixels[start + x] = colours[cells[line + cellOf[x - x0]!]!]!
    } else {
      for (let column = columns.first, next = 0; column < columns.end; column = next) {
        const cell = cells[line + column]!
        next = column + 1
        if (line + column >= inFile && cell === Owner.free) continue
        while (next < columns.end && cells[line + next] === cell && line + next < inFile) next++
        const colour = colours[cell]!
        const to = start + Math.min(width, x0 + edgesX[next]!)
        for (let at = start + Math.max(0, x0 + edgesX[column]!); at < to; at++) pixels[at] = colour
      }
    }
    for (let y = top + 1; y < bottom; y++) pixels.copyWithin(y * width + left, start + left, start + right)
  }
}

/** Prominent clusters of less than this (CSS pixels) are drawn larger than they are. */
const LEAST_PROMINENT = 3

/** Lets what is prominent (in most layers metadata) reach over the rest, so that a single cluster is not overlooked. */
function growProminent(
  picture: Picture,
  { content, rect }: TileToDraw,
  { prominent }: Palette,
  colours: CellColours,
  cellSide: number,
  unit: number,
) {
  const { cells, side } = content
  const { x0, y0, x1, y1 } = rect
  const grow = Math.ceil((LEAST_PROMINENT * unit - cellSide) / 2)
  if (grow <= 0) return
  const { list, lone } = prominentCells(content, prominent)
  if (lone.length === 0) return
  const edgesX = cellEdges(x1 - x0, side)
  const edgesY = cellEdges(y1 - y0, side)
  // Cells that touch would paint over each other: all are grown first, then each has its own place back.
  for (const by of [grow, 0]) {
    for (const index of by > 0 ? lone : list) {
      const column = index % side
      const row = (index - column) / side
      fillRect(
        picture,
        x0 + edgesX[column]! - by,
        y0 + edgesY[row]! - by,
        x0 + edgesX[column + 1]! + by,
        y0 + edgesY[row + 1]! + by,
        colours[cells[index]!]!,
      )
    }
  }
}

function drawBoxes(picture: Picture, tile: TileToDraw, palette: Palette, unit: number, cellSide: number) {
  const { content, rect } = tile
  const { cells, side } = content
  const { x0, y0, x1, y1 } = rect
  const colours = tile.refused ? palette.boxedRefused : palette.boxed
  const patterned = cellSide >= PATTERNS_FROM * unit
  if (tile.ground) drawOtherData(picture, tile, tile.ground, palette, unit)
  else drawData(picture, tile, palette, unit, cellSide)
  const edgesX = cellEdges(x1 - x0, side)
  const edgesY = cellEdges(y1 - y0, side)
  // What is prominent reaches a little over its cell while cells are small enough for that to be what makes it seen;
  // in larger ones it merely leaves a narrower gap.
  const grown = cellSide < 8 * unit ? unit : 0
  // It comes after all else, first with its overhang, then with its own place.
  const { list, lone } = prominentCells(content, palette.prominent)
  for (const grow of grown > 0 ? [grown, 0] : [0]) {
    for (const index of grow > 0 ? lone : list) {
      const column = index % side
      const row = (index - column) / side
      const left = x0 + edgesX[column]!
      const right = x0 + edgesX[column + 1]!
      const top = y0 + edgesY[row]!
      const bottom = y0 + edgesY[row + 1]!
      if (
        right + unit <= 0 ||
        bottom + unit <= 0 ||
        left - unit >= picture.width ||
        top - unit >= picture.height
      )
        continue
      const cell = cells[index]!
      // A cell's gap is at its right and bottom.
      const gap = grow > 0 ? 0 : unit
      const box = { x0: left - grow, y0: top - grow, x1: right - gap, y1: bottom - gap }
      fillRect(picture, box.x0, box.y0, box.x1, box.y1, colours[cell]!)
      if (!patterned) continue
      drawPattern(picture, box, cell, palette, unit)
      if (cell & CELL_PROBLEM && !palette.muted[cell])
        drawProblem(picture, right - unit, top, cellSide, palette.marks[cell]!)
    }
  }
}

/** What is another thing than the ground, but not prominent: that comes later, and finds its place empty. */
function drawOtherData(
  picture: Picture,
  tile: TileToDraw,
  { others }: TileGround,
  palette: Palette,
  unit: number,
) {
  const { side } = tile.content
  const { x0, y0, x1, y1 } = tile.rect
  const cellSide = cellSideOf(tile)
  const gap = dataGap(cellSide, unit)
  const colours = tile.refused ? palette.boxedRefused : palette.boxed
  const empty = tileColour(tile, palette)
  const edgesX = cellEdges(x1 - x0, side)
  const edgesY = cellEdges(y1 - y0, side)
  for (const run of others) {
    const cell = runCell(run)
    const isDrawn = !palette.prominent[cell]
    for (let index = runIndex(run), to = index + runLength(run); index < to; index++) {
      const column = index % side
      const row = (index - column) / side
      const left = x0 + edgesX[column]!
      const right = x0 + edgesX[column + 1]!
      const top = y0 + edgesY[row]!
      const bottom = y0 + edgesY[row + 1]!
      if (right <= 0 || bottom <= 0 || left >= picture.width || top >= picture.height) continue
      fillRect(picture, left, top, right, bottom, empty)
      if (!isDrawn) continue
      const box = { x0: left, y0: top, x1: right - gap, y1: bottom - gap }
      fillRect(picture, box.x0, box.y0, box.x1, box.y1, colours[cell]!)
      if (cellSide < PATTERNS_FROM * unit) continue
      drawPattern(picture, box, cell, palette, unit)
      if (cell & CELL_PROBLEM && !palette.muted[cell])
        drawProblem(picture, right - unit, top, cellSide, palette.marks[cell]!)
    }
  }
}

/** What is not prominent, row by row: guest data keeps a distance. */
function drawData(picture: Picture, tile: TileToDraw, palette: Palette, unit: number, cellSide: number) {
  const { content, rect } = tile
  const { cells, side } = content
  const { x0, y0, x1, y1 } = rect
  const { pixels, width, height } = picture
  const colours = tile.refused ? palette.boxedRefused : palette.boxed
  const patterned = cellSide >= PATTERNS_FROM * unit
  const gap = dataGap(cellSide, unit)
  const edgesX = cellEdges(x1 - x0, side)
  const edgesY = cellEdges(y1 - y0, side)
  const columns = cellsWithin(x0, edgesX, width)
  const rows = cellsWithin(y0, edgesY, height)
  const left = Math.max(0, x0)
  const right = Math.min(width, x1)
  if (left >= right) return
  const empty = tileColour(tile, palette)
  for (let row = rows.first; row < rows.end; row++) {
    const top = Math.max(0, y0 + edgesY[row]!)
    const end = y0 + edgesY[row + 1]!
    const bottom = Math.min(height, end)
    const painted = Math.min(height, end - gap)
    if (top < painted) {
      const start = top * width
      for (let column = columns.first; column < columns.end; column++) {
        const index = row * side + column
        const cell = cells[index]!
        const isDrawn = !palette.prominent[cell] && (index < tile.cellsInFile || cell !== Owner.free)
        const to = Math.min(width, x0 + edgesX[column + 1]!)
        let x = Math.max(0, x0 + edgesX[column]!)
        if (isDrawn) {
          const colour = colours[cell]!
          const middle = Math.min(to, x0 + edgesX[column + 1]! - gap)
          for (; x < middle; x++) pixels[start + x] = colour
        }
        for (; x < to; x++) pixels[start + x] = empty
      }
      for (let y = top + 1; y < painted; y++) pixels.copyWithin(y * width + left, start + left, start + right)
    }
    for (let y = Math.max(top, painted); y < bottom; y++)
      pixels.fill(empty, y * width + left, y * width + right)
    if (!patterned) continue
    for (let column = columns.first; column < columns.end; column++) {
      const index = row * side + column
      const cell = cells[index]!
      if (palette.prominent[cell]) continue
      const cellLeft = x0 + edgesX[column]!
      const cellRight = x0 + edgesX[column + 1]!
      const box = { x0: cellLeft, y0: y0 + edgesY[row]!, x1: cellRight - gap, y1: end - gap }
      if (index < tile.cellsInFile || cell !== Owner.free) drawPattern(picture, box, cell, palette, unit)
      if (cell & CELL_PROBLEM && !palette.muted[cell])
        drawProblem(picture, cellRight - unit, y0 + edgesY[row]!, cellSide, palette.marks[cell]!)
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
