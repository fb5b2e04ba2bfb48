/** Where the last command went, over the map: a dashed outline on what it wrote to, a cross on what it was kept from. */
import type { PixelRect } from './picture.ts'

export interface PathMark {
  readonly rect: PixelRect
  /** Metadata lies there: the write was refused, or nobody noticed. */
  readonly isWrong: boolean
}

export interface PathStyle {
  /** CSS colours. */
  readonly accent: string
  readonly danger: string
  /** Device pixels a CSS pixel. */
  readonly ratio: number
}

export function drawCommandPath(
  context: CanvasRenderingContext2D,
  marks: readonly PathMark[],
  { accent, danger, ratio }: PathStyle,
): void {
  for (const { rect, isWrong } of marks) {
    const { x0, y0, x1, y1 } = rect
    const distance = ratio
    context.lineWidth = 1.5 * ratio
    context.strokeStyle = isWrong ? danger : accent
    context.setLineDash(isWrong ? [] : [3 * ratio, 2 * ratio])
    context.strokeRect(x0 - distance, y0 - distance, x1 - x0 + 2 * distance, y1 - y0 + 2 * distance)
    if (!isWrong) continue
    // A cross larger than the cell, or it would not be seen from afar.
    const reach = Math.max(4 * ratio, (x1 - x0) / 2)
    const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2]
    context.beginPath()
    context.moveTo(x - reach, y - reach)
    context.lineTo(x + reach, y + reach)
    context.moveTo(x - reach, y + reach)
    context.lineTo(x + reach, y - reach)
    context.stroke()
  }
  context.setLineDash([])
}
