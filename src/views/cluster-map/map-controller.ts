/**
 * Keeps the map's picture in step with the stores and with the hand, outside React. The worker makes the
 * pictures; until the next one is there, the last one stands, moved to where the hand has it.
 */
import type { ReadToken } from '../../render/colours.ts'
import { layerKinds, mutedCells } from '../../render/layer-kinds.ts'
import type { Layout } from '../../render/layout.ts'
import type { MapPicture } from '../../render/map-picture.ts'
import { type Mark, nearestMark } from '../../render/marks.ts'
import type { Palette } from '../../render/palette.ts'
import { cellAtPixel, firstCluster, isDense, MAX_LEVEL, tilePixels } from '../../render/tile-pixels.ts'
import { sameViewport, type Viewport } from '../../render/viewport.ts'
import { layerFilterStore } from '../../state/layer-filter-store.ts'
import { preferencesStore } from '../../state/preferences-store.ts'
import { selectionStore } from '../../state/selection-store.ts'
import { sessionStore } from '../../state/session-store.ts'
import type { SimulatorClient } from '../../state/simulator-client.ts'
import { layoutFor, planeOf } from './map-frame.ts'
import { tokensOf, watchTheme } from './map-colours.ts'
import { MapPainter } from './map-painter.ts'
import { overlayOf } from './map-overlay.ts'
import { offsetText, sceneOf, subjectOf } from './map-scene-of.ts'
import { MiniMap, miniViewport } from './mini-map.ts'
import { MapView } from './map-view.ts'
import { PictureLoader, type PictureWish } from './picture-loader.ts'

/** How near to a mark the pointer has to come, in CSS pixels. */
const MARK_REACH = 5

/** So long (ms) a view waits for its picture, a frame and a little, before an older one is moved to stand in for it. */
const PATIENCE = 20

export interface MapElements {
  readonly stage: HTMLElement
  readonly base: HTMLCanvasElement
  readonly over: HTMLCanvasElement
  /** For the whole grid, while the map shows a part of it. */
  readonly mini: HTMLCanvasElement
}

export interface ExportView {
  readonly layout: Layout
  readonly viewport: Viewport
  readonly palette: Palette
  /** The colours of the theme in force. */
  readonly read: ReadToken
}

export interface MapEnvironment {
  readonly client: SimulatorClient
  /** Whether nothing is to move by itself. */
  isStill(): boolean
  onFailure(error: unknown): void
}

/** Whether the small picture of one wish is that of another. */
const sameSmall = (a: PictureWish, b: PictureWish): boolean =>
  a.run === b.run &&
  a.revision === b.revision &&
  a.palette === b.palette &&
  a.view.ratio === b.view.ratio &&
  a.view.layout === b.view.layout

export class MapController {
  private readonly stage: HTMLElement
  private readonly painter: MapPainter
  private readonly view: MapView
  private readonly miniMap: MiniMap
  private readonly loader: PictureLoader
  private readonly cleanups: (() => void)[] = []
  private run = 0
  private grid: Layout | undefined
  /** The last picture that came. */
  private shown: { readonly picture: MapPicture; readonly wish: PictureWish } | undefined
  /** What the small picture was made for. */
  private smallOf: PictureWish | undefined
  private revealed: { start: number; clusters: number } | undefined
  private frame = 0
  /** Pictures may arrive later still. */
  private destroyed = false
  private baseIsStale = false
  /** Since when the canvas shows another view than this one; undefined while it shows this one. */
  private behindSince: number | undefined

  constructor({ stage, base, over, mini }: MapElements, environment: MapEnvironment) {
    this.stage = stage
    this.painter = new MapPainter(base, over)
    this.miniMap = new MiniMap(mini)
    this.loader = new PictureLoader(environment.client, {
      onPicture: (picture, wish) => this.take(picture, wish),
      onFailure: environment.onFailure,
    })
    this.view = new MapView(stage, environment.isStill, () => this.redraw())
    this.watch()
  }

  destroy(): void {
    this.destroyed = true
    cancelAnimationFrame(this.frame)
    this.view.destroy()
    for (const cleanup of this.cleanups) cleanup()
  }

  /** Shows all of the file. */
  fit(): void {
    this.view.fit(true)
  }

  /** About the pinned cluster where that is in sight. */
  zoomBy(factor: number): void {
    this.view.zoomBy(factor, selectionStore.getState().selected)
  }

  /** Brings a range of clusters into sight, and outlines it if it is of windows. */
  reveal(start: number, clusters: number): void {
    this.revealed = { start, clusters }
    this.view.reveal(start, clusters)
    this.redrawOverlay()
  }

  bringIntoSight(cluster: number): void {
    this.view.bringIntoSight(cluster)
  }

  /** Centres on a place of the small map (CSS pixels from its corner). */
  showFromMiniMap(x: number, y: number): void {
    const place = this.miniMap.planeAt(x, y, this.view.size.ratio)
    if (place) this.view.centreAt(place)
  }

  /** The grid as it lies now. */
  get layout(): Layout | undefined {
    return this.grid
  }

  /** How many clusters a cell's side stands for at this zoom. */
  get cellClusters(): number {
    const viewport = this.viewport
    if (!this.grid || isDense(viewport)) return 2 ** MAX_LEVEL
    return 2 ** tilePixels(this.grid, viewport).level
  }

  /** How much of the plane is seen from top to bottom, in clusters' sides. */
  get screenRows(): number {
    const { height, scale } = this.viewport
    return height / scale
  }

  /** A cluster of the middle of what is seen. */
  get middle(): number {
    const { width, height } = this.viewport
    const place = this.grid && cellAtPixel(this.grid, this.viewport, width >> 1, height >> 1)
    return place ? firstCluster(place) : 0
  }

  /**
   * What is drawn at a point of the stage (CSS pixels from its corner).
   * @returns undefined between the tiles; `mark` where it is unguarded metadata, which reaches a little further
   */
  at(x: number, y: number): { readonly cluster: number; readonly mark: Mark | undefined } | undefined {
    if (!this.grid || this.isCoarse) return undefined
    const { ratio } = this.view.size
    const px = Math.floor(x * ratio)
    const py = Math.floor(y * ratio)
    const place = cellAtPixel(this.grid, this.viewport, px, py)
    const cellSide = place && place.level === 0 ? tilePixels(this.grid, this.viewport).cellSide : 0
    // Cells large enough to aim at need no reach.
    const reach = cellSide > 2 * MARK_REACH * ratio ? 0 : MARK_REACH * ratio
    const { picture } = this.shown ?? {}
    // Of another view, marks would be looked for in the wrong place.
    const isThisView = picture !== undefined && sameViewport(picture.viewport, this.viewport)
    const mark = isThisView ? nearestMark(picture.marks, px, py, reach) : undefined
    if (mark) return { cluster: firstCluster(mark.place), mark }
    return place && { cluster: firstCluster(place), mark: undefined }
  }

  /**
   * What is seen now, to be drawn once more elsewhere.
   * @param ratio pixels of that picture a CSS pixel
   * @returns undefined while there is no picture
   */
  exportView(ratio: number): ExportView | undefined {
    const { palette } = this.painter
    if (!this.grid || !palette || this.isCoarse) return undefined
    const { width, height } = this.view.size
    const scale = (this.viewport.scale / this.view.size.ratio) * ratio
    const { x, y } = this.viewport
    return {
      layout: this.grid,
      viewport: { width: width * ratio, height: height * ratio, scale, x, y },
      palette,
      read: token => this.painter.colour(token),
    }
  }

  /** Whether what is seen is an image whose tables are still being read: there is nothing to point at yet. */
  private get isCoarse(): boolean {
    return sessionStore.getState().opening?.outline !== undefined
  }

  private get viewport(): Viewport {
    return this.view.viewport
  }

  private watch(): void {
    const observer = new ResizeObserver(() => this.resize())
    observer.observe(this.stage)
    const onResize = () => this.resize()
    addEventListener('resize', onResize)
    const recolour = () => {
      const { layer } = preferencesStore.getState()
      const checkedTypes = sessionStore.getState().report?.options.checkedTypes ?? 0
      const muted = mutedCells(layerKinds(layer, checkedTypes), layerFilterStore.getState().hidden[layer])
      this.painter.setColours(tokensOf(this.stage), layer, checkedTypes, muted)
      this.redraw()
    }
    this.cleanups.push(
      () => observer.disconnect(),
      () => removeEventListener('resize', onResize),
      watchTheme(recolour),
      preferencesStore.subscribe((now, before) => {
        if (now.layer !== before.layer || now.theme !== before.theme) recolour()
      }),
      layerFilterStore.subscribe(recolour),
      sessionStore.subscribe((now, before) => {
        if (now.report === before.report && now.image === before.image && now.opening === before.opening)
          return
        if (now.report?.options.checkedTypes !== before.report?.options.checkedTypes) recolour()
        this.update()
      }),
      selectionStore.subscribe((now, before) => {
        if (now.revealed && now.revealed !== before.revealed)
          this.reveal(now.revealed.start, now.revealed.clusters)
        if (now.selected !== before.selected && now.revealed === before.revealed) this.revealed = undefined
        this.redrawOverlay()
      }),
    )
    recolour()
    this.resize()
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.stage
    const ratio = devicePixelRatio
    if (width === this.view.size.width && height === this.view.size.height && ratio === this.view.size.ratio)
      return
    this.view.size = { width, height, ratio }
    this.painter.resize(
      Math.max(1, Math.round(width * ratio)),
      Math.max(1, Math.round(height * ratio)),
      ratio,
    )
    this.update(true)
    // A resized canvas is empty: waiting for the next frame, or for a picture, would show that.
    this.behindSince = -Infinity
    this.draw()
  }

  /** Takes over what the stores say. */
  private update(resized = false): void {
    const subject = subjectOf(sessionStore.getState())
    const before = this.grid
    const newRun = subject?.run !== this.run
    this.run = subject?.run ?? 0
    if (this.view.size.width === 0 || !subject) {
      this.grid = undefined
      this.redraw()
      return
    }
    const windows = Math.max(1, subject.windows)
    const keepLayout = before && !newRun && !resized && before.count === windows
    const layout = keepLayout ? before : layoutFor(windows, this.view.size)
    const { middle } = this
    this.grid = layout
    if (newRun) this.revealed = undefined
    this.view.setLayout(layout, subject.fileClusters)
    if (!before || newRun || this.view.fitted) {
      if (!keepLayout) this.view.fit(false)
    } else if (before.columns !== layout.columns) {
      this.view.centreAt(planeOf(layout, middle, 1))
    }
    this.redraw()
  }

  /** A picture has come: if it is of what is looked at, it need not wait for a frame. */
  private take(picture: MapPicture, wish: PictureWish): void {
    if (this.destroyed) return
    const before = this.shown?.picture
    if (before) this.loader.recycle(before.pixels.buffer as ArrayBuffer)
    this.shown = { picture, wish }
    if (picture.small) {
      this.miniMap.take(picture.small, wish.view.ratio)
      this.smallOf = wish
    }
    this.baseIsStale = true
    this.draw()
  }

  private redraw(): void {
    this.baseIsStale = true
    this.redrawOverlay()
  }

  private redrawOverlay(): void {
    if (this.frame === 0 && !this.destroyed) this.frame = requestAnimationFrame(() => this.draw())
  }

  private draw(): void {
    cancelAnimationFrame(this.frame)
    this.frame = 0
    const { grid, viewport } = this
    if (!grid) {
      this.shown = undefined
      this.loader.forget()
      this.painter.clear()
      this.miniMap.hide()
      return
    }
    if (this.baseIsStale) {
      this.wantPicture(grid, viewport)
      if (this.isWaiting(viewport)) {
        this.redrawOverlay()
        return
      }
      this.baseIsStale = false
      this.drawBase(viewport)
    }
    const picture = this.shown?.wish.run === this.run ? this.shown.picture : undefined
    const { revealed, isCoarse } = this
    this.painter.paintOverlay(overlayOf({ layout: grid, viewport, picture, revealed, isCoarse }))
  }

  /** Whether the picture of this view may be there in a moment, so that nothing need stand in for it. */
  private isWaiting(viewport: Viewport): boolean {
    const { shown, run } = this
    if (shown?.wish.run !== run || sameViewport(shown.picture.viewport, viewport)) {
      this.behindSince = undefined
      return false
    }
    this.behindSince ??= performance.now()
    return performance.now() - this.behindSince < PATIENCE
  }

  private wantPicture(grid: Layout, viewport: Viewport): void {
    const subject = subjectOf(sessionStore.getState())
    const { palette } = this.painter
    if (!palette || !subject) return
    const { run, revision } = subject
    const { layer } = palette
    const { ratio } = this.view.size
    const small = this.hasMini ? miniViewport(grid, ratio) : undefined
    const view = { layer, layout: grid, viewport, ratio, small }
    const wish = { run, revision, view, palette }
    const isSmallThere = this.smallOf !== undefined && sameSmall(this.smallOf, wish)
    this.loader.want(isSmallThere ? { ...wish, view: { ...view, small: undefined } } : wish)
    if (!small) this.miniMap.hide()
  }

  /** The small map is of use only while the map does not show everything. */
  private get hasMini(): boolean {
    return !this.view.isAllInSight
  }

  private drawBase(viewport: Viewport): void {
    const subject = subjectOf(sessionStore.getState())
    const { shown, grid } = this
    if (!subject || !grid || shown?.wish.run !== subject.run) return
    const { image } = subject
    const scene = sceneOf(shown.picture, subject)
    const offsetOf = (window: number) => (image ? offsetText(image, window) : '')
    this.painter.paint(shown.picture, viewport, { scene, palette: shown.wish.palette, offsetOf })
    if (this.hasMini && this.smallOf?.run === subject.run)
      this.miniMap.frame(viewport, this.painter.colour('accent'), this.view.size.ratio)
    else this.miniMap.hide()
  }
}
