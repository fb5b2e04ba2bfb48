/** Draws views of the image that is open, and keeps what the next picture can use. */
import type { Layout } from '../render/layout.ts'
import { drawLayers, type MapLayers } from '../render/map-layers.ts'
import { type MapPicture, MapPictures } from '../render/map-picture.ts'
import type { MapScene } from '../render/map-scene.ts'
import type { Palette } from '../render/palette.ts'
import type { MapIndex } from '../simulation/map-index.ts'
import type { PictureSource } from './picture-source.ts'
import type { Request } from './protocol.ts'

type PictureRequest = Extract<Request, { type: 'picture' }>
type LayersRequest = Extract<Request, { type: 'picture-layers' }>

export class SessionPictures {
  private readonly pictures = new MapPictures()
  private palette: Palette | undefined
  private last: { readonly index: MapIndex; readonly revision: number; count: number } | undefined

  /** @throws Error where no palette was ever given */
  draw({ view, palette = this.palette, buffer }: PictureRequest, source: PictureSource): MapPicture {
    if (!palette) throw new Error('the first picture needs a palette')
    this.palette = palette
    const scene = sceneOf(view.layout, palette, source)
    return this.pictures.draw(scene, this.stateNumber(source.index), view, palette, buffer)
  }

  /** The same view, larger and taken apart, to be saved. */
  layers({ view, palette }: LayersRequest, source: PictureSource): MapLayers {
    return drawLayers(sceneOf(view.layout, palette, source), view, palette)
  }

  /** One number for every state of every image. */
  private stateNumber(index: MapIndex): number {
    const { last } = this
    if (last?.index === index && last.revision === index.revision) return last.count
    this.last = { index, revision: index.revision, count: (last?.count ?? 0) + 1 }
    return this.last.count
  }
}

function sceneOf(layout: Layout, palette: Palette, { index, ...source }: PictureSource): MapScene {
  return {
    layout,
    cells: {
      tile: window => index.tile(palette, window),
      block: (level, block, from, to) => index.block(palette, level, block, from, to),
      windowCells: () => index.windowCells(palette),
      windowGrid: ({ count, columns }) => index.windowGrid(palette, count, columns),
    },
    ...source,
  }
}

/** What is handed over rather than copied when the picture is posted. */
export const buffersOf = ({ pixels, small }: MapPicture): ArrayBuffer[] =>
  (small ? [pixels, small.pixels] : [pixels]).map(({ buffer }) => buffer as ArrayBuffer)
