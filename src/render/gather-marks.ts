/** Finds the unguarded cells of a picture. */
import { cellGuard, isUnguarded, TILES_PER_BLOCK } from '../lib/cells.ts'
import { firstRowFrom } from '../lib/window-rows.ts'
import type { WindowCellList } from '../simulation/map-index.ts'
import type { MapScene } from './map-scene.ts'
import { Marks } from './marks.ts'
import type { PixelRect } from './picture.ts'
import { unguardedCells } from './tile-lists.ts'
import {
  cellEdge,
  columnEdges,
  isDense,
  isFar,
  MAX_LEVEL,
  rowEdges,
  tilePixels,
  tileRect,
} from './tile-pixels.ts'
import { type Viewport, visibleTiles } from './viewport.ts'
import { visibleWindows } from './visible-windows.ts'

/** @param muted by cell, 1 for what the legend has filtered out */
export function gatherMarks(scene: MapScene, viewport: Viewport, muted: Uint8Array): Marks {
  const marks = new Marks()
  if (!scene.hasUnguarded) return marks
  if (isFar(scene.layout, viewport)) gatherFar(scene, viewport, muted, marks)
  else if (tilePixels(scene.layout, viewport).level === 0) gatherNear(scene, viewport, muted, marks)
  else gatherSmall(scene, viewport, muted, marks)
  return marks
}

function gatherNear(scene: MapScene, viewport: Viewport, muted: Uint8Array, marks: Marks) {
  const geometry = tilePixels(scene.layout, viewport)
  const { level, cells: side } = geometry
  for (const { window, rect } of visibleWindows(scene.layout, viewport)) {
    const content = scene.cells.tile(window)
    if (!content) continue
    for (const index of unguardedCells(content))
      addNear(marks, { rect, side, level, window, viewport }, index, content.cells[index]!, muted)
  }
}

/** The same where windows come in blocks. */
function gatherSmall(
  { layout, cells: source }: MapScene,
  viewport: Viewport,
  muted: Uint8Array,
  marks: Marks,
) {
  const geometry = tilePixels(layout, viewport)
  const { level, cells: side, visible } = geometry
  const perTile = side * side
  for (let row = visible.firstRow; row <= visible.lastRow; row++) {
    const start = row * layout.columns
    const first = start + visible.firstColumn
    const end = Math.min(start + visible.lastColumn + 1, layout.count)
    for (let block = Math.floor(first / TILES_PER_BLOCK); block * TILES_PER_BLOCK < end; block++) {
      const { unguarded, cells } = source.block(level, block)
      if (unguarded.length === 0) continue
      const blockStart = block * TILES_PER_BLOCK
      let rect: PixelRect | undefined
      let rectOf = -1
      const from = Math.max(0, (first - blockStart) * perTile)
      for (let i = firstRowFrom(unguarded, unguarded.length, from); i < unguarded.length; i++) {
        const place = unguarded[i]!
        const window = blockStart + Math.floor(place / perTile)
        if (window >= end) break
        if (window !== rectOf || !rect) rect = tileRect(geometry, viewport, window - start, row)
        rectOf = window
        addNear(marks, { rect, side, level, window, viewport }, place % perTile, cells[place]!, muted)
      }
    }
  }
}

interface MarkedTile {
  readonly rect: PixelRect
  readonly side: number
  readonly level: number
  readonly window: number
  readonly viewport: Viewport
}

function addNear(
  marks: Marks,
  { rect, side, level, window, viewport }: MarkedTile,
  index: number,
  cell: number,
  muted: Uint8Array,
): void {
  if (muted[cell]) return
  const column = index % side
  const row = (index - column) / side
  const x0 = cellEdge(rect.x0, rect.x1, side, column)
  const x1 = cellEdge(rect.x0, rect.x1, side, column + 1)
  const y0 = cellEdge(rect.y0, rect.y1, side, row)
  const y1 = cellEdge(rect.y0, rect.y1, side, row + 1)
  // A mark reaches over its cell, but the cell itself has to be near.
  if (y1 + (y1 - y0) < 0 || y0 - (y1 - y0) > viewport.height) return
  if (x1 + (x1 - x0) < 0 || x0 - (x1 - x0) > viewport.width) return
  marks.add(x0, y0, x1, y1, window, level, column, row, cell)
}

/** Where windows share a pixel, one mark is enough for it. */
function gatherFar({ layout, cells: source }: MapScene, viewport: Viewport, muted: Uint8Array, marks: Marks) {
  const list = source.windowCells()
  const places = list.unguarded ?? unguardedOf(list)
  const { firstColumn, lastColumn, firstRow, lastRow } = visibleTiles(layout, viewport)
  const edgesX = columnEdges(viewport, firstColumn, lastColumn)
  const edgesY = rowEdges(viewport, firstRow, lastRow)
  const shared = isDense(viewport) ? new Uint8Array(viewport.width * viewport.height) : undefined
  for (let row = firstRow; row <= lastRow; row++) {
    const start = row * layout.columns
    const end = Math.min(start + lastColumn + 1, layout.count)
    const y0 = edgesY[2 * (row - firstRow)]!
    const y1 = edgesY[2 * (row - firstRow) + 1]!
    const from = firstRowFrom(list.window, list.count, start + firstColumn)
    for (let at = firstRowFrom(places, places.length, from); at < places.length; at++) {
      const i = places[at]!
      const window = list.window[i]!
      if (window >= end) break
      const cell = list.cell[i]!
      if (muted[cell]) continue
      const edge = 2 * (window - start - firstColumn)
      const x0 = edgesX[edge]!
      const x1 = edgesX[edge + 1]!
      if (x1 <= 0 || y1 <= 0 || x0 >= viewport.width || y0 >= viewport.height) continue
      if (shared) {
        const pixel = y0 * viewport.width + x0
        if (shared[pixel]) continue
        shared[pixel] = 1
      }
      marks.add(x0, y0, x1, y1, window, MAX_LEVEL, 0, 0, cell)
    }
  }
}

const unguardedOf = ({ count, cell }: WindowCellList): Uint32Array =>
  Uint32Array.from(Array.from({ length: count }, (_, i) => i).filter(i => isUnguarded(cellGuard(cell[i]!))))
