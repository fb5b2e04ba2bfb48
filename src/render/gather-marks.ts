/** Finds the unguarded cells of a picture. */
import { cellGuard, isUnguarded, TILES_PER_BLOCK } from '../lib/cells.ts'
import { firstRowFrom } from '../lib/window-rows.ts'
import type { WindowCellList } from '../simulation/window-cells.ts'
import type { MapScene } from './map-scene.ts'
import { Marks } from './marks.ts'
import type { PixelRect } from './picture.ts'
import { cellEdges, unguardedCells } from './tile-lists.ts'
import {
  columnEdges,
  isDense,
  isFar,
  MAX_LEVEL,
  rowEdges,
  type TilePixels,
  tilePixels,
  tileRect,
} from './tile-pixels.ts'
import { type Viewport, visibleTiles } from './viewport.ts'
import { visibleWindows } from './visible-windows.ts'

/**
 * @param muted by cell, 1 for what the legend has filtered out
 * @param marks receives them, in place of what it held
 */
export function gatherMarks(
  scene: MapScene,
  viewport: Viewport,
  muted: Uint8Array,
  marks = new Marks(),
): Marks {
  marks.clear()
  if (!scene.hasUnguarded) return marks
  if (isFar(scene.layout, viewport)) gatherFar(scene, viewport, muted, marks)
  else if (tilePixels(scene.layout, viewport).level === 0) gatherNear(scene, viewport, muted, marks)
  else gatherSmall(scene, viewport, muted, marks)
  return marks
}

function gatherNear(scene: MapScene, viewport: Viewport, muted: Uint8Array, marks: Marks) {
  const geometry = tilePixels(scene.layout, viewport)
  const marker = new TileMarker(marks, viewport, geometry, muted)
  for (const { window, rect } of visibleWindows(scene.layout, viewport)) {
    const content = scene.cells.tile(window)
    const places = content && unguardedCells(content)
    if (!places?.length) continue
    marker.enter(window, rect)
    for (const index of places) marker.mark(index, content!.cells[index]!)
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
  const marker = new TileMarker(marks, viewport, geometry, muted)
  const { level, visible } = geometry
  const perTile = geometry.cells ** 2
  for (let row = visible.firstRow; row <= visible.lastRow; row++) {
    const start = row * layout.columns
    const first = start + visible.firstColumn
    const end = Math.min(start + visible.lastColumn + 1, layout.count)
    for (let block = Math.floor(first / TILES_PER_BLOCK); block * TILES_PER_BLOCK < end; block++) {
      const blockStart = block * TILES_PER_BLOCK
      const before = Math.max(0, first - blockStart)
      const after = Math.min(TILES_PER_BLOCK, end - blockStart)
      const { unguarded, cells } = source.block(level, block, before, after)
      /** Places in the block from which on cells are not of the window that was entered last. */
      let windowEnd = 0
      for (let i = firstRowFrom(unguarded, unguarded.length, before * perTile); i < unguarded.length; i++) {
        const place = unguarded[i]!
        if (place >= windowEnd) {
          const window = blockStart + Math.floor(place / perTile)
          if (window >= end) break
          marker.enter(window, tileRect(geometry, viewport, window - start, row))
          windowEnd = (window - blockStart + 1) * perTile
        }
        marker.mark(place - windowEnd + perTile, cells[place]!)
      }
    }
  }
}

const NO_EDGES = new Int32Array(0)

/** Marks cells of one tile after another. */
class TileMarker {
  private readonly marks: Marks
  private readonly viewport: Viewport
  private readonly geometry: TilePixels
  private readonly muted: Uint8Array
  private window = 0
  private left = 0
  private top = 0
  private edgesX: Int32Array = NO_EDGES
  private edgesY: Int32Array = NO_EDGES

  constructor(marks: Marks, viewport: Viewport, geometry: TilePixels, muted: Uint8Array) {
    this.marks = marks
    this.viewport = viewport
    this.geometry = geometry
    this.muted = muted
  }

  /** What is marked from now on is of this window. */
  enter(window: number, { x0, y0, x1, y1 }: PixelRect): void {
    this.window = window
    this.left = x0
    this.top = y0
    this.edgesX = cellEdges(x1 - x0, this.geometry.cells)
    this.edgesY = cellEdges(y1 - y0, this.geometry.cells)
  }

  /** @param index of the cell in its tile */
  mark(index: number, cell: number): void {
    if (this.muted[cell]) return
    const { edgesX, edgesY, viewport } = this
    const { level } = this.geometry
    // Tiles have 2^(6 - level) cells along a side.
    const row = index >> (MAX_LEVEL - level)
    const column = index & (this.geometry.cells - 1)
    const x0 = this.left + edgesX[column]!
    const x1 = this.left + edgesX[column + 1]!
    const y0 = this.top + edgesY[row]!
    const y1 = this.top + edgesY[row + 1]!
    // A mark reaches over its cell, but the cell itself has to be near.
    if (y1 + (y1 - y0) < 0 || y0 - (y1 - y0) > viewport.height) return
    if (x1 + (x1 - x0) < 0 || x0 - (x1 - x0) > viewport.width) return
    this.marks.add(x0, y0, x1, y1, this.window, level, column, row, cell)
  }
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
