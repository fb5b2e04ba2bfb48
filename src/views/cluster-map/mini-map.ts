/** The whole grid in a corner, with a frame around what the map shows of it. */
import { type Layout, layoutHeight, layoutWidth, type PlanePoint } from '../../render/layout.ts'
import type { MapPicture } from '../../render/map-picture.ts'
import type { Viewport } from '../../render/viewport.ts'
import { fitLayout } from '../../render/viewport.ts'

/** CSS pixels, at most; the shape is the grid's. */
const LARGEST = { width: 168, height: 104 }
/** Around the grid, in CSS pixels. */
const MARGIN = 4

/** How the small picture shows the grid. */
export function miniViewport(layout: Layout, ratio: number): Viewport {
  const room = { width: LARGEST.width - 2 * MARGIN, height: LARGEST.height - 2 * MARGIN }
  const k = Math.min(room.width / layoutWidth(layout), room.height / layoutHeight(layout))
  const width = Math.ceil(Math.max(24, layoutWidth(layout) * k + 2 * MARGIN))
  const height = Math.ceil(Math.max(24, layoutHeight(layout) * k + 2 * MARGIN))
  const size = { width: Math.round(width * ratio), height: Math.round(height * ratio) }
  const margin = MARGIN * ratio
  return fitLayout(layout, size, { top: margin, right: margin, bottom: margin, left: margin }, 8)
}

export class MiniMap {
  private readonly canvas: HTMLCanvasElement
  private readonly context: CanvasRenderingContext2D
  private viewport: Viewport | undefined
  private image: ImageData | undefined

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas
    this.context = canvas.getContext('2d')!
    canvas.hidden = true
  }

  hide(): void {
    this.canvas.hidden = true
  }

  /** Takes over another picture of the grid. */
  take({ viewport, pixels }: NonNullable<MapPicture['small']>, ratio: number): void {
    const { width, height } = viewport
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width
      this.canvas.height = height
      this.canvas.style.width = `${width / ratio}px`
      this.canvas.style.height = `${height / ratio}px`
    }
    this.viewport = viewport
    this.image = imageOf(pixels, width, height)
  }

  /** Frames what the map shows. @param colour CSS colour of the frame */
  frame(shown: Viewport, colour: string, ratio: number): void {
    if (!this.viewport || !this.image) return
    const { context, viewport } = this
    const to = (at: number, origin: number) => Math.round((at - origin) * viewport.scale)
    const x0 = Math.max(0, to(shown.x, viewport.x))
    const y0 = Math.max(0, to(shown.y, viewport.y))
    const x1 = Math.min(viewport.width, to(shown.x + shown.width / shown.scale, viewport.x))
    const y1 = Math.min(viewport.height, to(shown.y + shown.height / shown.scale, viewport.y))
    this.canvas.hidden = false
    context.putImageData(this.image, 0, 0)
    context.strokeStyle = colour
    context.lineWidth = 2 * ratio
    // However far in the map is, its place must be seen.
    const least = 6 * ratio
    context.strokeRect(x0, y0, Math.max(least, x1 - x0), Math.max(least, y1 - y0))
  }

  /** The place of the plane under a point of the canvas (CSS pixels). */
  planeAt(x: number, y: number, ratio: number): PlanePoint | undefined {
    if (!this.viewport) return undefined
    const { scale } = this.viewport
    return { x: this.viewport.x + (x * ratio) / scale, y: this.viewport.y + (y * ratio) / scale }
  }
}

/** Pixels as a canvas takes them, without a copy. */
export const imageOf = (pixels: Uint32Array, width: number, height: number): ImageData =>
  new ImageData(new Uint8ClampedArray(pixels.buffer as ArrayBuffer), width, height)
