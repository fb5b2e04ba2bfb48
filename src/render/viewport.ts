/** Which part of the plane (layout.ts) is seen, and how large. */
import type { PixelRect } from './picture.ts'
import { type Layout, layoutHeight, layoutWidth, PITCH_X, PITCH_Y, type PlanePoint } from './layout.ts'

/** The picture is this many device pixels; pixel (px, py) shows the plane at (x + px / scale, y + py / scale). */
export interface Viewport {
  readonly width: number
  readonly height: number
  /** Device pixels a cluster's side. */
  readonly scale: number
  /** The plane's point at the picture's top left corner. */
  readonly x: number
  readonly y: number
}

/** Room to leave around what is fitted, in device pixels. */
export interface Margins {
  readonly top: number
  readonly right: number
  readonly bottom: number
  readonly left: number
}

/** A rectangle of the plane. */
export interface PlaneRect extends PlanePoint {
  readonly width: number
  readonly height: number
}

/**
 * Shows a rectangle of the plane as large as it goes, in the middle. The scale is lowered to a whole
 * number where that costs little: then all cells are of one size.
 */
export function fitRect(
  rect: PlaneRect,
  size: { readonly width: number; readonly height: number },
  margins: Margins,
  maxScale: number,
): Viewport {
  const { width, height } = size
  const roomX = Math.max(1, width - margins.left - margins.right)
  const roomY = Math.max(1, height - margins.top - margins.bottom)
  const largest = Math.min(roomX / Math.max(1, rect.width), roomY / Math.max(1, rect.height), maxScale)
  const whole = Math.floor(largest)
  const scale = whole >= 1 && whole / largest > 0.88 ? whole : largest
  return {
    width,
    height,
    scale,
    x: rect.x + rect.width / 2 - (margins.left + roomX / 2) / scale,
    y: rect.y + rect.height / 2 - (margins.top + roomY / 2) / scale,
  }
}

/** Shows the whole grid. */
export function fitLayout(
  layout: Layout,
  size: { readonly width: number; readonly height: number },
  margins: Margins,
  maxScale: number,
): Viewport {
  const rect = { x: 0, y: 0, width: layoutWidth(layout), height: layoutHeight(layout) }
  return fitRect(rect, size, margins, maxScale)
}

/**
 * Keeps the grid in sight: what is larger than the picture fills it, what is smaller lies inside it.
 * @param margins how much emptiness may show beside the grid
 */
export function keepInSight(viewport: Viewport, layout: Layout, margins: Margins): Viewport {
  const { scale, width, height } = viewport
  const x = keepAxis(viewport.x, scale, width, layoutWidth(layout), margins.left, margins.right)
  const y = keepAxis(viewport.y, scale, height, layoutHeight(layout), margins.top, margins.bottom)
  return x === viewport.x && y === viewport.y ? viewport : { ...viewport, x, y }
}

function keepAxis(
  origin: number,
  scale: number,
  span: number,
  length: number,
  before: number,
  after: number,
): number {
  const first = -before / scale
  const last = length + (after - span) / scale
  return clamp(origin, Math.min(first, last), Math.max(first, last))
}

/** Tiles of the grid that may be seen: columns and rows from first to last, both included; none if last < first. */
export interface TileRange {
  readonly firstColumn: number
  readonly lastColumn: number
  readonly firstRow: number
  readonly lastRow: number
}

/** @param reach how many pixels a tile may reach over its place, by rounding or by what is drawn around it */
export function visibleTiles(layout: Layout, viewport: Viewport, reach = 2): TileRange {
  const { x, y, width, height, scale } = viewport
  const slack = reach / scale
  return {
    firstColumn: Math.max(0, Math.floor((x - slack) / PITCH_X)),
    lastColumn: Math.min(layout.columns - 1, Math.floor((x + width / scale + slack) / PITCH_X)),
    firstRow: Math.max(0, Math.floor((y - slack) / PITCH_Y)),
    lastRow: Math.min(layout.rows - 1, Math.floor((y + height / scale + slack) / PITCH_Y)),
  }
}

/**
 * The picture's place in whole pixels from the plane's origin. Tiles are rounded from there, not from the
 * picture's own corner, so that a map that is moved by whole pixels is the same picture, moved.
 */
export const originOf = ({ x, y, scale }: Viewport): PlanePoint => ({
  x: Math.round(x * scale),
  y: Math.round(y * scale),
})

export const sameViewport = (a: Viewport, b: Viewport): boolean =>
  a.x === b.x && a.y === b.y && a.scale === b.scale && a.width === b.width && a.height === b.height

/** Where a rectangle of one view's pixels lies in another view. */
export function movedRect(rect: PixelRect, from: Viewport, to: Viewport): PixelRect {
  const zoom = to.scale / from.scale
  const x = (at: number) => Math.round((from.x - to.x) * to.scale + at * zoom)
  const y = (at: number) => Math.round((from.y - to.y) * to.scale + at * zoom)
  return { x0: x(rect.x0), y0: y(rect.y0), x1: x(rect.x1), y1: y(rect.y1) }
}

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high)
