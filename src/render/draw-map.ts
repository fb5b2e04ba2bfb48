/** The whole picture of the map, but for its lettering. */
import { kernelOf } from './kernel/the-kernel.ts'
import { drawFar } from './draw-far.ts'
import { drawMarks } from './draw-marks.ts'
import { drawTiles } from './draw-tiles.ts'
import { gatherMarks } from './gather-marks.ts'
import { type Inks, inksOf } from './inks.ts'
import type { MapScene } from './map-scene.ts'
import type { Marks } from './marks.ts'
import type { Palette } from './palette.ts'
import { makePicture, type Picture } from './picture.ts'
import { isFar, tileOfWindow } from './tile-pixels.ts'
import type { Viewport } from './viewport.ts'

/** A picture in colours: row by row, as an ImageData of its size holds them. */
export interface DrawnMap {
  readonly pixels: Uint32Array
  /** Where unguarded metadata was drawn. */
  readonly marks: Marks
}

/** @param unit device pixels a CSS pixel, at least 1 */
export function drawMap(scene: MapScene, viewport: Viewport, palette: Palette, unit: number): DrawnMap {
  const inks = inksOf(palette)
  const picture = makePicture(viewport.width, viewport.height)
  drawGround(picture, scene, viewport, inks, unit)
  const marks = gatherMarks(scene, viewport, inks.muted)
  drawMarks(picture, marks, inks, unit, window => tileOfWindow(scene.layout, viewport, window))
  return { pixels: colourPicture(picture, inks), marks }
}

/** Paints every pixel, but no marks: what it paints is the same wherever the picture is cut out of the map. */
export function drawGround(
  picture: Picture,
  scene: MapScene,
  viewport: Viewport,
  inks: Inks,
  unit: number,
): void {
  if (isFar(scene.layout, viewport)) {
    picture.pixels.fill(inks.page)
    drawFar(picture, scene, viewport, inks)
  } else drawTiles(picture, scene, viewport, inks, unit)
}

/** @param into receives the colours; as many as there are pixels */
export function colourPicture(
  picture: Picture,
  { colours }: Inks,
  into: Uint32Array = new Uint32Array(picture.pixels.length),
): Uint32Array {
  kernelOf(picture).colour(picture, colours, into)
  return into
}
