/** Finds the unguarded cells of a picture. */
import { cellGuard, isUnguarded } from '../lib/cells.ts'
import { firstRowFrom } from '../lib/window-rows.ts'
import type { WindowCellList } from '../simulation/map-index.ts'
import type { MapScene } from './map-scene.ts'
import { type Mark, MAX_MARKS, Marks } from './marks.ts'
import { cellEdges, unguardedCells } from './tile-lists.ts'
import { columnEdges, isDense, isFar, MAX_LEVEL, rowEdges, tilePixels } from './tile-pixels.ts'
import { type Viewport, visibleTiles } from './viewport.ts'
import { visibleWindows } from './visible-windows.ts'

/** @param muted by cell, 1 for what the legend has filtered out */
export function gatherMarks(scene: MapScene, viewport: Viewport, muted: Uint8Array): Marks {
  const marks = new Marks()
  if (!scene.hasUnguarded) return marks
  if (isFar(scene.layout, viewport)) gatherFar(scene, viewport, muted, marks)
  else gatherNear(scene, viewport, muted, marks)
  return marks
}

function gatherNear(
  { layout, cells: source }: MapScene,
  viewport: Viewport,
  muted: Uint8Array,
  marks: Marks,
) {
  const { level } = tilePixels(layout, viewport)
  for (const { window, rect } of visibleWindows(layout, viewport)) {
    const content = source.tile(level, window)
    if (!content) continue
    const { cells, side } = content
    const edgesX = cellEdges(rect.x1 - rect.x0, side)
    const edgesY = cellEdges(rect.y1 - rect.y0, side)
    for (const index of unguardedCells(content)) {
      const cell = cells[index]!
      if (muted[cell]) continue
      const column = index % side
      const row = (index - column) / side
      const x0 = rect.x0 + edgesX[column]!
      const x1 = rect.x0 + edgesX[column + 1]!
      const y0 = rect.y0 + edgesY[row]!
      const y1 = rect.y0 + edgesY[row + 1]!
      // A mark reaches over its cell, but the cell itself has to be near.
      if (y1 + (y1 - y0) < 0 || y0 - (y1 - y0) > viewport.height) continue
      if (x1 + (x1 - x0) < 0 || x0 - (x1 - x0) > viewport.width) continue
      marks.add({ x0, x1, y0, y1, place: { window, level, column, row }, cell, tile: rect })
    }
  }
}

/** Where windows share a pixel, one mark is enough for it. */
function gatherFar({ layout, cells: source }: MapScene, viewport: Viewport, muted: Uint8Array, marks: Marks) {
  const list = source.windowCells()
  const places = list.unguarded ?? unguardedOf(list)
  const { firstColumn, lastColumn, firstRow, lastRow } = visibleTiles(layout, viewport)
  const edgesX = columnEdges(viewport, firstColumn, lastColumn)
  const edgesY = rowEdges(viewport, firstRow, lastRow)
  const shared = isDense(viewport) ? new Map<number, Mark>() : undefined
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
      const mark = { x0: edgesX[edge]!, y0, x1: edgesX[edge + 1]!, y1, place: placeOf(window), cell }
      if (mark.x1 <= 0 || y1 <= 0 || mark.x0 >= viewport.width || y0 >= viewport.height) continue
      const pixel = y0 * viewport.width + mark.x0
      if (shared?.has(pixel)) continue
      if (shared && shared.size < MAX_MARKS) shared.set(pixel, mark)
      marks.add(mark)
    }
  }
}

const placeOf = (window: number) => ({ window, level: MAX_LEVEL, column: 0, row: 0 })

const unguardedOf = ({ count, cell }: WindowCellList): Uint32Array =>
  Uint32Array.from(Array.from({ length: count }, (_, i) => i).filter(i => isUnguarded(cellGuard(cell[i]!))))
