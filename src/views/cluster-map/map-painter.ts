/** Two canvases one over the other: the map, and what moves over it, so that hovering redraws little. */
import type { Layer } from '../../lib/layers.ts'
import type { ReadToken } from '../../render/colours.ts'
import { drawCaptions, heldWords } from '../../render/draw-captions.ts'
import { drawGlyphs } from '../../render/draw-glyphs.ts'
import { drawOverlay, type Overlay } from '../../render/draw-overlay.ts'
import type { MapPicture } from '../../render/map-picture.ts'
import type { MapScene } from '../../render/map-scene.ts'
import { makePalette, type Palette } from '../../render/palette.ts'
import { movedRect, sameViewport, type Viewport } from '../../render/viewport.ts'
import { imageOf } from './mini-map.ts'

export const FONT = 'system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif'

/** What is written over a picture. */
export interface Lettering {
  readonly scene: MapScene
  readonly palette: Palette
  /** Where in the file a window starts, as people read it. */
  offsetOf(window: number): string
}

export class MapPainter {
  private readonly base: CanvasRenderingContext2D
  private readonly over: CanvasRenderingContext2D
  /** The last picture, to be shifted and scaled until the next one is there. */
  private readonly last: CanvasRenderingContext2D
  private lastOf: MapPicture | undefined
  /** Which picture the map's own canvas shows as it is. */
  private onBase: MapPicture | undefined
  private ratio = 1
  private read: ReadToken = () => '#000'
  palette: Palette | undefined

  constructor(base: HTMLCanvasElement, over: HTMLCanvasElement) {
    this.base = contextOf(base)
    this.over = contextOf(over)
    this.last = contextOf(document.createElement('canvas'))
  }

  /** @param width in device pixels, like height; @param ratio device pixels a CSS pixel */
  resize(width: number, height: number, ratio: number): void {
    this.ratio = ratio
    for (const { canvas } of [this.base, this.over]) {
      canvas.width = width
      canvas.height = height
    }
    this.onBase = undefined
  }

  setColours(read: ReadToken, layer: Layer, checkedTypes: number, muted: Uint8Array): void {
    this.read = read
    this.palette = makePalette(read, layer, checkedTypes, muted)
  }

  /** Shows a picture in a view. If it was made for another one, it is moved, and larger or smaller. */
  paint(picture: MapPicture, view: Viewport, lettering: Lettering): void {
    const { base, ratio } = this
    const { viewport: from } = picture
    if (sameViewport(from, view)) {
      this.put(base, picture, lettering)
      this.onBase = picture
      return
    }
    const last = this.keep(picture, lettering)
    base.fillStyle = this.read('panel')
    base.fillRect(0, 0, base.canvas.width, base.canvas.height)
    const { x0, y0, x1, y1 } = movedRect({ x0: 0, y0: 0, x1: from.width, y1: from.height }, from, view)
    base.imageSmoothingEnabled = view.scale < from.scale * ratio
    base.drawImage(last, x0, y0, x1 - x0, y1 - y0)
    this.onBase = undefined
  }

  /** @returns the picture with its lettering, on a canvas of its own */
  private keep(picture: MapPicture, lettering: Lettering): HTMLCanvasElement {
    const { last, base } = this
    if (this.lastOf === picture) return last.canvas
    this.lastOf = picture
    last.canvas.width = picture.viewport.width
    last.canvas.height = picture.viewport.height
    if (this.onBase === picture) last.drawImage(base.canvas, 0, 0)
    else this.put(last, picture, lettering)
    return last.canvas
  }

  private put(
    context: CanvasRenderingContext2D,
    picture: MapPicture,
    { scene, palette, offsetOf }: Lettering,
  ) {
    const { ratio } = this
    const { viewport, pixels } = picture
    context.putImageData(imageOf(pixels, viewport.width, viewport.height), 0, 0)
    drawGlyphs(context, scene, viewport, palette, { font: FONT, ratio })
    const style = {
      font: FONT,
      text: this.read('text'),
      muted: this.read('muted'),
      faint: this.read('faint'),
      danger: this.read('danger'),
      plate: this.read('panel'),
      ratio,
    }
    const heldOf = (window: number, held: number) => heldWords(scene, window, held)
    drawCaptions(context, scene, viewport, style, { offsetOf, heldOf })
  }

  /** A token's colour as CSS. */
  colour(token: string): string {
    return this.read(token)
  }

  clear(): void {
    this.base.clearRect(0, 0, this.base.canvas.width, this.base.canvas.height)
    this.over.clearRect(0, 0, this.over.canvas.width, this.over.canvas.height)
  }

  paintOverlay(overlay: Overlay): void {
    drawOverlay(this.over, overlay, {
      text: this.read('text'),
      page: this.read('panel'),
      accent: this.read('accent'),
      danger: this.read('danger'),
      ratio: this.ratio,
    })
  }
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d')
  if (!context) throw new Error('this browser has no 2D canvas')
  return context
}
