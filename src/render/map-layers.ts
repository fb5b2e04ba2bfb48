/** A view of the map taken apart into what is painted one over the other: for pictures made of shapes. */
import { chooseCallouts } from './callouts.ts'
import { drawFar } from './draw-far.ts'
import { drawFrame } from './draw-frames.ts'
import { drawMap } from './draw-map.ts'
import { drawMarks } from './draw-marks.ts'
import { drawTile } from './draw-tile.ts'
import { gatherMarks } from './gather-marks.ts'
import { inSight, type LetteredPicture } from './map-picture.ts'
import { frameOf, isRefused, type MapScene } from './map-scene.ts'
import type { Palette } from './palette.ts'
import { makePicture, type Picture } from './picture.ts'
import { isFar, tileOfWindow, tilePixels } from './tile-pixels.ts'
import type { Viewport } from './viewport.ts'
import { visibleWindows } from './visible-windows.ts'

/** Row by row, of the viewport's size each. Of frames and marks, pixels that nothing was painted on are 0. */
export interface MapLayers extends LetteredPicture {
  readonly cells: Uint32Array
  readonly frames: Uint32Array
  readonly unguarded: Uint32Array
}

/** @param ratio pixels a CSS pixel */
export function drawLayers(
  scene: MapScene,
  { viewport, ratio }: { readonly viewport: Viewport; readonly ratio: number },
  palette: Palette,
): MapLayers {
  const unit = Math.max(1, Math.round(ratio))
  const [whole, cells, frames, unguarded] = Array.from({ length: 4 }, () =>
    makePicture(viewport.width, viewport.height),
  ) as [Picture, Picture, Picture, Picture]
  drawMap(whole, scene, viewport, palette, unit)
  cells.pixels.fill(palette.page)
  if (isFar(scene.layout, viewport)) drawFar(cells, scene, viewport, palette)
  else drawTilesAndFrames({ cells, frames }, scene, viewport, palette, unit)
  const marks = gatherMarks(scene, viewport, palette.muted)
  drawMarks(unguarded, marks, palette, unit)
  const tileOf = (window: number) => tileOfWindow(scene.layout, viewport, window)
  return {
    viewport,
    layout: scene.layout,
    pixels: whole.pixels,
    cells: cells.pixels,
    frames: frames.pixels,
    unguarded: unguarded.pixels,
    callouts: chooseCallouts(marks.list, marks.total, { ratio, tileOf }),
    ...inSight(scene, viewport, ratio),
  }
}

function drawTilesAndFrames(
  { cells, frames }: { readonly cells: Picture; readonly frames: Picture },
  scene: MapScene,
  viewport: Viewport,
  palette: Palette,
  unit: number,
) {
  const { level, gapX, gapY } = tilePixels(scene.layout, viewport)
  const gap = Math.min(gapX, gapY)
  for (const { window, rect } of visibleWindows(scene.layout, viewport)) {
    const content = scene.cells.tile(level, window)
    const cellsInFile = scene.fileClusters - window * 4096
    if (content)
      drawTile(cells, { rect, content, refused: isRefused(scene, window), cellsInFile }, palette, unit)
    if (gap > 0) drawFrame(frames, rect, gap, frameOf(scene, window), palette, unit)
  }
}
