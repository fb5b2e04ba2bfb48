/**
 * Keeps the map in step with the stores and with the hand, outside React: which grid it shows (layoutFor), from where
 * (MapView), what the worker draws of that (StandingPicture), and what moves over it (overlayOf).
 */
import type { ReadToken } from '../../render/colours.ts'
import { layerKinds, mutedCells } from '../../render/layer-kinds.ts'
import type { Layout } from '../../render/layout.ts'
import type { Palette } from '../../render/palette.ts'
import { cellAtPixel, firstCluster, isDense, MAX_LEVEL, tilePixels } from '../../render/tile-pixels.ts'
import type { Viewport } from '../../render/viewport.ts'
import { layerFilterStore } from '../../state/layer-filter-store.ts'
import { preferencesStore } from '../../state/preferences-store.ts'
import { selectionStore } from '../../state/selection-store.ts'
import { sessionStore } from '../../state/session-store.ts'
import type { SimulatorClient } from '../../state/simulator-client.ts'
import { layoutFor, planeOf } from './map-frame.ts'
import { tokensOf } from './map-colours.ts'
import { MapPainter } from './map-painter.ts'
import { overlayOf } from './map-overlay.ts'
import { type PointedAt, pointedAt } from './map-pointing.ts'
import { subjectOf } from './map-scene-of.ts'
import { MapView } from './map-view.ts'
import { StandingPicture } from './standing-picture.ts'
import { watchMap } from './watch-map.ts'

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

export class MapController {
  private readonly stage: HTMLElement
  private readonly painter: MapPainter
  private readonly view: MapView
  private readonly picture: StandingPicture
  private readonly unwatch: () => void
  private run = 0
  private grid: Layout | undefined
  private revealed: { start: number; clusters: number } | undefined
  private frame = 0
  /** Pictures may arrive later still. */
  private destroyed = false
  private baseIsStale = false

  constructor({ stage, base, over, mini }: MapElements, environment: MapEnvironment) {
    this.stage = stage
    this.painter = new MapPainter(base, over)
    this.picture = new StandingPicture(this.painter, mini, environment.client, {
      onPicture: () => this.drawPicture(),
      onFailure: environment.onFailure,
    })
    this.view = new MapView(stage, environment.isStill, () => this.redraw())
    this.unwatch = watchMap(stage, {
      resized: () => this.resize(),
      recoloured: () => this.recolour(),
      changed: () => this.update(),
      selected: (now, before) => {
        if (now.revealed && now.revealed !== before.revealed)
          this.reveal(now.revealed.start, now.revealed.clusters)
        if (now.selected !== before.selected && now.revealed === before.revealed) this.revealed = undefined
        this.redrawOverlay()
      },
    })
    this.recolour()
    this.resize()
  }

  destroy(): void {
    this.destroyed = true
    cancelAnimationFrame(this.frame)
    this.view.destroy()
    this.unwatch()
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
    const place = this.picture.placeOnMiniMap(x, y, this.view.size.ratio)
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

  /** What is drawn at a point of the stage (CSS pixels from its corner); undefined between the tiles. */
  at(x: number, y: number): PointedAt | undefined {
    const { grid: layout, viewport } = this
    if (!layout || this.isCoarse) return undefined
    const picture = this.picture.at(viewport)
    return pointedAt({ layout, viewport, ratio: this.view.size.ratio, picture }, x, y)
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

  private recolour(): void {
    const { layer } = preferencesStore.getState()
    const checkedTypes = sessionStore.getState().report?.options.checkedTypes ?? 0
    const muted = mutedCells(layerKinds(layer, checkedTypes), layerFilterStore.getState().hidden[layer])
    this.painter.setColours(tokensOf(this.stage), layer, checkedTypes, muted)
    this.redraw()
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
    this.picture.waitNoLonger()
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
  private drawPicture(): void {
    if (this.destroyed) return
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
    const { grid: layout, viewport, revealed, isCoarse } = this
    const subject = subjectOf(sessionStore.getState())
    if (!layout || !subject) {
      this.picture.forget()
      return
    }
    if (this.baseIsStale) {
      const { isAllInSight: isWhole, size } = this.view
      const look = { subject, layout, viewport, ratio: size.ratio, isWhole }
      this.picture.want(look)
      if (this.picture.isAwaited(look)) {
        this.redrawOverlay()
        return
      }
      this.baseIsStale = false
      this.picture.draw(look)
    }
    const picture = this.picture.of(subject.run)
    this.painter.paintOverlay(overlayOf({ layout, viewport, picture, revealed, isCoarse }))
  }
}
