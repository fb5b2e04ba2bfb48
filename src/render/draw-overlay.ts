/** What moves over the picture without changing it: the cluster under the pointer, the pinned one, call-outs. */
import type { Mark } from './marks.ts'
import type { PixelRect } from './picture.ts'

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
  readonly callouts: readonly PixelRect[]
}

export function drawOverlay(context: CanvasRenderingContext2D, overlay: Overlay, style: OverlayStyle): void {
  const { width, height } = context.canvas
  context.clearRect(0, 0, width, height)
  const { ratio } = style
  for (const rect of overlay.callouts) drawCallout(context, rect, style)
  if (overlay.revealed) outline(context, overlay.revealed, 5 * ratio, 1.5 * ratio, style.accent)
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

/** A frame, and four ticks that make it found however small the cell is. */
function drawSelected(context: CanvasRenderingContext2D, rect: PixelRect, style: OverlayStyle) {
  const { ratio } = style
  const distance = 2.5 * ratio
  outline(context, rect, distance, 4 * ratio, style.page)
  outline(context, rect, distance, 2 * ratio, style.accent)
  const x = (rect.x0 + rect.x1) / 2
  const y = (rect.y0 + rect.y1) / 2
  const from = distance + ratio
  const length = 6 * ratio
  context.beginPath()
  context.moveTo(rect.x0 - from, y)
  context.lineTo(rect.x0 - from - length, y)
  context.moveTo(rect.x1 + from, y)
  context.lineTo(rect.x1 + from + length, y)
  context.moveTo(x, rect.y0 - from)
  context.lineTo(x, rect.y0 - from - length)
  context.moveTo(x, rect.y1 + from)
  context.lineTo(x, rect.y1 + from + length)
  for (const [lineWidth, colour] of [
    [4 * ratio, style.page],
    [2 * ratio, style.accent],
  ] as const) {
    context.lineWidth = lineWidth
    context.strokeStyle = colour
    context.stroke()
  }
}

/** A dashed circle: here is something that is easily missed. */
function drawCallout(context: CanvasRenderingContext2D, rect: PixelRect, { danger, ratio }: OverlayStyle) {
  context.beginPath()
  const { x0, y0, x1, y1 } = rect
  const radius = Math.max(11 * ratio, Math.hypot(x1 - x0, y1 - y0) / 2 + 6 * ratio)
  context.arc((x0 + x1) / 2, (y0 + y1) / 2, radius, 0, 2 * Math.PI)
  context.setLineDash([4 * ratio, 3 * ratio])
  context.lineWidth = 1.5 * ratio
  context.strokeStyle = danger
  context.stroke()
  context.setLineDash([])
}

/** Circles around more than this would hide what they point at. */
const MAX_CALLOUTS = 12

/**
 * Where unguarded cells deserve a circle: few, small and apart from each other.
 * @param largest cells of this size in pixels and more speak for themselves
 * @param apart pixels; those nearer to each other than this share a circle
 */
export function chooseCallouts(
  marks: readonly Mark[],
  total: number,
  largest: number,
  apart: number,
): readonly PixelRect[] {
  if (total > 200 || marks.some(mark => mark.x1 - mark.x0 >= largest)) return []
  const groups: PixelRect[] = []
  for (const mark of marks) {
    const index = groups.findIndex(group => distance(group, mark) < apart)
    const group = groups[index]
    if (group) groups[index] = union(group, mark)
    else groups.push(mark)
    if (groups.length > MAX_CALLOUTS) return []
  }
  return groups
}

/** Pixels between two rectangles along the axis on which they are further apart. */
const distance = (a: PixelRect, b: PixelRect) => Math.max(a.x0 - b.x1, b.x0 - a.x1, a.y0 - b.y1, b.y0 - a.y1)

const union = (a: PixelRect, b: PixelRect): PixelRect => ({
  x0: Math.min(a.x0, b.x0),
  y0: Math.min(a.y0, b.y0),
  x1: Math.max(a.x1, b.x1),
  y1: Math.max(a.y1, b.y1),
})
