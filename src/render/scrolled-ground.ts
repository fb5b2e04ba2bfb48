/** The map's ground, kept from one picture to the next: where it was only moved, only what came into sight is drawn. */
import { drawGround } from './draw-map.ts'
import type { MapScene } from './map-scene.ts'
import type { Palette } from './palette.ts'
import { makePicture, type Picture, type PixelRect } from './picture.ts'
import { originOf, type Viewport } from './viewport.ts'

export interface GroundView {
  readonly scene: MapScene
  /** Counts what the scene shows: cells or windows are as they were as long as it is the same. */
  readonly revision: number
  readonly viewport: Viewport
  readonly palette: Palette
  readonly unit: number
}

export class ScrolledGround {
  private picture: Picture | undefined
  private last: GroundView | undefined

  /** @returns the ground of this view; its pixels are valid until the next call, and not to be changed */
  draw(view: GroundView): Picture {
    const { width, height } = view.viewport
    const before = this.last
    this.last = view
    const picture = this.picture
    if (picture?.width === width && picture.height === height && before && isMoved(before, view)) {
      const from = originOf(before.viewport)
      const to = originOf(view.viewport)
      this.scroll(picture, view, to.x - from.x, to.y - from.y)
      return picture
    }
    const made = picture?.width === width && picture.height === height ? picture : makePicture(width, height)
    this.picture = made
    const { scene, viewport, palette, unit } = view
    drawGround(made, scene, viewport, palette, unit)
    return made
  }

  private scroll(picture: Picture, view: GroundView, dx: number, dy: number): void {
    const { width, height, pixels } = picture
    if (Math.abs(dx) >= width || Math.abs(dy) >= height) {
      drawGround(picture, view.scene, view.viewport, view.palette, view.unit)
      return
    }
    const by = dy * width + dx
    // All rows at once: what wraps around a row's end lies in what is drawn anew.
    if (by > 0) pixels.copyWithin(0, by)
    else if (by < 0) pixels.copyWithin(-by, 0, pixels.length + by)
    const top = dy < 0 ? -dy : 0
    const bottom = dy > 0 ? height - dy : height
    if (dy !== 0)
      drawPart(picture, view, { x0: 0, x1: width, y0: dy < 0 ? 0 : bottom, y1: dy < 0 ? top : height })
    if (dx !== 0)
      drawPart(picture, view, { x0: dx < 0 ? 0 : width - dx, x1: dx < 0 ? -dx : width, y0: top, y1: bottom })
  }
}

/** Whether nothing but the place is another one. */
const isMoved = (a: GroundView, b: GroundView): boolean =>
  a.revision === b.revision &&
  a.palette === b.palette &&
  a.unit === b.unit &&
  a.viewport.scale === b.viewport.scale &&
  a.scene.layout.columns === b.scene.layout.columns &&
  a.scene.layout.count === b.scene.layout.count

function drawPart(picture: Picture, { scene, viewport, palette, unit }: GroundView, rect: PixelRect): void {
  const { x0, y0, x1, y1 } = rect
  const part = makePicture(x1 - x0, y1 - y0)
  const { scale } = viewport
  const origin = originOf(viewport)
  const place = {
    width: part.width,
    height: part.height,
    scale,
    x: (origin.x + x0) / scale,
    y: (origin.y + y0) / scale,
  }
  drawGround(part, scene, place, palette, unit)
  for (let y = 0; y < part.height; y++)
    picture.pixels.set(
      part.pixels.subarray(y * part.width, (y + 1) * part.width),
      (y0 + y) * picture.width + x0,
    )
}
