/**
 * The map's ground, kept from one picture to the next: where it was only moved, only what came into sight
 * is drawn. The pixels lie in a ring, one row after another and the first after the last, so that moving
 * the picture moves nothing but the place where it begins.
 */
import { drawGround } from './draw-map.ts'
import type { MapScene } from './map-scene.ts'
import type { Inks } from './inks.ts'
import { makePicture, type Picture, type PixelRect } from './picture.ts'
import { originOf, type Viewport } from './viewport.ts'

export interface GroundView {
  readonly scene: MapScene
  /** Counts what the scene shows: cells or windows are as they were as long as it is the same. */
  readonly revision: number
  readonly viewport: Viewport
  readonly inks: Inks
  readonly unit: number
}

export class ScrolledGround {
  private ring = makePicture(0, 0)
  /** Where in the ring the picture's first pixel is. */
  private start = 0
  private last: GroundView | undefined

  /**
   * Draws the ground of a view.
   * @param ring a picture of its size to be kept: what is not the one of the last view has nothing of that
   * @returns the picture in parts, from top to bottom, which are not to be changed
   */
  draw(view: GroundView, ring: Picture): readonly Picture[] {
    if (ring !== this.ring) this.last = undefined
    this.ring = ring
    const before = this.last
    this.last = view
    const { scene, viewport, inks, unit } = view
    const { width, height } = viewport
    const from = before && originOf(before.viewport)
    const to = originOf(viewport)
    const dx = from ? to.x - from.x : 0
    const dy = from ? to.y - from.y : 0
    if (before && isMoved(before, view) && Math.abs(dx) < width && Math.abs(dy) < height) {
      this.scroll(view, dx, dy)
      return this.parts()
    }
    drawGround(this.ring, scene, viewport, inks, unit)
    this.start = 0
    return [this.ring]
  }

  /** The row of pixels that the ring's end cuts in two is put together. */
  private parts(): readonly Picture[] {
    const { start, ring } = this
    if (start === 0) return [ring]
    const { width, pixels } = ring
    const part = (from: number, to: number): Picture => ({
      ...ring,
      height: (to - from) / width,
      pixels: pixels.subarray(from, to),
    })
    const cut = (pixels.length - start) % width
    const end = pixels.length - cut
    const rest = cut === 0 ? 0 : width - cut
    const joined = new Uint8Array(cut === 0 ? 0 : width)
    if (cut > 0) {
      joined.set(pixels.subarray(end))
      joined.set(pixels.subarray(0, rest), cut)
    }
    const row = { width, height: joined.length / width, pixels: joined }
    return [part(start, end), row, part(rest, start)].filter(({ height }) => height > 0)
  }

  private scroll(view: GroundView, dx: number, dy: number): void {
    const { width, height } = view.viewport
    const { length } = this.ring.pixels
    // What wraps around a row's end lies in what is drawn anew.
    this.start = (((this.start + dy * width + dx) % length) + length) % length
    const top = dy < 0 ? -dy : 0
    const bottom = dy > 0 ? height - dy : height
    if (dy !== 0)
      this.drawPart(view, { x0: 0, x1: width, y0: dy < 0 ? 0 : bottom, y1: dy < 0 ? top : height })
    if (dx !== 0)
      this.drawPart(view, { x0: dx < 0 ? 0 : width - dx, x1: dx < 0 ? -dx : width, y0: top, y1: bottom })
  }

  private drawPart({ scene, viewport, inks, unit }: GroundView, { x0, y0, x1, y1 }: PixelRect): void {
    const part = makePicture(x1 - x0, y1 - y0)
    const { scale } = viewport
    const origin = originOf(viewport)
    const { width, height } = part
    const place = { width, height, scale, x: (origin.x + x0) / scale, y: (origin.y + y0) / scale }
    drawGround(part, scene, place, inks, unit)
    for (let y = 0; y < height; y++) this.put(part.pixels, y * width, width, (y0 + y) * viewport.width + x0)
  }

  /**
   * Copies so many pixels from a place of a picture.
   * @param at where to, from the picture's first pixel
   */
  private put(pixels: Uint8Array, from: number, count: number, at: number): void {
    const ring = this.ring.pixels
    const place = (this.start + at) % ring.length
    const room = ring.length - place
    if (count > SHORT && count <= room) {
      ring.set(pixels.subarray(from, from + count), place)
      return
    }
    for (let i = 0; i < count; i++) ring[i < room ? place + i : i - room] = pixels[from + i]!
  }
}

/** So many pixels are copied faster one by one than by a call. */
const SHORT = 64

/** Whether nothing but the place is another one. */
const isMoved = (a: GroundView, b: GroundView): boolean =>
  a.revision === b.revision &&
  a.inks === b.inks &&
  a.unit === b.unit &&
  a.viewport.scale === b.viewport.scale &&
  a.viewport.width === b.viewport.width &&
  a.viewport.height === b.viewport.height &&
  a.scene.layout.columns === b.scene.layout.columns &&
  a.scene.layout.count === b.scene.layout.count
