/**
 * The map from so far away that a window is a few pixels, or shares one with others: each is painted
 * in the colour of the most severe thing in it, and each pixel in that of its most severe window.
 */
import { Owner } from '../lib/owners.ts'
import type { WindowStretch } from '../lib/window-codes.ts'
import { firstRowFrom } from '../lib/window-rows.ts'
import type { WindowCellList } from '../simulation/window-cells.ts'
import type { Layout } from './layout.ts'
import type { MapScene } from './map-scene.ts'
import type { Ink, Inks } from './inks.ts'
import { fillRect, type Picture } from './picture.ts'
import { drawGrid } from './draw-grid.ts'
import { columnEdges, isDense, rowEdges } from './tile-pixels.ts'
import { type TileRange, type Viewport, visibleTiles } from './viewport.ts'

export function drawFar(picture: Picture, scene: MapScene, viewport: Viewport, inks: Inks) {
  const { layout } = scene
  const visible = visibleTiles(layout, viewport)
  const { firstColumn, lastColumn, firstRow, lastRow } = visible
  if (lastColumn < firstColumn || lastRow < firstRow) return
  const grid = scene.cells.windowGrid?.(layout)
  const edgesX = columnEdges(viewport, firstColumn, lastColumn)
  const edgesY = rowEdges(viewport, firstRow, lastRow)
  fillGrid(picture, layout, visible, { edgesX, edgesY }, inks.flat[Owner.free]!)
  if (grid) drawGrid(picture, grid, { ...visible, edgesX, edgesY, isShared: isDense(viewport) }, inks)
  else if (isDense(viewport)) drawShared(picture, scene, visible, { edgesX, edgesY }, inks)
  else drawWindows(picture, scene, visible, { edgesX, edgesY }, inks)
}

/** First and past-the-last pixels of the visible columns and rows, in pairs. */
interface Edges {
  readonly edgesX: Int32Array
  readonly edgesY: Int32Array
}

/** What is in no list is free; the last row of the grid may be shorter than the others. */
function fillGrid(picture: Picture, layout: Layout, visible: TileRange, { edgesX, edgesY }: Edges, ink: Ink) {
  const { firstColumn, lastColumn, lastRow } = visible
  const isWhole = (lastRow + 1) * layout.columns <= layout.count
  // Its line of pixels may be that of the row before it, too, of which all is there.
  const whole = isWhole ? edgesY.at(-1)! : Math.max(edgesY.at(-2)!, edgesY.at(-3) ?? edgesY.at(-2)!)
  fillRect(picture, edgesX[0]!, edgesY[0]!, edgesX.at(-1)!, whole, ink)
  const inLast = Math.min(lastColumn, layout.count - 1 - lastRow * layout.columns) - firstColumn
  if (inLast >= 0) fillRect(picture, edgesX[0]!, edgesY.at(-2)!, edgesX[2 * inLast + 1]!, edgesY.at(-1)!, ink)
}

/** Parts of what is in no list but not all alike, within windows that are asked for in ascending order. */
function stretchesByRow({ unlisted = [] }: WindowCellList): (from: number, to: number) => WindowStretch[] {
  let first = 0
  return (start, end) => {
    while (first < unlisted.length && unlisted[first]!.to <= start) first++
    const within: WindowStretch[] = []
    for (let i = first; i < unlisted.length && unlisted[i]!.from < end; i++) {
      const { from, to, cell } = unlisted[i]!
      within.push({ from: Math.max(from, start), to: Math.min(to, end), cell })
    }
    return within
  }
}

/** Windows that have pixels of their own. */
function drawWindows(
  picture: Picture,
  { layout, cells }: MapScene,
  { firstColumn, lastColumn, firstRow, lastRow }: TileRange,
  { edgesX, edgesY }: Edges,
  inks: Inks,
) {
  const { pixels, width, height } = picture
  const list = cells.windowCells()
  const stretches = stretchesByRow(list)
  for (let row = firstRow; row <= lastRow; row++) {
    const y0 = Math.max(0, edgesY[2 * (row - firstRow)]!)
    const y1 = Math.min(height, edgesY[2 * (row - firstRow) + 1]!)
    if (y0 >= y1) continue
    const start = row * layout.columns
    const end = Math.min(start + lastColumn + 1, layout.count)
    for (const { from, to, cell } of stretches(start + firstColumn, end)) {
      const x1 = edgesX[2 * (to - 1 - start - firstColumn) + 1]!
      fillRect(picture, edgesX[2 * (from - start - firstColumn)]!, y0, x1, y1, inks.flat[cell]!)
    }
    let left = width
    let right = 0
    for (let i = firstRowFrom(list.window, list.count, start + firstColumn); i < list.count; i++) {
      const window = list.window[i]!
      if (window >= end) break
      const ink = (list.refused[i] ? inks.flatRefused : inks.flat)[list.cell[i]!]!
      const at = 2 * (window - start - firstColumn)
      const x0 = Math.max(0, edgesX[at]!)
      const x1 = Math.min(width, edgesX[at + 1]!)
      for (let x = x0; x < x1; x++) pixels[y0 * width + x] = ink
      if (x0 < left) left = x0
      if (x1 > right) right = x1
    }
    if (left >= right) continue
    for (let y = y0 + 1; y < y1; y++)
      pixels.copyWithin(y * width + left, y0 * width + left, y0 * width + right)
  }
}

/** Windows that share pixels: of those of a pixel the most severe one is seen. */
function drawShared(
  { pixels, width, height }: Picture,
  { layout, cells }: MapScene,
  { firstColumn, lastColumn, firstRow, lastRow }: TileRange,
  { edgesX, edgesY }: Edges,
  { severities, flat, flatRefused }: Inks,
) {
  const list = cells.windowCells()
  /** Severity of what each pixel of the row of pixels shows, plus one; 0 for nothing yet. */
  const shown = new Uint16Array(width)
  const stretches = stretchesByRow(list)
  let line = -1
  for (let row = firstRow; row <= lastRow; row++) {
    const y = edgesY[2 * (row - firstRow)]!
    if (y < 0 || y >= height) continue
    if (y !== line) shown.fill(0)
    line = y
    const start = row * layout.columns
    const end = Math.min(start + lastColumn + 1, layout.count)
    const base = start + firstColumn
    for (const { from, to, cell } of stretches(base, end)) {
      const weight = 2 * severities[cell]! + 1
      const right = Math.min(width, edgesX[2 * (to - 1 - base) + 1]!)
      for (let x = Math.max(0, edgesX[2 * (from - base)]!); x < right; x++) {
        if (weight <= shown[x]!) continue
        shown[x] = weight
        pixels[y * width + x] = flat[cell]!
      }
    }
    for (let i = firstRowFrom(list.window, list.count, base); i < list.count; i++) {
      const window = list.window[i]!
      if (window >= end) break
      const x = edgesX[2 * (window - base)]!
      if (x < 0 || x >= width) continue
      const cell = list.cell[i]!
      const refused = list.refused[i]!
      const weight = 2 * severities[cell]! + refused + 1
      if (weight <= shown[x]!) continue
      shown[x] = weight
      pixels[y * width + x] = (refused ? flatRefused : flat)[cell]!
    }
  }
}
