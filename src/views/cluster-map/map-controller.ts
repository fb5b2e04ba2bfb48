/**
 * Keeps the map's picture in step with the stores and with the hand: what changes is drawn in the next
 * frame, outside React, and what is missing is fetched.
 */
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import { type Callout, chooseCallouts } from '../../render/callouts.ts'
import type { ReadToken } from '../../render/colours.ts'
import { layerKinds, mutedCells } from '../../render/layer-kinds.ts'
import { type Layout, layoutHeight, layoutWidth } from '../../render/layout.ts'
import type { MapScene } from '../../render/map-scene.ts'
import type { Mark, Marks } from '../../render/marks.ts'
import type { Palette } from '../../render/palette.ts'
import type { PixelRect } from '../../render/picture.ts'
import { MAX_LEVEL, TileCache } from '../../render/tile-cache.ts'
import {
  cellAtPixel,
  cellRectOf,
  firstCluster,
  isDense,
  tileOfWindow,
  tilePixels,
} from '../../render/tile-pixels.ts'
import { type Viewport, visibleTiles } from '../../render/viewport.ts'
import { layerFilterStore } from '../../state/layer-filter-store.ts'
import { preferencesStore } from '../../state/preferences-store.ts'
import { selectionStore } from '../../state/selection-store.ts'
import { sessionStore } from '../../state/session-store.ts'
import type { SimulatorClient } from '../../state/simulator-client.ts'
import { layoutFor, planeOf } from './map-frame.ts'
import { pathClusters } from './path-clusters.ts'
import { tokensOf, watchTheme } from './map-colours.ts'
import { MapPainter } from './map-painter.ts'
import { captionTexts, sceneOf } from './map-scene-of.ts'
import { MiniMap } from './mini-map.ts'
import { MapView } from './map-view.ts'
import { TileLoader } from './tile-loader.ts'

/** 32 MiB of tiles. */
const MAX_BLOCKS = 8192
/** How near to a mark the pointer has to come, in CSS pixels. */
const MARK_REACH = 5

export interface MapElements {
  readonly stage: HTMLElement
  readonly base: HTMLCanvasElement
  readonly over: HTMLCanvasElement
  /** For the whole grid, while the map shows a part of it. */
  readonly mini: HTMLCanvasElement
}

export interface ExportView {
  readonly scene: MapScene
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
  private readonly miniMap: MiniMap
  private readonly loader: TileLoader
  private readonly tiles = new TileCache(MAX_BLOCKS)
  private readonly cleanups: (() => void)[] = []
  private scene: MapScene | undefined
  private marks: Marks | undefined
  private callouts: readonly Callout[] = []
  private revealed: { start: number; clusters: number } | undefined
  private frame = 0
  /** Tiles may arrive later still. */
  private destroyed = false
  private baseIsStale = false
  /** Whether more has changed than the view. */
  private contentIsStale = true

  constructor({ stage, base, over, mini }: MapElements, environment: MapEnvironment) {
    this.stage = stage
    this.painter = new MapPainter(base, over)
    this.miniMap = new MiniMap(mini)
    this.loader = new TileLoader(environment.client, this.tiles, () => this.redraw(), environment.onFailure)
    this.view = new MapView(stage, environment.isStill, () => this.redrawView())
    this.watch()
  }

  destroy(): void {
    this.destroyed = true
    cancelAnimationFrame(this.frame)
    this.view.destroy()
    for (const cleanup of this.cleanups) cleanup()
  }

  /** Shows all windows. */
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
    return this.scene?.layout
  }

  /** How many clusters a cell's side stands for at this zoom. */
  get cellClusters(): number {
    const viewport = this.viewport
    if (!this.scene || isDense(viewport)) return 2 ** MAX_LEVEL
    return 2 ** tilePixels(this.scene.layout, viewport).level
  }

  /** How much of the plane is seen from top to bottom, in clusters' sides. */
  get screenRows(): number {
    const { height, scale } = this.viewport
    return height / scale
  }

  /** A cluster of the middle of what is seen. */
  get middle(): number {
    const { width, height } = this.viewport
    const place = this.scene && cellAtPixel(this.scene.layout, this.viewport, width >> 1, height >> 1)
    return place ? firstCluster(place) : 0
  }

  /**
   * What is drawn at a point of the stage (CSS pixels from its corner).
   * @returns undefined between the tiles; `mark` where it is unguarded metadata, which reaches a little further
   */
  at(x: number, y: number): { readonly cluster: number; readonly mark: Mark | undefined } | undefined {
    if (!this.scene) return undefined
    const { ratio } = this.view.size
    const px = Math.floor(x * ratio)
    const py = Math.floor(y * ratio)
    const place = cellAtPixel(this.scene.layout, this.viewport, px, py)
    const cellSide = place && place.level === 0 ? tilePixels(this.scene.layout, this.viewport).cellSide : 0
    // Cells large enough to aim at need no reach.
    const reach = cellSide > 2 * MARK_REACH * ratio ? 0 : MARK_REACH * ratio
    const mark = this.marks?.nearest(px, py, reach)
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
    if (!this.scene || !palette) return undefined
    const { width, height } = this.view.size
    const scale = (this.viewport.scale / this.view.size.ratio) * ratio
    const { x, y } = this.viewport
    return {
      scene: this.scene,
      viewport: { width: width * ratio, height: height * ratio, scale, x, y },
      palette,
      read: token => this.painter.colour(token),
    }
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
      this.loader.setLayer(layer, muted)
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
        if (now.report === before.report && now.image === before.image) return
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
    // A resized canvas is empty: waiting for the next frame would show that.
    this.draw()
  }

  /** Takes over what the stores say. */
  private update(resized = false): void {
    const state = sessionStore.getState()
    const before = this.scene
    const newRun = this.loader.setRun(state.run)
    if (this.view.size.width === 0 || !state.report || !state.image) {
      this.scene = undefined
      this.redraw()
      return
    }
    const windows = Math.max(1, state.report.windows.count)
    const keepLayout = before && !newRun && !resized && before.layout.count === windows
    const layout = keepLayout ? before.layout : layoutFor(windows, this.view.size)
    const middle = this.middle
    this.scene = sceneOf(state.report, state.image, layout, this.tiles)
    if (newRun) this.revealed = undefined
    this.view.setLayout(layout)
    if (!before || newRun || this.view.fitted) {
      if (!keepLayout) this.view.fit(false)
    } else if (before.layout.columns !== layout.columns) {
      this.view.centreAt(planeOf(layout, middle, 1))
    }
    this.redraw()
  }

  private redraw(): void {
    this.contentIsStale = true
    this.redrawView()
  }

  private redrawView(): void {
    this.baseIsStale = true
    this.redrawOverlay()
  }

  private redrawOverlay(): void {
    if (this.frame === 0 && !this.destroyed) this.frame = requestAnimationFrame(() => this.draw())
  }

  private draw(): void {
    cancelAnimationFrame(this.frame)
    this.frame = 0
    const { scene, viewport } = this
    if (!scene) {
      this.marks = undefined
      this.painter.clear()
      this.miniMap.hide()
      return
    }
    if (this.baseIsStale) {
      this.baseIsStale = false
      this.drawBase(scene, viewport)
    }
    const { hovered, selected } = selectionStore.getState()
    const cellRect = (cluster: number | undefined) =>
      cluster === undefined ? undefined : cellRectOf(scene.layout, viewport, cluster)
    this.painter.paintOverlay({
      hovered: cellRect(hovered),
      selected: cellRect(selected),
      revealed: this.revealedRect(scene.layout, viewport),
      callouts: this.callouts,
      path: pathClusters(sessionStore.getState().report?.live?.path ?? []).flatMap(({ cluster, isWrong }) => {
        const rect = cellRect(cluster)
        return rect ? [{ rect, isWrong }] : []
      }),
    })
  }

  private drawBase(scene: MapScene, viewport: Viewport): void {
    const state = sessionStore.getState()
    const { ratio } = this.view.size
    this.marks = this.painter.paint(scene, viewport, captionTexts(state))
    const tileOf = (window: number) => tileOfWindow(scene.layout, viewport, window)
    this.callouts = this.marks ? chooseCallouts(this.marks.list, this.marks.total, { ratio, tileOf }) : []
    const dense = isDense(viewport)
    const level = dense ? MAX_LEVEL : tilePixels(scene.layout, viewport).level
    const visible = visibleTiles(scene.layout, viewport)
    this.loader.want({ run: state.run, revision: state.revision, layout: scene.layout, level, visible })
    this.drawMiniMap(scene, viewport)
  }

  private drawMiniMap(scene: MapScene, viewport: Viewport): void {
    const { palette } = this.painter
    const whole = { x: 0, y: 0, width: layoutWidth(scene.layout), height: layoutHeight(scene.layout) }
    if (!palette || this.view.isInSight(whole)) {
      this.miniMap.hide()
      return
    }
    const { ratio } = this.view.size
    if (this.contentIsStale) this.miniMap.paint(scene, palette, ratio)
    this.contentIsStale = false
    this.miniMap.frame(viewport, this.painter.colour('accent'), ratio)
    const wish = this.miniMap.wish(scene, sessionStore.getState())
    if (wish) this.loader.want(wish)
  }

  private revealedRect(layout: Layout, viewport: Viewport): PixelRect | undefined {
    if (!this.revealed || this.revealed.clusters < WINDOW_CLUSTERS) return undefined
    const { start, clusters } = this.revealed
    const { x, y, width, height } = planeOf(layout, start, clusters)
    const px = (at: number) => Math.round((at - viewport.x) * viewport.scale)
    const py = (at: number) => Math.round((at - viewport.y) * viewport.scale)
    return { x0: px(x), y0: py(y), x1: px(x + width), y1: py(y + height) }
  }
}
