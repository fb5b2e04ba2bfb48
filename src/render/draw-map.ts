/** The whole picture of the map, but for its lettering. */
import { drawFar } from './draw-far.ts'
import { drawFrame } from './draw-frames.ts'
import { drawGrounds, type GroundedTile, groundToDraw, isAtHand } from './draw-grounds.ts'
import { drawMarks } from './draw-marks.ts'
import { drawTile } from './draw-tile.ts'
import { gatherMarks } from './gather-marks.ts'
import { frameOf, type MapScene } from './map-scene.ts'
import type { Marks } from './marks.ts'
import type { Palette } from './palette.ts'
import { fillRect, type Picture } from './picture.ts'
import { isFar, tilePixels } from './tile-pixels.ts'
import type { Viewport } from './viewport.ts'
import { visibleWindows } from './visible-windows.ts'
import { FRAME } from './window-hold.ts'

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
  if (isFar(scene.layout, viewport)) {
    picture.pixels.fill(palette.page)
    drawFar(picture, scene, viewport, palette)
  } else drawTiles(picture, scene, viewport, palette, unit)
}

function drawTiles(picture: Picture, scene: MapScene, viewport: Viewport, palette: Palette, unit: number) {
  const geometry = tilePixels(scene.layout, viewport)
  const gap = Math.min(geometry.gapX, geometry.gapY)
  const tiles: FramedTile[] = []
  for (const { window, rect } of visibleWindows(scene.layout, viewport)) {
    const frame = frameOf(scene, window)
    const refused = frame === FRAME.refused
    const content = scene.cells.tile(geometry.level, window)
    const cellsInFile = scene.fileClusters - window * 4096
    const ground = content && groundToDraw({ rect, content, cellsInFile }, palette, unit)
    tiles.push({ rect, content, refused, cellsInFile, ground, frame })
  }
  drawGrounds(picture, tiles, palette, unit)
  for (const tile of tiles) {
    const { rect, refused } = tile
    if (isAtHand(tile)) drawTile(picture, tile, palette, unit)
    else fillRect(picture, rect.x0, rect.y0, rect.x1, rect.y1, refused ? palette.tileRefused : palette.tile)
    if (gap > 0) drawFrame(picture, rect, gap, tile.frame, palette, unit)
  }
}

interface FramedTile extends GroundedTile {
  readonly cellsInFile: number
  readonly frame: number
}
