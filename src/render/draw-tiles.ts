/** The map from where windows are tiles. */
import { TILE_SIDE, TILES_PER_BLOCK } from '../lib/cells.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import { blockInks } from './block-inks.ts'
import { BandPainter, type ColumnEdges, visibleColumns } from './draw-bands.ts'
import { drawFrame, frameGap, hasCorners } from './draw-frames.ts'
import { drawSigns } from './draw-signs.ts'
import { drawTile } from './draw-tile.ts'
import type { Inks } from './inks.ts'
import { framesOf, type MapScene, type WindowCells } from './map-scene.ts'
import { FRAME } from './window-hold.ts'
import { fillRect, type Picture, type PixelRect } from './picture.ts'
import { cellInks } from './tile-lists.ts'
import { type TilePixels, tilePixels, tileRect } from './tile-pixels.ts'
import { groundOf, tileInk } from './tile-style.ts'
import type { Viewport } from './viewport.ts'

/** Paints every pixel. @param unit device pixels a CSS pixel */
export function drawTiles(
  picture: Picture,
  scene: MapScene,
  viewport: Viewport,
  inks: Inks,
  unit: number,
): void {
  const geometry = tilePixels(scene.layout, viewport)
  const columns = visibleColumns(viewport, geometry)
  const drawing = { picture, scene, viewport, geometry, columns, inks, unit }
  const { width, height, pixels } = picture
  const painter = new BandPainter(geometry, columns, inks, unit)
  const rows = visibleRows(drawing)
  let painted = 0
  for (const row of rows) {
    const top = clamp(row.y0, height)
    pixels.fill(inks.page, painted * width, top * width)
    const isInSight = clamp(row.y1, height) > top
    const cells = isInSight ? inksOfRow(row, drawing) : []
    painted = painter.paint(picture, { ...row, inks: cells })
  }
  pixels.fill(inks.page, painted * width)
  for (const row of rows) drawOver(row, drawing)
}

const clamp = (y: number, height: number) => Math.min(height, Math.max(0, y))

interface Drawing {
  readonly picture: Picture
  readonly scene: MapScene
  readonly viewport: Viewport
  readonly geometry: TilePixels
  readonly columns: readonly ColumnEdges[]
  readonly inks: Inks
  readonly unit: number
}

/** Windows that stand side by side, from the first visible column on. */
interface WindowRow {
  readonly first: number
  readonly y0: number
  readonly y1: number
  readonly frames: Uint8Array
  /** Of each its clusters, where these are seen; undefined where they are not at hand. */
  readonly contents: readonly (WindowCells | undefined)[] | undefined
}

function visibleRows({ scene, viewport, geometry }: Drawing): WindowRow[] {
  const { columns, count } = scene.layout
  const { firstRow, lastRow, firstColumn, lastColumn } = geometry.visible
  const rows: WindowRow[] = []
  for (let row = firstRow; row <= lastRow; row++) {
    const first = row * columns + firstColumn
    const here = Math.min(lastColumn - firstColumn + 1, count - first)
    if (here <= 0) continue
    const { y0, y1 } = tileRect(geometry, viewport, firstColumn, row)
    const contents =
      geometry.level > 0 ? undefined : Array.from({ length: here }, (_, i) => scene.cells.tile(first + i))
    rows.push({ first, y0, y1, frames: framesOf(scene, first, here), contents })
  }
  return rows
}

function rectOf({ columns }: Drawing, { y0, y1 }: WindowRow, i: number): PixelRect {
  const { x0, x1 } = columns[i]!
  return { x0, y0, x1, y1 }
}

const inksOfRow = (row: WindowRow, drawing: Drawing): Uint8Array[] =>
  row.contents ? tileInks(row, row.contents, drawing) : blocksInks(row, drawing)

function tileInks(
  row: WindowRow,
  contents: NonNullable<WindowRow['contents']>,
  drawing: Drawing,
): Uint8Array[] {
  const { inks, unit } = drawing
  return contents.map((content, i) => {
    if (!content) return NOTHING
    const tile = { rect: rectOf(drawing, row, i), content, refused: row.frames[i] === FRAME.refused }
    return cellInks(content, groundOf(tile, inks, unit))
  })
}

/** In place of cells that are not at hand: they are painted over. */
const NOTHING = new Uint8Array(TILE_SIDE * TILE_SIDE)

function blocksInks({ first, frames }: WindowRow, { scene, geometry, inks }: Drawing): Uint8Array[] {
  const end = first + frames.length
  const pieces: Uint8Array[] = []
  for (let from = first; from < end; ) {
    const to = Math.min(end, (Math.floor(from / TILES_PER_BLOCK) + 1) * TILES_PER_BLOCK)
    pieces.push(blockInks(scene, geometry.level, from, to, inks))
    from = to
  }
  return pieces
}

/** What is drawn over painted tiles, and their frames. */
function drawOver(row: WindowRow, drawing: Drawing): void {
  const { picture, inks, unit, geometry } = drawing
  const gap = frameGap(geometry)
  // Most corners of small tiles were painted with them.
  const isDrawn = !row.contents && (gap === 0 || hasCorners(geometry, unit))
  if (isDrawn && !row.frames.includes(FRAME.refused)) return
  for (let i = 0; i < row.frames.length; i++) {
    const frame = row.frames[i]!
    if (isDrawn && frame !== FRAME.refused) continue
    const rect = rectOf(drawing, row, i)
    if (row.contents) drawContent(row, i, rect, drawing)
    if (gap > 0) drawFrame(picture, rect, gap, frame, inks, unit)
  }
}

function drawContent(
  { first, frames, contents }: WindowRow,
  i: number,
  rect: PixelRect,
  { picture, scene, inks, unit }: Drawing,
): void {
  const content = contents?.[i]
  const refused = frames[i] === FRAME.refused
  if (!content) {
    fillRect(picture, rect.x0, rect.y0, rect.x1, rect.y1, tileInk({ refused }, inks))
    return
  }
  const cellsInFile = scene.fileClusters - (first + i) * WINDOW_CLUSTERS
  const tile = { rect, content, refused, cellsInFile }
  if (cellsInFile < WINDOW_CLUSTERS) drawTile(picture, tile, inks, unit)
  else drawSigns(picture, tile, inks, unit)
}
