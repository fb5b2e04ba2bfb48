/**
 * Which pixels a tile and its cells take. A cell is one cluster, or a square of 2^level x 2^level
 * clusters where clusters are smaller than a pixel. No cell is ever without a pixel of its own, unless
 * the view is dense: whole windows then share pixels.
 */
import { TILE_SIDE } from '../lib/cells.ts'
import { type Layout, PITCH_X, PITCH_Y } from './layout.ts'
import type { PixelRect } from './picture.ts'
import { originOf, type TileRange, visibleTiles, type Viewport } from './viewport.ts'

/** A window is one cell. */
export const MAX_LEVEL = 6

export interface TilePixels {
  /** 2^level clusters a cell's side; 0 to 6. */
  readonly level: number
  /** Cells along a tile's side: 64 >> level. */
  readonly cells: number
  /** Side of the smallest cell in pixels, at least 1. */
  readonly cellSide: number
  /** Side of the smallest tile in pixels. */
  readonly tileSide: number
  /** Gutter between tiles in pixels; 0 where tiles are too small to have one. */
  readonly gapX: number
  readonly gapY: number
  readonly visible: TileRange
}

/** Tiles smaller than this (in device pixels) stand without a gutter. */
const GUTTER_FROM = 5

/** Tiles smaller than this (in device pixels) are one cell: there may be a million of them. */
const FAR_BELOW = 4

/** How far frames and enlarged cells reach, in device pixels, on screens of three pixels a CSS pixel. */
const TILE_REACH = 16

/** Whether several windows share a pixel, so that there are no tiles to speak of. */
export const isDense = (viewport: Viewport): boolean => viewport.scale * PITCH_X < 1

/** Whether a window is drawn as one cell. */
export const isFar = (layout: Layout, viewport: Viewport): boolean =>
  isDense(viewport) || tilePixels(layout, viewport).level === MAX_LEVEL

/** How the tiles fall on pixels. Only where the view is not dense. */
export function tilePixels(layout: Layout, viewport: Viewport): TilePixels {
  const { scale } = viewport
  const gutter = (width: number) =>
    scale * PITCH_X < GUTTER_FROM ? 0 : Math.max(1, Math.round(scale * width))
  const gapX = gutter(PITCH_X - TILE_SIDE)
  const gapY = gutter(PITCH_Y - TILE_SIDE)
  const smallest = Math.min(Math.floor(scale * PITCH_X) - gapX, Math.floor(scale * PITCH_Y) - gapY)
  const tileSide = scale >= 1 ? Math.round(scale * TILE_SIDE) : Math.max(1, smallest)
  const level = tileSide < FAR_BELOW ? MAX_LEVEL : 6 - Math.floor(Math.log2(Math.min(TILE_SIDE, tileSide)))
  const cells = TILE_SIDE >> level
  return {
    level,
    cells,
    cellSide: Math.floor(tileSide / cells),
    tileSide,
    gapX,
    gapY,
    // Without room for frames, and with cells of which many share a pixel, nothing reaches far.
    visible: visibleTiles(layout, viewport, level === 0 || gapX >= 4 ? TILE_REACH : 3),
  }
}

/** The pixels of the tile in this column and row of the grid; they may lie outside the picture. */
export function tileRect(tiles: TilePixels, viewport: Viewport, column: number, row: number): PixelRect {
  const { scale } = viewport
  const origin = originOf(viewport)
  const x0 = Math.round(column * PITCH_X * scale) - origin.x
  const y0 = Math.round(row * PITCH_Y * scale) - origin.y
  if (scale >= 1) return { x0, y0, x1: x0 + tiles.tileSide, y1: y0 + tiles.tileSide }
  // Below a pixel a cluster the tile takes up the rounding, so that all gutters are of one width:
  // uneven ones would beat against the pixels and show bands that mean nothing.
  const x1 = Math.round((column + 1) * PITCH_X * scale) - origin.x - tiles.gapX
  const y1 = Math.round((row + 1) * PITCH_Y * scale) - origin.y - tiles.gapY
  return { x0, y0, x1: Math.max(x1, x0 + 1), y1: Math.max(y1, y0 + 1) }
}

/** The pixels of a window's tile; undefined where windows are too small to be tiles. */
export function tileOfWindow(layout: Layout, viewport: Viewport, window: number): PixelRect | undefined {
  if (isFar(layout, viewport)) return undefined
  const row = Math.floor(window / layout.columns)
  return tileRect(tilePixels(layout, viewport), viewport, window % layout.columns, row)
}

/**
 * First and past-the-last pixel of the i-th tile along an axis, for tiles without gutters. Tiles smaller
 * than a pixel take the pixel they start in.
 * @param origin the picture's corner in whole pixels from the plane's
 */
function farEdges(origin: number, scale: number, pitch: number, i: number): readonly [number, number] {
  const start = i * pitch * scale
  if (pitch * scale < 1) return [Math.floor(start) - origin, Math.floor(start) + 1 - origin]
  return [Math.round(start) - origin, Math.round((i + 1) * pitch * scale) - origin]
}

/** The first of the grid's tiles on a pixel, the inverse of farEdges; undefined if there is none. */
function farTileAt(origin: number, scale: number, pitch: number, pixel: number): number | undefined {
  const guess = Math.floor((origin + pixel) / scale / pitch)
  // Rounding may put the tile before or after the guess; a pixel past the grid's end is past every tile.
  for (let i = Math.max(0, guess - 1); ; i++) {
    const [from, to] = farEdges(origin, scale, pitch, i)
    if (from > pixel) return undefined
    if (pixel < to) return i
  }
}

const allEdges = (origin: number, scale: number, pitch: number, first: number, last: number): Int32Array => {
  const edges = new Int32Array(Math.max(0, 2 * (last - first + 1)))
  const isShared = pitch * scale < 1
  for (let i = first, at = 0; i <= last; i++, at += 2) {
    const start = i * pitch * scale
    edges[at] = (isShared ? Math.floor(start) : Math.round(start)) - origin
    edges[at + 1] = isShared ? edges[at]! + 1 : Math.round((i + 1) * pitch * scale) - origin
  }
  return edges
}

/** farEdges of each of the tile columns from `first` to `last`, one pair after another. */
export const columnEdges = (viewport: Viewport, first: number, last: number): Int32Array =>
  allEdges(originOf(viewport).x, viewport.scale, PITCH_X, first, last)

/** The same for rows. */
export const rowEdges = (viewport: Viewport, first: number, last: number): Int32Array =>
  allEdges(originOf(viewport).y, viewport.scale, PITCH_Y, first, last)

/** First pixel of the i-th of `cells` cells along a side from `start` to `end`. */
export const cellEdge = (start: number, end: number, cells: number, i: number): number =>
  start + Math.floor((i * (end - start)) / cells)

/** The cell a pixel of a side belongs to: the inverse of cellEdge. */
export const cellAt = (start: number, end: number, cells: number, pixel: number): number =>
  Math.ceil(((pixel - start + 1) * cells) / (end - start)) - 1

/** A cell of the map as it is drawn: a window, and a square of its clusters. */
export interface CellPlace {
  readonly window: number
  readonly level: number
  /** In cells of this level from the tile's corner. */
  readonly column: number
  readonly row: number
}

/** The first cluster of a cell. */
export function firstCluster({ window, level, column, row }: CellPlace): number {
  return window * TILE_SIDE * TILE_SIDE + (row << level) * TILE_SIDE + (column << level)
}

/** The pixels of the cell that shows a cluster. */
export function cellRectOf(layout: Layout, viewport: Viewport, cluster: number): PixelRect {
  const window = Math.floor(cluster / (TILE_SIDE * TILE_SIDE))
  const column = window % layout.columns
  const row = Math.floor(window / layout.columns)
  if (isDense(viewport)) {
    const [x0, x1] = farEdges(originOf(viewport).x, viewport.scale, PITCH_X, column)
    const [y0, y1] = farEdges(originOf(viewport).y, viewport.scale, PITCH_Y, row)
    return { x0, y0, x1, y1 }
  }
  const tiles = tilePixels(layout, viewport)
  const rect = tileRect(tiles, viewport, column, row)
  const within = cluster % (TILE_SIDE * TILE_SIDE)
  const cellColumn = (within % TILE_SIDE) >> tiles.level
  const cellRow = Math.floor(within / TILE_SIDE) >> tiles.level
  return {
    x0: cellEdge(rect.x0, rect.x1, tiles.cells, cellColumn),
    x1: cellEdge(rect.x0, rect.x1, tiles.cells, cellColumn + 1),
    y0: cellEdge(rect.y0, rect.y1, tiles.cells, cellRow),
    y1: cellEdge(rect.y0, rect.y1, tiles.cells, cellRow + 1),
  }
}

/** Rounded to whole pixels, a tile may start or end half a pixel from where the plane has it. */
const near = (here: number) => [Math.floor(here - 0.5), Math.floor(here + 0.5)]

/** The cell that a pixel shows; undefined between tiles and off the grid. */
export function cellAtPixel(
  layout: Layout,
  viewport: Viewport,
  px: number,
  py: number,
): CellPlace | undefined {
  const { scale } = viewport
  const { x, y } = originOf(viewport)
  if (isDense(viewport)) {
    const column = farTileAt(x, scale, PITCH_X, px)
    const row = farTileAt(y, scale, PITCH_Y, py)
    if (column === undefined || column >= layout.columns || row === undefined) return undefined
    const window = row * layout.columns + column
    return window < layout.count ? { window, level: MAX_LEVEL, column: 0, row: 0 } : undefined
  }
  const tiles = tilePixels(layout, viewport)
  for (const row of near((y + py) / scale / PITCH_Y)) {
    for (const column of near((x + px) / scale / PITCH_X)) {
      const window = row * layout.columns + column
      if (column < 0 || column >= layout.columns || row < 0 || window >= layout.count) continue
      const { x0, y0, x1, y1 } = tileRect(tiles, viewport, column, row)
      if (px < x0 || px >= x1 || py < y0 || py >= y1) continue
      return {
        window,
        level: tiles.level,
        column: cellAt(x0, x1, tiles.cells, px),
        row: cellAt(y0, y1, tiles.cells, py),
      }
    }
  }
  return undefined
}
