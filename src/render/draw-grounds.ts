/**
 * What nearly all cells of a tile are, painted for all tiles that stand in a row in one go: their lines of
 * pixels are the same all down the row, but for the gaps between cells, and so are made once and copied.
 */
import { cellEdges, groundOf } from './tile-lists.ts'
import { cellSideOf, dataGap, isBoxed, isPlainBox, tileColour, type TileToDraw } from './draw-tile.ts'
import type { TileGround, WindowCells } from './map-scene.ts'
import type { Palette } from './palette.ts'
import { fillRect, makePicture, type Picture, type PixelRect } from './picture.ts'

export interface GroundedTile {
  readonly rect: PixelRect
  /** Undefined where it is not at hand. */
  readonly content: WindowCells | undefined
  readonly refused: boolean
  /** What is to be painted here; undefined where that is left to drawTile. */
  readonly ground: TileGround | undefined
}

/** Whether its cells are known. */
export const isAtHand = <T extends GroundedTile>(tile: T): tile is T & { readonly content: WindowCells } =>
  tile.content !== undefined

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
  const line = makePicture(width, 1)
  const gapLine = makePicture(width, 1)
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
    const some = row.find(tile => tile.ground && isAtHand(tile))
    if (!some || !isAtHand(some)) {
      pixels.fill(palette.page, top * width, bottom * width)
      continue
    }
    paintLine(line, row, palette, unit)
    if (!isBoxed(some, unit)) {
      for (let at = top; at < bottom; at++) pixels.set(line.pixels, at * width)
      continue
    }
    paintGapLine(gapLine, row, palette)
    const gap = dataGap(cellSideOf(some), unit)
    const edges = cellEdges(y1 - y0, some.content.side)
    for (let cell = 0; cell + 1 < edges.length; cell++) {
      const end = Math.min(height, y0 + edges[cell + 1]!)
      for (let at = Math.max(0, y0 + edges[cell]!); at < end; at++)
        pixels.set((at < y0 + edges[cell + 1]! - gap ? line : gapLine).pixels, at * width)
    }
  }
  pixels.fill(palette.page, y * width)
}

/** A line of pixels through the cells of tiles side by side. */
function paintLine(line: Picture, row: readonly GroundedTile[], palette: Palette, unit: number): void {
  line.pixels.fill(palette.page)
  const fill = (from: number, to: number, colour: number) => fillRect(line, from, 0, to, 1, colour)
  for (const tile of row) {
    const { rect, refused, ground } = tile
    if (!ground || !isAtHand(tile)) continue
    if (!isBoxed(tile, unit)) {
      fill(rect.x0, rect.x1, (refused ? palette.flatRefused : palette.flat)[ground.cell]!)
      continue
    }
    const colour = (refused ? palette.boxedRefused : palette.boxed)[ground.cell]!
    fill(rect.x0, rect.x1, tileColour(tile, palette))
    const gap = dataGap(cellSideOf(tile), unit)
    const edges = cellEdges(rect.x1 - rect.x0, tile.content.side)
    for (let cell = 0; cell + 1 < edges.length; cell++)
      fill(rect.x0 + edges[cell]!, rect.x0 + edges[cell + 1]! - gap, colour)
  }
}

/** A line of pixels between the cells of tiles side by side. */
function paintGapLine(line: Picture, row: readonly GroundedTile[], palette: Palette): void {
  line.pixels.fill(palette.page)
  for (const tile of row)
    if (tile.ground) fillRect(line, tile.rect.x0, 0, tile.rect.x1, 1, tileColour(tile, palette))
}
