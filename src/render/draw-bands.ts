/** Rows of tiles, painted line by line: what a row of their cells looks like is the same on all of its lines of pixels. */
import type { Inks } from './inks.ts'
import { type LineMap, NO_CELL } from './kernel/kernel.ts'
import { kernelOf } from './kernel/the-kernel.ts'
import type { Picture, PixelRect } from './picture.ts'
import { cellEdges } from './tile-lists.ts'
import { type TilePixels, tileRect } from './tile-pixels.ts'
import { cellSideOf, dataGap, isBoxed, tileInk } from './tile-style.ts'
import { FRAME } from './window-hold.ts'
import type { Viewport } from './viewport.ts'

/** Tiles that stand in a row, from the first visible column on. */
export interface TileRow {
  readonly row: number
  /** By tile. */
  readonly frames: Uint8Array
  /** The inks of their cells, in as many pieces as they come in. */
  readonly inks: readonly Uint8Array[]
}

/** Paints the rows of one picture. */
export class BandPainter {
  private readonly viewport: Viewport
  private readonly geometry: TilePixels
  private readonly inks: Inks
  private readonly unit: number
  /** The visible columns; how high these are says nothing. */
  private readonly columns: readonly PixelRect[]
  private readonly maps: LineMap[] = []
  private plainPlaces: Int32Array | undefined
  /** By twice a tile's width, one more where it was refused something: which of the maps it has. */
  private readonly mapOf = new Map<number, number>()

  /** @param unit device pixels a CSS pixel */
  constructor(viewport: Viewport, geometry: TilePixels, inks: Inks, unit: number) {
    this.viewport = viewport
    this.geometry = geometry
    this.inks = inks
    this.unit = unit
    const { firstColumn, lastColumn, firstRow } = geometry.visible
    this.columns = Array.from({ length: lastColumn - firstColumn + 1 }, (_, i) =>
      tileRect(geometry, viewport, firstColumn + i, firstRow),
    )
  }

  /** All lines of a row that are in sight, with the page to the left and right of its tiles and between them. */
  paint(picture: Picture, { row, frames, inks }: TileRow): void {
    const { cells: side, visible } = this.geometry
    const first = tileRect(this.geometry, this.viewport, visible.firstColumn, row)
    const rows = this.lines(first, picture.height)
    const places = this.places(frames)
    const gapLine = this.gapOf(first) > 0 ? this.gapLine(picture.width, frames) : NO_LINE
    const { maps } = this
    const { page } = this.inks
    kernelOf(picture).band(picture, Math.max(0, first.y0), {
      side,
      tiles: inks,
      maps,
      places,
      rows,
      gapLine,
      page,
    })
  }

  private places(frames: Uint8Array): Int32Array {
    // Nearly all rows are alike.
    const isPlain = !frames.includes(FRAME.refused)
    if (isPlain && this.plainPlaces?.length === 2 * frames.length) return this.plainPlaces
    const places = new Int32Array(2 * frames.length)
    for (let i = 0; i < frames.length; i++) {
      places[2 * i] = this.columns[i]!.x0
      places[2 * i + 1] = this.mapFor(this.columns[i]!, frames[i] === FRAME.refused)
    }
    if (isPlain) this.plainPlaces = places
    return places
  }

  private gapOf(rect: PixelRect): number {
    const tile = { rect, content: { side: this.geometry.cells } }
    return isBoxed(tile, this.unit) ? dataGap(cellSideOf(tile), this.unit) : 0
  }

  /** By row of cells, in pairs: the lines in sight that show it, and those of the gap below it. */
  private lines(rect: PixelRect, height: number): Int32Array {
    const { y0, y1 } = rect
    const side = this.geometry.cells
    const gap = this.gapOf(rect)
    const edges = cellEdges(y1 - y0, side)
    const seen = (from: number, to: number) => Math.max(0, Math.min(height, y0 + to) - Math.max(0, y0 + from))
    const rows = new Int32Array(2 * side)
    for (let cell = 0; cell < side; cell++) {
      const end = edges[cell + 1]!
      rows[2 * cell] = seen(edges[cell]!, end - gap)
      rows[2 * cell + 1] = seen(end - gap, end)
    }
    return rows
  }

  private mapFor(column: PixelRect, refused: boolean): number {
    const key = 2 * (column.x1 - column.x0) + (refused ? 1 : 0)
    const found = this.mapOf.get(key)
    if (found !== undefined) return found
    this.mapOf.set(key, this.maps.length)
    return this.maps.push(this.makeMap(column, refused)) - 1
  }

  private makeMap(column: PixelRect, refused: boolean): LineMap {
    const { geometry, inks } = this
    const width = column.x1 - column.x0
    // Rounding may put the next tile a pixel further away.
    const length = width + geometry.gapX + 1
    // Cells are as high as they are wide.
    const gap = this.gapOf({ ...column, y1: column.y0 + width })
    const cells = new Uint8Array(length).fill(NO_CELL)
    const none = new Uint8Array(length).fill(inks.page, width)
    const edges = cellEdges(width, geometry.cells)
    for (let cell = 0; cell < geometry.cells; cell++) {
      const end = edges[cell + 1]! - gap
      cells.fill(cell, edges[cell]!, end)
      none.fill(tileInk({ refused }, inks), end, edges[cell + 1]!)
    }
    return { cells, inks: none }
  }

  private gapLine(width: number, frames: Uint8Array): Uint8Array {
    const line = new Uint8Array(width).fill(this.inks.page)
    for (const [i, frame] of frames.entries()) {
      const { x0, x1 } = this.columns[i]!
      line.fill(tileInk({ refused: frame === FRAME.refused }, this.inks), Math.max(0, x0), Math.max(0, x1))
    }
    return line
  }
}

const NO_LINE = new Uint8Array(0)
