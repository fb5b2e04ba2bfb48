/**
 * What nearly all cells of a tile are, painted for all tiles that stand in a row in one go: their lines of
 * pixels are the same all down the row, but for the gaps between cells, and so are made once and copied.
 */
import { cellEdges, groundOf } from './tile-lists.ts'
import { cellSideOf, dataGap, isBoxed, isPlainBox, tileColour, type TileToDraw } from './draw-tile.ts'
import type { TileGround, WindowCells } from './map-scene.ts'
import type { Palette } from './palette.ts'
import type { Picture, PixelRect } from './picture.ts'

export interface GroundedTile {
  readonly rect: PixelRect
  /** Undefined where it is not at hand. */
  readonly content: WindowCells | undefined
  readonly refused: boolean
  /** What is to be painted here; undefined where that is left to drawTile. */
  readonly ground: TileGround | undefined
}

/** The ground that drawGrounds can paint of a tile. */
export function groundToDraw(
  tile: Pick<TileToDraw, 'rect' | 'content' | 'cellsInFile'>,
  palette: Palette,
  unit: number,
): TileGround | undefined {
  const { content, cellsInFile } = tile
  if (content.side === 64 && cellsInFile < 64 * 64) return undefined
  const ground = groundOf(content)
  if (!ground || !isBoxed(tile, unit)) return ground
  return isPlainBox(ground.cell, palette, cellSideOf(tile), unit) ? ground : undefined
}

/**
 * Paints every pixel of the picture: in tiles that have one their ground, and the page elsewhere.
 * @param tiles row by row
 */
export function drawGrounds(
  { pixels, width, height }: Picture,
  tiles: readonly GroundedTile[],
  palette: Palette,
  unit: number,
): void {
  let y = 0
  for (let i = 0, next = 0; i < tiles.length; i = next) {
    const { y0, y1 } = tiles[i]!.rect
    next = i + 1
    while (next < tiles.length && tiles[next]!.rect.y0 === y0) next++
    const top = Math.min(height, Math.max(0, y0))
    const bottom = Math.min(height, Math.max(0, y1))
    pixels.fill(palette.page, y * width, top * width)
    y = bottom
    const row = tiles.slice(i, next)
    const some = row.find(({ ground }) => ground)
    if (!some?.content) {
      pixels.fill(palette.page, top * width, bottom * width)
      continue
    }
    const line = lineOf(row, width, palette, unit)
    const first = { rect: some.rect, content: some.content }
    if (!isBoxed(first, unit)) {
      for (let at = top; at < bottom; at++) pixels.set(line, at * width)
      continue
    }
    const gapLine = gapLineOf(row, width, palette)
    const gap = dataGap(cellSideOf(first), unit)
    const edges = cellEdges(y1 - y0, first.content.side)
    for (let cell = 0; cell + 1 < edges.length; cell++) {
      const end = Math.min(height, y0 + edges[cell + 1]!)
      for (let at = Math.max(0, y0 + edges[cell]!); at < end; at++)
        pixels.set(at < y0 + edges[cell + 1]! - gap ? line : gapLine, at * width)
    }
  }
  pixels.fill(palette.page, y * width)
}

/** A line of pixels through the cells of tiles side by side. */
function lineOf(row: readonly GroundedTile[], width: number, palette: Palette, unit: number): Uint32Array {
  const line = new Uint32Array(width).fill(palette.page)
  for (const { rect, content, refused, ground } of row) {
    if (!ground || !content) continue
    if (!isBoxed({ rect, content }, unit)) {
      const colour = (refused ? palette.flatRefused : palette.flat)[ground.cell]!
      line.fill(colour, Math.max(0, rect.x0), Math.max(0, rect.x1))
      continue
    }
    const colour = (refused ? palette.boxedRefused : palette.boxed)[ground.cell]!
    line.fill(tileColour({ refused }, palette), Math.max(0, rect.x0), Math.max(0, rect.x1))
    const gap = dataGap(cellSideOf({ rect, content }), unit)
    const edges = cellEdges(rect.x1 - rect.x0, content.side)
    for (let cell = 0; cell + 1 < edges.length; cell++)
      line.fill(colour, Math.max(0, rect.x0 + edges[cell]!), Math.max(0, rect.x0 + edges[cell + 1]! - gap))
  }
  return line
}

/** A line of pixels between the cells of tiles side by side. */
function gapLineOf(row: readonly GroundedTile[], width: number, palette: Palette): Uint32Array {
  const line = new Uint32Array(width).fill(palette.page)
  for (const { rect, refused, ground } of row)
    if (ground) line.fill(tileColour({ refused }, palette), Math.max(0, rect.x0), Math.max(0, rect.x1))
  return line
}
