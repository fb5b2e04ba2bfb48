/** The windows in sight. */
import type { Layout } from './layout.ts'
import type { PixelRect } from './picture.ts'
import { tilePixels, tileRect } from './tile-pixels.ts'
import type { Viewport } from './viewport.ts'

export interface VisibleWindow {
  readonly window: number
  readonly rect: PixelRect
}

/** With the pixels of their tiles, row by row. Not for dense views. */
export function* visibleWindows(layout: Layout, viewport: Viewport): Generator<VisibleWindow, undefined> {
  const geometry = tilePixels(layout, viewport)
  const { firstColumn, lastColumn, firstRow, lastRow } = geometry.visible
  for (let row = firstRow; row <= lastRow; row++) {
    for (let column = firstColumn; column <= lastColumn; column++) {
      const window = row * layout.columns + column
      if (window >= layout.count) return undefined
      yield { window, rect: tileRect(geometry, viewport, column, row) }
    }
  }
  return undefined
}
