/** What moves over the picture without changing it: the cluster under the pointer, the pinned one, call-outs. */
import { type Callout, calloutBox } from './callouts.ts'
import { drawCommandPath, type PathMark } from './command-path.ts'
import type { PixelRect } from './picture.ts'
import type { Pen } from './svg-pen.ts'

export interface OverlayStyle {
  /** CSS colours. */
  readonly text: string
  readonly page: string
  readonly accent: string
  readonly danger: string
  /** Device pixels a CSS pixel. */
  readonly ratio: number
}

export interface Overlay {
  readonly hovered: PixelRect | undefined
  readonly selected: PixelRect | undefined
  /** A range that was asked to be shown: the tiles or cells it covers. */
  readonly revealed: PixelRect | undefined
  readonly callouts: readonly Callout[]
  /** Where the last command went. */
  readonly path: readonly PathMark[]
}

export function drawOverlay(context: CanvasRenderingContext2D, overlay: Overlay, style: OverlayStyle): void {
  const { width, height } = context.canvas
  context.clearRect(0, 0, width, height)
  const { ratio } = style
  for (const callout of overlay.callouts) drawCallout(context, callout, style)
  drawCommandPath(context, overlay.path, style)
  if (overlay.revealed) drawRevealed(context, overlay.revealed, style)
  if (overlay.hovered) {
    outline(context, overlay.hovered, 1.5 * ratio, 3 * ratio, style.page)
    outline(context, overlay.hovered, 1.5 * ratio, 1.5 * ratio, style.text)
  }
  if (overlay.selected) drawSelected(context, overlay.selected, style)
}

function outline(
  context: CanvasRenderingContext2D,
  rect: PixelRect,
  distance: number,
  lineWidth: number,
  colour: string,
) {
  context.lineWidth = lineWidth
  context.strokeStyle = colour
  const { x0, y0, x1, y1 } = rect
  context.strokeRect(x0 - distance, y0 - distance, x1 - x0 + 2 * distance, y1 - y0 + 2 * distance)
}

/** Dots, which no window's frame is made of. */
function drawRevealed(
  context: CanvasRenderingContext2D,
  rect: PixelRect,
  { ratio, page, text }: OverlayStyle,
) {
  outline(context, rect, 5 * ratio, 3 * ratio, page)
  context.setLineDash([2 * ratio, 3 * ratio])
  outline(context, rect, 5 * ratio, 2 * ratio, text)
  context.setLineDash([])
}

/** A frame, and four ticks that make it found however small the cell is. */
function drawSelected(context: CanvasRenderingContext2D, rect: PixelRect, style: OverlayStyle) {
  const { ratio } = style
  const distance = 2.5 * ratio
  outline(context, rect, distance, 4 * ratio, style.page)
  outline(context, rect, distance, 2 * ratio, style.accent)
  context.beginPath()
  pointAt(context, rect, distance + ratio, 6 * ratio)
  for (const [lineWidth, colour] of [
    [4 * ratio, style.page],
    [2 * ratio, style.accent],
  ] as const) {
    context.lineWidth = lineWidth
    context.strokeStyle = colour
    context.stroke()
  }
}

/** Adds four ticks to the path, one at the middle of each side, that begin `from` pixels away from it. */
function pointAt(context: Pen, rect: PixelRect, from: number, length: number) {
  const x = (rect.x0 + rect.x1) / 2
  const y = (rect.y0 + rect.y1) / 2
  context.moveTo(rect.x0 - from, y)
  context.lineTo(rect.x0 - from - length, y)
  context.moveTo(rect.x1 + from, y)
  context.lineTo(rect.x1 + from + length, y)
  context.moveTo(x, rect.y0 - from)
  context.lineTo(x, rect.y0 - from - length)
  context.moveTo(x, rect.y1 + from)
  context.lineTo(x, rect.y1 + from + length)
}

/**
 * Here is something that is easily missed. In a tile: a dashed box around it, within the tile. Tiles too small
 * for that: four ticks that point at it, for a box would hold other windows as well.
 */
export function drawCallout(
  context: Pen,
  callout: Callout,
  { danger, ratio }: Pick<OverlayStyle, 'danger' | 'ratio'>,
): void {
  context.beginPath()
  const box = calloutBox(callout, ratio)
  if (box) context.roundRect(box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0, 6 * ratio)
  else pointAt(context, callout.rect, 4 * ratio, 7 * ratio)
  context.setLineDash(box ? [4 * ratio, 3 * ratio] : [])
  context.lineWidth = 1.5 * ratio
  context.strokeStyle = danger
  context.stroke()
  context.setLineDash([])
}
