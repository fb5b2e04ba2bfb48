/** The whole grid in a corner, drawn by the same hand, with a frame around what the map shows of it. */
import { drawMap } from '../../render/draw-map.ts'
import { layoutHeight, layoutWidth, type PlanePoint } from '../../render/layout.ts'
import type { MapScene } from '../../render/map-scene.ts'
import type { Palette } from '../../render/palette.ts'
import type { Viewport } from '../../render/viewport.ts'
import { fitLayout, visibleTiles } from '../../render/viewport.ts'
import { isDense, tilePixels } from '../../render/tile-pixels.ts'
import { MAX_LEVEL } from '../../render/tile-cache.ts'
import type { TileWish } from './tile-loader.ts'

/** CSS pixels, at most; the shape is the grid's. */
const LARGEST = { width: 168, height: 104 }
/** Around the grid, in CSS pixels. */
const MARGIN = 4

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

  /** Draws the grid anew, for scenes or tiles that have changed. */
  paint(scene: MapScene, palette: Palette, ratio: number): void {
    const { layout } = scene
    const room = { width: LARGEST.width - 2 * MARGIN, height: LARGEST.height - 2 * MARGIN }
    const k = Math.min(room.width / layoutWidth(layout), room.height / layoutHeight(layout))
    const width = Math.ceil(Math.max(24, layoutWidth(layout) * k + 2 * MARGIN))
    const height = Math.ceil(Math.max(24, layoutHeight(layout) * k + 2 * MARGIN))
    const size = { width: Math.round(width * ratio), height: Math.round(height * ratio) }
    const margin = MARGIN * ratio
    const margins = { top: margin, right: margin, bottom: margin, left: margin }
    this.viewport = fitLayout(layout, size, margins, 8)
    if (this.canvas.width !== size.width || this.canvas.height !== size.height) {
      this.canvas.width = size.width
      this.canvas.height = size.height
      this.canvas.style.width = `${width}px`
      this.canvas.style.height = `${height}px`
    }
    const image = new ImageData(size.width, size.height)
    const picture = { ...size, pixels: new Uint32Array(image.data.buffer) }
    drawMap(picture, scene, this.viewport, palette, Math.max(1, Math.round(ratio)))
    this.image = image
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

  /** The tiles that the small picture is made of. */
  wish(scene: MapScene, state: { readonly run: number; readonly revision: number }): TileWish | undefined {
    if (!this.viewport) return undefined
    const { layout } = scene
    const level = isDense(this.viewport) ? MAX_LEVEL : tilePixels(layout, this.viewport).level
    return { ...state, layout, level, visible: visibleTiles(layout, this.viewport) }
  }
}
