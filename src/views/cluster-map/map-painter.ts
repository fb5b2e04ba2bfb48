/** Two canvases one over the other: the map, and what moves over it, so that hovering redraws little. */
import type { Layer } from '../../lib/layers.ts'
import { formatCount } from '../../lib/sizes.ts'
import type { ReadToken } from '../../render/colours.ts'
import { drawCaptions, heldText } from '../../render/draw-captions.ts'
import { drawGlyphs } from '../../render/draw-glyphs.ts'
import { drawMap } from '../../render/draw-map.ts'
import { drawOverlay, type Overlay } from '../../render/draw-overlay.ts'
import { HELD, isLockedOut, type MapScene } from '../../render/map-scene.ts'
import type { Marks } from '../../render/marks.ts'
import { makePalette, type Palette } from '../../render/palette.ts'
import type { Picture } from '../../render/picture.ts'
import type { Viewport } from '../../render/viewport.ts'

const FONT = 'system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif'

interface Surface {
  readonly picture: Picture
  readonly image: ImageData
}

export class MapPainter {
  private readonly base: CanvasRenderingContext2D
  private readonly over: CanvasRenderingContext2D
  private surface: Surface | undefined
  private ratio = 1
  private read: ReadToken = () => '#000'
  palette: Palette | undefined

  constructor(base: HTMLCanvasElement, over: HTMLCanvasElement) {
    this.base = contextOf(base)
    this.over = contextOf(over)
  }

  /** @param width in device pixels, like height; @param ratio device pixels a CSS pixel */
  resize(width: number, height: number, ratio: number): void {
    this.ratio = ratio
    for (const { canvas } of [this.base, this.over]) {
      canvas.width = width
      canvas.height = height
    }
    const image = new ImageData(Math.max(1, width), Math.max(1, height))
    const pixels = new Uint32Array(image.data.buffer)
    this.surface = { image, picture: { width: image.width, height: image.height, pixels } }
  }

  setColours(read: ReadToken, layer: Layer, checkedTypes: number): void {
    this.read = read
    this.palette = makePalette(read, layer, checkedTypes)
  }

  /** @returns where unguarded metadata was drawn; undefined as long as nothing can be drawn */
  paint(
    scene: MapScene,
    viewport: Viewport,
    texts: { offsetOf(window: number): string; ageOf(window: number): string },
  ): Marks | undefined {
    const { surface, palette, base, ratio } = this
    if (!surface || !palette) return undefined
    const marks = drawMap(surface.picture, scene, viewport, palette, Math.max(1, Math.round(ratio)))
    base.putImageData(surface.image, 0, 0)
    drawGlyphs(base, scene, viewport, palette, { font: FONT, ratio })
    const style = {
      font: FONT,
      text: this.read('text'),
      muted: this.read('muted'),
      faint: this.read('faint'),
      danger: this.read('danger'),
      ratio,
    }
    drawCaptions(base, scene, viewport, style, {
      offsetOf: texts.offsetOf,
      heldOf: (window, held) => {
        const lost = scene.withoutList ? 0 : (scene.windows.lost[window] ?? 0)
        const words = [heldText(scene, held)].filter(word => word !== '')
        if (held === HELD.cached) words.push(texts.ageOf(window))
        if (lost > 0 && held !== HELD.refused) words.push(`${formatCount(lost)} lost`)
        if (isLockedOut(scene, window)) words.push('locked out')
        // Where there is little room, what is wrong comes first.
        const isWrong = lost > 0 || isLockedOut(scene, window)
        return [words.join(', '), (isWrong ? words.at(-1) : words[0]) ?? '']
      },
    })
    return marks
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
