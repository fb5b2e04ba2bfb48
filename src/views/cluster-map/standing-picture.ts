/**
 * The picture that the map shows. The worker makes one for each view; until it is there, the last one stands, moved to
 * where the hand has it.
 */
import type { Layout, PlanePoint } from '../../render/layout.ts'
import type { MapPicture } from '../../render/map-picture.ts'
import { sameViewport, type Viewport } from '../../render/viewport.ts'
import type { SimulatorClient } from '../../state/simulator-client.ts'
import type { MapPainter } from './map-painter.ts'
import { type MapSubject, offsetText, sceneOf } from './map-scene-of.ts'
import { MiniMap, miniViewport } from './mini-map.ts'
import { PictureLoader, type PictureWish } from './picture-loader.ts'

/** So long (ms) a view waits for its picture, a frame and a little, before an older one is moved to stand in for it. */
const PATIENCE = 20

/** What is looked at, and from where. */
export interface Look {
  readonly subject: MapSubject
  readonly layout: Layout
  readonly viewport: Viewport
  /** Device pixels a CSS pixel. */
  readonly ratio: number
  /** Whether all of it is in sight: then the small map in the corner is of no use. */
  readonly isWhole: boolean
}

interface Hooks {
  /** A picture has come, maybe of another view than the present one. */
  onPicture(): void
  onFailure(error: unknown): void
}

/** Whether the small picture of one wish is that of another. */
const sameSmall = (a: PictureWish, b: PictureWish): boolean =>
  a.run === b.run &&
  a.revision === b.revision &&
  a.palette === b.palette &&
  a.view.ratio === b.view.ratio &&
  a.view.layout === b.view.layout

export class StandingPicture {
  private readonly painter: MapPainter
  private readonly miniMap: MiniMap
  private readonly loader: PictureLoader
  private readonly onPicture: () => void
  /** The last picture that came. */
  private shown: { readonly picture: MapPicture; readonly wish: PictureWish } | undefined
  /** What the small picture was made for. */
  private smallOf: PictureWish | undefined
  /** Since when the canvas shows another view than the present one; undefined while it shows that one. */
  private behindSince: number | undefined

  /** @param mini for the whole grid, while the map shows a part of it */
  constructor(
    painter: MapPainter,
    mini: HTMLCanvasElement,
    client: SimulatorClient,
    { onPicture, onFailure }: Hooks,
  ) {
    this.painter = painter
    this.miniMap = new MiniMap(mini)
    this.onPicture = onPicture
    this.loader = new PictureLoader(client, {
      onPicture: (picture, wish) => this.take(picture, wish),
      onFailure,
    })
  }

  /** The last picture, made for whatever view; undefined if it is of another image. */
  of(run: number): MapPicture | undefined {
    return this.shown?.wish.run === run ? this.shown.picture : undefined
  }

  /** The last picture if it is of this very view. */
  at(viewport: Viewport): MapPicture | undefined {
    const { picture } = this.shown ?? {}
    return picture && sameViewport(picture.viewport, viewport) ? picture : undefined
  }

  /** Asks for the picture of a view, unless it is there or asked for. */
  want({ subject, layout, viewport, ratio, isWhole }: Look): void {
    const { palette } = this.painter
    if (!palette) return
    const { run, revision } = subject
    const { layer } = palette
    const small = isWhole ? undefined : miniViewport(layout, ratio)
    const view = { layer, layout, viewport, ratio, small }
    const wish = { run, revision, view, palette }
    const isSmallThere = this.smallOf !== undefined && sameSmall(this.smallOf, wish)
    this.loader.want(isSmallThere ? { ...wish, view: { ...view, small: undefined } } : wish)
    if (!small) this.miniMap.hide()
  }

  /** Whether the picture of this view may be there in a moment, so that nothing need stand in for it. */
  isAwaited({ subject, viewport }: Look): boolean {
    if (!this.of(subject.run) || this.at(viewport)) {
      this.behindSince = undefined
      return false
    }
    this.behindSince ??= performance.now()
    return performance.now() - this.behindSince < PATIENCE
  }

  /** Draws what there is at once, whatever may come in a moment. */
  waitNoLonger(): void {
    this.behindSince = -Infinity
  }

  draw({ subject, viewport, ratio, isWhole }: Look): void {
    const { shown } = this
    if (shown?.wish.run !== subject.run) return
    const { image } = subject
    const scene = sceneOf(shown.picture, subject)
    const offsetOf = (window: number) => (image ? offsetText(image, window) : '')
    this.painter.paint(shown.picture, viewport, { scene, palette: shown.wish.palette, offsetOf })
    if (!isWhole && this.smallOf?.run === subject.run)
      this.miniMap.frame(viewport, this.painter.colour('accent'), ratio)
    else this.miniMap.hide()
  }

  /** There is nothing to be looked at. */
  forget(): void {
    this.shown = undefined
    this.loader.forget()
    this.painter.clear()
    this.miniMap.hide()
  }

  /** The place of the plane under a point of the small map (CSS pixels from its corner). */
  placeOnMiniMap(x: number, y: number, ratio: number): PlanePoint | undefined {
    return this.miniMap.planeAt(x, y, ratio)
  }

  private take(picture: MapPicture, wish: PictureWish): void {
    const before = this.shown?.picture
    if (before) this.loader.recycle(before.pixels.buffer as ArrayBuffer)
    this.shown = { picture, wish }
    if (picture.small) {
      this.miniMap.take(picture.small, wish.view.ratio)
      this.smallOf = wish
    }
    this.onPicture()
  }
}
