/** A picture in inks (inks.ts), and the few shapes the map is made of. Everything clips to the picture. */
import type { Ink } from './inks.ts'
import type { Kernel } from './kernel/kernel.ts'

export interface Picture {
  readonly width: number
  readonly height: number
  /** The ink of each pixel, row by row. */
  readonly pixels: Uint8Array
  /** In whose memory the pixels are, where they are in one. */
  readonly kernel?: Kernel
}

/** A picture that nothing is painted on yet. */
export function makePicture(width: number, height: number): Picture {
  return { width, height, pixels: new Uint8Array(width * height) }
}

/** A rectangle of whole pixels: from (x0, y0), included, to (x1, y1), excluded. */
export interface PixelRect {
  readonly x0: number
  readonly y0: number
  readonly x1: number
  readonly y1: number
}

export function fillRect(picture: Picture, x0: number, y0: number, x1: number, y1: number, ink: Ink) {
  const { pixels, width, height } = picture
  const left = Math.max(0, x0)
  const right = Math.min(width, x1)
  const bottom = Math.min(height, y1)
  if (left >= right) return
  const end = bottom * width
  const length = right - left
  let from = Math.max(0, y0) * width + left
  if (length >= SHORT) {
    for (; from < end; from += width) pixels.fill(ink, from, from + length)
    return
  }
  if (length === 1) for (; from < end; from += width) pixels[from] = ink
  else for (; from < end; from += width) for (let at = from; at < from + length; at++) pixels[at] = ink
}

/** Fewer pixels than this are filled faster one by one than by a call. */
const SHORT = 24

/** A frame of the given thickness just inside the rectangle. */
export function strokeRect(picture: Picture, rect: PixelRect, thickness: number, ink: Ink) {
  const { x0, y0, x1, y1 } = rect
  fillRect(picture, x0, y0, x1, y0 + thickness, ink)
  fillRect(picture, x0, y1 - thickness, x1, y1, ink)
  fillRect(picture, x0, y0 + thickness, x0 + thickness, y1 - thickness, ink)
  fillRect(picture, x1 - thickness, y0 + thickness, x1, y1 - thickness, ink)
}

/** A dashed frame just inside the rectangle; dashes and gaps are lengths in pixels. */
export function dashRect(
  picture: Picture,
  rect: PixelRect,
  thickness: number,
  dash: number,
  gap: number,
  ink: Ink,
) {
  const { x0, y0, x1, y1 } = rect
  for (let x = x0; x < x1; x += dash + gap) {
    const end = Math.min(x + dash, x1)
    fillRect(picture, x, y0, end, y0 + thickness, ink)
    fillRect(picture, x, y1 - thickness, end, y1, ink)
  }
  for (let y = y0; y < y1; y += dash + gap) {
    const end = Math.min(y + dash, y1)
    fillRect(picture, x0, y, x0 + thickness, end, ink)
    fillRect(picture, x1 - thickness, y, x1, end, ink)
  }
}

/** Diagonal stripes over a rectangle, aligned to the rectangle; `stripe` of every `period` pixels are painted. */
export function hatchRect(picture: Picture, rect: PixelRect, stripe: number, period: number, ink: Ink) {
  const { pixels, width, height } = picture
  const bottom = Math.min(height, rect.y1)
  const left = Math.max(0, rect.x0)
  const right = Math.min(width, rect.x1)
  for (let y = Math.max(0, rect.y0); y < bottom; y++) {
    // Where in its period the row begins: one pixel further than the row before.
    const phase = (left - rect.x0 + (y - rect.y0)) % period
    for (let from = left - phase; from < right; from += period) {
      const end = Math.min(right, from + stripe)
      for (let x = Math.max(left, from); x < end; x++) pixels[y * width + x] = ink
    }
  }
}
