/** The whole picture of the map, but for its lettering. */
import { drawFar } from './draw-far.ts'
import { drawFrame } from './draw-frames.ts'
import { drawMarks } from './draw-marks.ts'
import { drawTile } from './draw-tile.ts'
import { gatherMarks } from './gather-marks.ts'
import { frameOf, isRefused, type MapScene } from './map-scene.ts'
import type { Marks } from './marks.ts'
import type { Palette } from './palette.ts'
import { fillRect, type Picture } from './picture.ts'
import { isFar, tilePixels } from './tile-pixels.ts'
import type { Viewport } from './viewport.ts'
import { visibleWindows } from './visible-windows.ts'

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
  drawGround(picture, scene, viewport, palette, unit)
  const marks = gatherMarks(scene, viewport, palette.muted)
  drawMarks(picture, marks, palette, unit)
  return marks
}

/** The same without marks: what it paints is the same wherever the picture is cut out of the map. */
export function drawGround(
  picture: Picture,
  scene: MapScene,
  viewport: Viewport,
  palette: Palette,
  unit: number,
): void {
  picture.pixels.fill(palette.page)
  if (isFar(scene.layout, viewport)) drawFar(picture, scene, viewport, palette)
  else drawTiles(picture, scene, viewport, palette, unit)
}

function drawTiles(picture: Picture, scene: MapScene, viewport: Viewport, palette: Palette, unit: number) {
  const geometry = tilePixels(scene.layout, viewport)
  const gap = Math.min(geometry.gapX, geometry.gapY)
  for (const { window, rect } of visibleWindows(scene.layout, viewport)) {
    const refused = isRefused(scene, window)
    const content = scene.cells.tile(geometry.level, window)
    const cellsInFile = scene.fileClusters - window * 4096
    if (content) drawTile(picture, { rect, content, refused, cellsInFile }, palette, unit)
    else fillRect(picture, rect.x0, rect.y0, rect.x1, rect.y1, refused ? palette.tileRefused : palette.tile)
    if (gap > 0) drawFrame(picture, rect, gap, frameOf(scene, window), palette, unit)
  }
}
