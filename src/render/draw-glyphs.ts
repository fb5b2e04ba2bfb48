/** Letters on the cells, once these are large enough to bear them: colour is never the only sign. */
import { cellGuard, cellOwner, Guard } from '../lib/cells.ts'
import { isMetadata } from '../lib/owners.ts'
import { inkOn, rgbOf } from './colours.ts'
import { visibleWindows } from './visible-windows.ts'
import { guardStyle } from './guard-style.ts'
import type { MapScene } from './map-scene.ts'
import { ownerStyle } from './owner-style.ts'
import type { Palette } from './palette.ts'
import { cellEdge, isFar, tilePixels } from './tile-pixels.ts'
import type { Viewport } from './viewport.ts'

/** Cells from this size on (CSS pixels) bear letters. */
export const LETTERS_FROM = 18

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
    const content = scene.cells.tile(0, window)
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
        const glyph = isMetadata(cellOwner(value)) ? glyphOf(value, palette) : ''
        if (glyph === '') continue
        const x = rect.x0 + (cellEdge(0, side, 64, column) + cellEdge(0, side, 64, column + 1)) / 2
        const y = rect.y0 + (cellEdge(0, side, 64, row) + cellEdge(0, side, 64, row + 1)) / 2
        drawGlyph(context, glyph, x, y, value, cellSide, palette)
      }
    }
  }
}

function glyphOf(cell: number, palette: Palette): string {
  const owner = cellOwner(cell)
  return palette.layer === 'owner'
    ? ownerStyle(owner).glyph
    : guardStyle(owner, cellGuard(cell), palette.checkedTypes).glyph
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
  const hollow = palette.layer === 'protection' && cellGuard(cell) === 0
  const rgb = rgbOf(hollow ? palette.tile : palette.boxed[cell]!)
  const ink = inkOn(rgb)
  if (cellGuard(cell) === Guard.lost) {
    // The hatch would run through the letters: they stand on a patch of the cell's own colour.
    const { width } = context.measureText(glyph)
    context.fillStyle = `rgb(${rgb.join(' ')})`
    const height = cellSide * 0.5
    context.fillRect(x - width / 2 - 1, y - height / 2, width + 2, height)
  }
  context.fillStyle = ink
  context.fillText(glyph, x, y)
}
