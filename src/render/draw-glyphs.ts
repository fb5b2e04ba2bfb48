/** Letters on the cells, once these are large enough to bear them: colour is never the only sign. */
import { cellGuard, Guard } from '../lib/cells.ts'
import { isOpen, Pattern } from './cell-style.ts'
import { inkOn, rgbOf } from './colours.ts'
import { visibleWindows } from './visible-windows.ts'
import type { MapScene } from './map-scene.ts'
import type { Palette } from './palette.ts'
import { cellEdge, isFar, tilePixels } from './tile-pixels.ts'
import type { Viewport } from './viewport.ts'

/** Cells from this size on (CSS pixels) bear letters. */
export const LETTERS_FROM = 18

/** Opacity of letters on what is ground rather than figure. */
export const QUIET = 0.85

/** @param ratio device pixels a CSS pixel */
export function drawGlyphs(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  viewport: Viewport,
  palette: Palette,
  style: { readonly font: string; readonly ratio: number },
): void {
  if (isFar(scene.layout, viewport)) return
  const { level, cellSide } = tilePixels(scene.layout, viewport)
  if (level > 0 || cellSide < LETTERS_FROM * style.ratio) return
  context.font = `600 ${Math.round(cellSide * 0.42)}px ${style.font}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  for (const { window, rect } of visibleWindows(scene.layout, viewport)) {
    const content = scene.cells.tile(window)
    if (content?.side !== 64) continue
    const side = rect.x1 - rect.x0
    const cell = side / 64
    const left = Math.max(0, Math.floor(-rect.x0 / cell))
    const right = Math.min(64, Math.ceil((viewport.width - rect.x0) / cell))
    const top = Math.max(0, Math.floor(-rect.y0 / cell))
    const bottom = Math.min(64, Math.ceil((viewport.height - rect.y0) / cell))
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        const value = content.cells[row * 64 + column]!
        const glyph = palette.glyphs[value]!
        if (glyph === '') continue
        const x = rect.x0 + (cellEdge(0, side, 64, column) + cellEdge(0, side, 64, column + 1)) / 2
        const y = rect.y0 + (cellEdge(0, side, 64, row) + cellEdge(0, side, 64, row + 1)) / 2
        drawGlyph(context, glyph, x, y, value, cellSide, palette)
      }
    }
  }
}

function drawGlyph(
  context: CanvasRenderingContext2D,
  glyph: string,
  x: number,
  y: number,
  cell: number,
  cellSide: number,
  palette: Palette,
) {
  const pattern = palette.patterns[cell]!
  const rgb = rgbOf(isOpen(pattern) ? palette.tile : palette.boxed[cell]!)
  const ink = inkOn(rgb)
  if (cellGuard(cell) === Guard.lost || pattern === Pattern.hatched || pattern === Pattern.ghost) {
    // A hatch would run through the letters: they stand on a patch of the cell's own colour.
    const { width } = context.measureText(glyph)
    context.fillStyle = `rgb(${rgb.join(' ')})`
    const height = cellSide * 0.5
    context.fillRect(x - width / 2 - 1, y - height / 2, width + 2, height)
  }
  context.fillStyle = ink
  context.globalAlpha = palette.prominent[cell] ? 1 : QUIET
  context.fillText(glyph, x, y)
  context.globalAlpha = 1
}
