/** A view of the map taken apart into what is painted one over the other: for pictures made of shapes. */
import { chooseCallouts } from './callouts.ts'
import { drawFar } from './draw-far.ts'
import { drawFrame, frameGap } from './draw-frames.ts'
import { colourPicture, drawMap } from './draw-map.ts'
import { drawMarks } from './draw-marks.ts'
import { drawTile } from './draw-tile.ts'
import { inSight, type LetteredPicture } from './map-picture.ts'
import { frameOf, isRefused, type MapScene, windowCells } from './map-scene.ts'
import { type Inks, inksOf } from './inks.ts'
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
  const inks = inksOf(palette)
  const [cells, frames, unguarded] = Array.from({ length: 3 }, () =>
    makePicture(viewport.width, viewport.height),
  ) as [Picture, Picture, Picture]
  cells.pixels.fill(inks.page)
  if (isFar(scene.layout, viewport)) drawFar(cells, scene, viewport, inks)
  else drawTilesAndFrames({ cells, frames }, scene, viewport, inks, unit)
  const { pixels, marks } = drawMap(scene, viewport, palette, unit)
  const tileOf = (window: number) => tileOfWindow(scene.layout, viewport, window)
  drawMarks(unguarded, marks, inks, unit, tileOf)
  return {
    viewport,
    layout: scene.layout,
    pixels,
    cells: colourPicture(cells, inks),
    frames: colourPicture(frames, inks),
    unguarded: colourPicture(unguarded, inks),
    callouts: chooseCallouts(marks, { ratio, tileOf }),
    ...inSight(scene, viewport, ratio),
  }
}

function drawTilesAndFrames(
  { cells, frames }: { readonly cells: Picture; readonly frames: Picture },
  scene: MapScene,
  viewport: Viewport,
  inks: Inks,
  unit: number,
) {
  const geometry = tilePixels(scene.layout, viewport)
  const gap = frameGap(geometry)
  for (const { window, rect } of visibleWindows(scene.layout, viewport)) {
    const content = windowCells(scene, geometry.level, window)
    const cellsInFile = scene.fileClusters - window * 4096
    if (content)
      drawTile(cells, { rect, content, refused: isRefused(scene, window), cellsInFile }, inks, unit)
    if (gap > 0) drawFrame(frames, rect, gap, frameOf(scene, window), inks, unit)
  }
}
