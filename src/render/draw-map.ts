/** The whole picture of the map, but for its lettering. */
import { drawFar } from './draw-far.ts'
import { drawFrame } from './draw-frames.ts'
import { drawMarks } from './draw-marks.ts'
import { drawTile } from './draw-tile.ts'
import { frameOf, isRefused, type MapScene } from './map-scene.ts'
import { Marks } from './marks.ts'
import type { Palette } from './palette.ts'
import { fillRect, type Picture, type PixelRect } from './picture.ts'
import { isFar, tilePixels, tileRect } from './tile-pixels.ts'
import type { Viewport } from './viewport.ts'

/**
 * Paints every pixel of the picture.
 * @param unit device pixels a CSS pixel, at least 1
 * @returns where unguarded metadata was drawn
 */
export function drawMap(
  picture: Picture,
  scene: MapScene,
  viewport: Viewport,
  palette: Palette,
  unit: number,
): Marks {
  const marks = new Marks()
  picture.pixels.fill(palette.page)
  if (isFar(scene.layout, viewport)) drawFar(picture, scene, viewport, palette, marks)
  else drawTiles(picture, scene, viewport, palette, unit, marks)
  drawMarks(picture, marks, palette, unit)
  return marks
}

function drawTiles(
  picture: Picture,
  scene: MapScene,
  viewport: Viewport,
  palette: Palette,
  unit: number,
  marks: Marks,
) {
  const geometry = tilePixels(scene.layout, viewport)
  const gap = Math.min(geometry.gapX, geometry.gapY)
  for (const { window, rect } of visibleWindows(scene, viewport)) {
    const refused = isRefused(scene, window)
    const content = scene.tiles.windowCells(geometry.level, window)
    const cellsInFile = scene.fileClusters - window * 4096
    if (content)
      drawTile(
        picture,
        { window, rect, level: geometry.level, content, refused, cellsInFile },
        palette,
        unit,
        marks,
      )
    else fillRect(picture, rect.x0, rect.y0, rect.x1, rect.y1, refused ? palette.tileRefused : palette.tile)
    if (gap > 0) drawFrame(picture, rect, gap, frameOf(scene, window), palette, unit)
  }
}

export interface VisibleWindow {
  readonly window: number
  readonly rect: PixelRect
}

/** The windows in sight, with the pixels of their tiles. Not for dense views. */
export function* visibleWindows(
  { layout }: MapScene,
  viewport: Viewport,
): Generator<VisibleWindow, undefined> {
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
