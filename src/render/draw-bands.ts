/** Rows of tiles, painted line by line: what a row of their cells looks like is the same on all of its lines of pixels. */
import { frameInk, hasCorners, isCorner } from './draw-frames.ts'
import type { Ink, Inks } from './inks.ts'
import { type LineMap, NO_CELL } from './kernel/kernel.ts'
import { kernelOf } from './kernel/the-kernel.ts'
import type { Picture } from './picture.ts'
import { cellEdges } from './tile-lists.ts'
import { type TilePixels, tileRect } from './tile-pixels.ts'
import { cellSideOf, dataGap, isBoxed, tileInk } from './tile-style.ts'
import { FRAME } from './window-hold.ts'
import type { Viewport } from './viewport.ts'

/** Tiles that stand in a row, from the first visible column on. */
export interface TileRow {
  readonly y0: number
  readonly y1: number
  /** By tile. */
  readonly frames: Uint8Array
  /** The inks of their cells, in as many pieces as they come in. */
  readonly inks: readonly Uint8Array[]
}

/** First and past-the-last pixel of a column of tiles. */
export interface ColumnEdges {
  readonly x0: number
  readonly x1: number
}

/** The columns of tiles that may be seen. */
export function visibleColumns(viewport: Viewport, geometry: TilePixels): ColumnEdges[] {
  const { firstColumn, lastColumn, firstRow } = geometry.visible
  return Array.from({ length: Math.max(0, lastColumn - firstColumn + 1) }, (_, i) => {
    const { x0, x1 } = tileRect(geometry, viewport, firstColumn + i, firstRow)
    return { x0, x1 }
  })
}

/** Paints the rows of one picture. */
export class BandPainter {
  private readonly geometry: TilePixels
  private readonly columns: readonly ColumnEdges[]
  private readonly inks: Inks
  private readonly unit: number
  private readonly maps: LineMap[] = []
  private laid: LaidFrames | undefined
  /** By a tile's width and what its frame is here: which of the maps it has. */
  private readonly mapOf = new Map<number, number>()
  private readonly hasCorners: boolean

  /** @param unit device pixels a CSS pixel */
  constructor(geometry: TilePixels, columns: readonly ColumnEdges[], inks: Inks, unit: number) {
    this.geometry = geometry
    this.columns = columns
    this.inks = inks
    this.unit = unit
    // Nothing is drawn over the gutters of smaller tiles.
    this.hasCorners = geometry.level > 0 && hasCorners(geometry, unit)
  }

  /**
   * All lines of a row that are in sight, with the page to the left and right of its tiles and between them; and, where
   * frames are no more than corners, these, but for those of windows that something was refused to.
   * @returns the line after the last one
   */
  paint(picture: Picture, { y0, y1, frames, inks }: TileRow): number {
    const { width, height, pixels } = picture
    const bottom = Math.min(height, Math.max(0, y1))
    if (bottom > Math.max(0, y0)) {
      const side = this.geometry.cells
      const gap = this.gapOf(y1 - y0)
      const rows = linesOf(y0, cellEdges(y1 - y0, side), gap, height)
      const { places } = this.layFrames(frames, width)
      const gapLine = gap > 0 ? this.gapLine(width, frames) : NO_LINE
      const { maps } = this
      const band = { side, tiles: inks, maps, places, rows, gapLine, page: this.inks.page }
      kernelOf(picture).band(picture, Math.max(0, y0), band)
    }
    if (!this.hasCorners || y1 < 0 || y1 >= height) return bottom
    pixels.set(this.layFrames(frames, width).below, y1 * width)
    return y1 + 1
  }

  /** What of a row depends on its frames alone: nearly all rows are like the one above. */
  private layFrames(frames: Uint8Array, width: number): LaidFrames {
    if (this.laid && isSame(this.laid.frames, frames)) return this.laid
    const places = new Int32Array(2 * frames.length)
    for (let i = 0; i < frames.length; i++) {
      places[2 * i] = this.columns[i]!.x0
      places[2 * i + 1] = this.mapFor(this.columns[i]!, this.kindOf(frames[i]!))
    }
    this.laid = { frames, places, below: this.hasCorners ? this.lineBelow(width, frames) : NO_LINE }
    return this.laid
  }

  /** A line of pixels in which each tile has one ink. @param inkOf by frame; undefined where it is the page's */
  private line(width: number, frames: Uint8Array, inkOf: (frame: number) => Ink | undefined): Uint8Array {
    const line = new Uint8Array(width).fill(this.inks.page)
    for (let i = 0; i < frames.length; i++) {
      const ink = inkOf(frames[i]!)
      if (ink === undefined) continue
      const { x0, x1 } = this.columns[i]!
      line.fill(ink, Math.max(0, x0), Math.max(0, x1))
    }
    return line
  }

  /** The corners' line below a row of tiles. */
  private lineBelow(width: number, frames: Uint8Array): Uint8Array {
    return this.line(width, frames, frame => (isCorner(frame) ? frameInk(frame, this.inks) : undefined))
  }

  private gapLine(width: number, frames: Uint8Array): Uint8Array {
    return this.line(width, frames, frame => tileInk({ refused: frame === FRAME.refused }, this.inks))
  }

  /** Frames that make no difference here count as none. */
  private kindOf(frame: number): number {
    return this.hasCorners || frame === FRAME.refused ? frame : FRAME.nothing
  }

  /** Between cells, in pixels. @param length of a side of their tile */
  private gapOf(length: number): number {
    const rect = { x0: 0, y0: 0, x1: length, y1: length }
    const tile = { rect, content: { side: this.geometry.cells } }
    return isBoxed(tile, this.unit) ? dataGap(cellSideOf(tile), this.unit) : 0
  }

  private mapFor(column: ColumnEdges, frame: number): number {
    const key = (column.x1 - column.x0) * FRAMES + frame
    const found = this.mapOf.get(key)
    if (found !== undefined) return found
    this.mapOf.set(key, this.maps.length)
    return this.maps.push(this.makeMap(column, frame)) - 1
  }

  private makeMap(column: ColumnEdges, frame: number): LineMap {
    const { geometry, inks } = this
    const refused = frame === FRAME.refused
    const width = column.x1 - column.x0
    // The pixel after a tile is where its corner is.
    const length = width + (geometry.gapX > 0 ? 1 : 0)
    const gap = this.gapOf(width)
    const cells = new Uint8Array(length).fill(NO_CELL)
    const none = new Uint8Array(length).fill(inks.page, width)
    const edges = cellEdges(width, geometry.cells)
    for (let cell = 0; cell < geometry.cells; cell++) {
      const end = edges[cell + 1]! - gap
      cells.fill(cell, edges[cell]!, end)
      none.fill(tileInk({ refused }, inks), end, edges[cell + 1]!)
    }
    if (this.hasCorners && isCorner(frame)) none[width] = frameInk(frame, inks)
    return { cells, inks: none }
  }
}

interface LaidFrames {
  readonly frames: Uint8Array
  readonly places: Int32Array
  readonly below: Uint8Array
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

const NO_LINE = new Uint8Array(0)
const FRAMES = Object.keys(FRAME).length

/**
 * By row of cells, in pairs: the lines in sight that show it, and those of the gap below it.
 * @param edges of the rows, from the first pixel `y0` on
 */
function linesOf(y0: number, edges: Int32Array, gap: number, height: number): Int32Array {
  const side = edges.length - 1
  const rows = new Int32Array(2 * side)
  const clamped = (y: number) => Math.min(height, Math.max(0, y0 + y))
  for (let cell = 0; cell < side; cell++) {
    const end = edges[cell + 1]!
    const painted = clamped(end - gap)
    rows[2 * cell] = painted - clamped(edges[cell]!)
    rows[2 * cell + 1] = clamped(end) - painted
  }
  return rows
}
