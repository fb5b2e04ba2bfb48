/**
 * Keeps the map's picture in step with the stores and with the hand: what changes is drawn in the next
 * frame, outside React, and what is missing is fetched.
 */
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import { chooseCallouts } from '../../render/draw-overlay.ts'
import type { Layout } from '../../render/layout.ts'
import type { MapScene } from '../../render/map-scene.ts'
import type { Mark, Marks } from '../../render/marks.ts'
import type { PixelRect } from '../../render/picture.ts'
import { MAX_LEVEL, TileCache } from '../../render/tile-cache.ts'
import { cellAtPixel, cellRectOf, firstCluster, isDense, tilePixels } from '../../render/tile-pixels.ts'
import { type Viewport, visibleTiles } from '../../render/viewport.ts'
import { preferencesStore } from '../../state/preferences-store.ts'
import { selectionStore } from '../../state/selection-store.ts'
import { sessionStore } from '../../state/session-store.ts'
import type { SimulatorClient } from '../../state/simulator-client.ts'
import {
  centreOn,
  constrainTo,
  fitAll,
  fitPlane,
  inwards,
  layoutFor,
  MAX_ZOOM,
  planeOf,
  type StageSize,
  viewportOf,
} from './map-frame.ts'
import { tokensOf, watchTheme } from './map-colours.ts'
import { MapPainter } from './map-painter.ts'
import { captionTexts, sceneOf } from './map-scene-of.ts'
import { PanZoom, type Placement } from './pan-zoom.ts'
import { TileLoader } from './tile-loader.ts'

/** 32 MiB of tiles. */
const MAX_BLOCKS = 8192
/** How near to a mark the pointer has to come, in CSS pixels. */
const MARK_REACH = 5

export interface MapElements {
  readonly stage: HTMLElement
  readonly base: HTMLCanvasElement
  readonly over: HTMLCanvasElement
}

export interface MapEnvironment {
  readonly client: SimulatorClient
  /** Whether nothing is to move by itself. */
  isStill(): boolean
  onFailure(error: unknown): void
  /** The part of the map in sight has changed. */
  onView(view: { readonly layout: Layout; readonly viewport: Viewport; readonly fitted: boolean }): void
}

export class MapController {
  private readonly environment: MapEnvironment
  private readonly stage: HTMLElement
  private readonly painter: MapPainter
  private readonly panZoom: PanZoom
  private readonly loader: TileLoader
  private readonly tiles = new TileCache(MAX_BLOCKS)
  private readonly cleanups: (() => void)[] = []
  private size: StageSize = { width: 0, height: 0, ratio: 1 }
  private scene: MapScene | undefined
  private marks: Marks | undefined
  private callouts: readonly PixelRect[] = []
  /** Whether the view is "everything", and stays so when the stage changes. */
  private fitted = true
  private revealed: { start: number; clusters: number } | undefined
  private frame = 0
  private baseIsStale = false

  constructor({ stage, base, over }: MapElements, environment: MapEnvironment) {
    this.environment = environment
    this.stage = stage
    this.painter = new MapPainter(base, over)
    this.loader = new TileLoader(environment.client, this.tiles, () => this.redraw(), environment.onFailure)
    this.panZoom = new PanZoom(stage, {
      moved: (_, byHand) => {
        if (byHand) this.fitted = false
        this.redraw()
      },
      constrain: placement => (this.scene ? constrainTo(this.scene.layout, placement, this.size) : placement),
      duration: () => (environment.isStill() ? 0 : 180),
    })
    this.watch()
  }

  destroy(): void {
    cancelAnimationFrame(this.frame)
    this.panZoom.destroy()
    for (const cleanup of this.cleanups) cleanup()
  }

  /** Shows all windows. */
  fit(smoothly = true): void {
    if (!this.scene) return
    const target = fitAll(this.scene.layout, this.size)
    // Far enough out to see all of it with room around, near enough to read a cluster's letters.
    this.panZoom.setScaleExtent(Math.min(target.k, MAX_ZOOM) * 0.7, MAX_ZOOM)
    this.panZoom.moveTo(target, smoothly)
    this.fitted = true
  }

  /** About the pinned cluster where that is in sight. */
  zoomBy(factor: number): void {
    if (!this.scene) return
    this.fitted = false
    const { selected } = selectionStore.getState()
    const rect = selected === undefined ? undefined : planeOf(this.scene.layout, selected, 1)
    const { k, x, y } = this.panZoom.placement
    const about =
      rect && this.isInSight(rect) ? ([(rect.x + 0.5) * k + x, (rect.y + 0.5) * k + y] as const) : undefined
    this.panZoom.zoomBy(factor, about)
  }

  /** Brings a range of clusters into sight, moving no further than that takes. */
  reveal(start: number, clusters: number): void {
    if (!this.scene) return
    const { layout } = this.scene
    this.revealed = { start, clusters }
    const { k } = this.panZoom.placement
    if (clusters <= 1) {
      if (k < 6 || !this.isInSight(planeOf(layout, start, 1))) this.go(centreOn(layout, start, this.size, k))
    } else {
      const rect = planeOf(layout, start, clusters)
      if (rect.height * k < 64 || !this.isInSight(rect)) this.go(fitPlane(rect, this.size))
    }
    this.redrawOverlay()
  }

  /** Pans just enough that a cluster is seen. */
  bringIntoSight(cluster: number): void {
    if (!this.scene) return
    const { k, x, y } = this.panZoom.placement
    const rect = planeOf(this.scene.layout, cluster, 1)
    const dx = inwards((rect.x + 0.5) * k + x, this.size.width)
    const dy = inwards((rect.y + 0.5) * k + y, this.size.height)
    if (dx !== 0 || dy !== 0) this.go({ k, x: x + dx, y: y + dy }, false)
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
    const { ratio } = this.size
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

  private get viewport(): Viewport {
    return viewportOf(this.panZoom.placement, this.size)
  }

  private go(placement: Placement, smoothly = true): void {
    if (!this.scene) return
    this.fitted = false
    this.panZoom.moveTo(constrainTo(this.scene.layout, placement, this.size), smoothly)
  }

  private isInSight({
    x,
    y,
    width,
    height,
  }: {
    x: number
    y: number
    width: number
    height: number
  }): boolean {
    const { k, x: dx, y: dy } = this.panZoom.placement
    const inside = (from: number, length: number, offset: number, span: number) =>
      from * k + offset >= 0 && (from + length) * k + offset <= span
    return inside(x, width, dx, this.size.width) && inside(y, height, dy, this.size.height)
  }

  private watch(): void {
    const observer = new ResizeObserver(() => this.resize())
    observer.observe(this.stage)
    const onResize = () => this.resize()
    addEventListener('resize', onResize)
    const recolour = () => {
      const { layer } = preferencesStore.getState()
      const checkedTypes = sessionStore.getState().report?.options.checkedTypes ?? 0
      this.painter.setColours(tokensOf(this.stage), layer, checkedTypes)
      this.redraw()
    }
    this.cleanups.push(
      () => observer.disconnect(),
      () => removeEventListener('resize', onResize),
      watchTheme(recolour),
      preferencesStore.subscribe((now, before) => {
        if (now.layer !== before.layer || now.theme !== before.theme) recolour()
      }),
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
    if (width === this.size.width && height === this.size.height && ratio === this.size.ratio) return
    this.size = { width, height, ratio }
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
    if (this.size.width === 0 || !state.report || !state.image) {
      this.scene = undefined
      this.redraw()
      return
    }
    const windows = Math.max(1, state.report.windows.count)
    const keepLayout = before && !newRun && !resized && before.layout.count === windows
    const layout = keepLayout ? before.layout : layoutFor(windows, this.size)
    const middle = this.middle
    this.scene = sceneOf(state.report, state.image, layout, this.tiles)
    if (newRun) this.revealed = undefined
    if (!before || newRun || this.fitted) {
      if (!keepLayout) this.fit(false)
    } else if (before.layout.columns !== layout.columns) {
      const { k } = this.panZoom.placement
      const { x, y } = planeOf(layout, middle, 1)
      this.panZoom.moveTo({ k, x: this.size.width / 2 - x * k, y: this.size.height / 2 - y * k }, false)
    }
    this.redraw()
  }

  private redraw(): void {
    this.baseIsStale = true
    this.redrawOverlay()
  }

  private redrawOverlay(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.draw())
  }

  private draw(): void {
    cancelAnimationFrame(this.frame)
    this.frame = 0
    const { scene, viewport } = this
    if (!scene) {
      this.marks = undefined
      this.painter.clear()
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
    })
  }

  private drawBase(scene: MapScene, viewport: Viewport): void {
    const state = sessionStore.getState()
    const { ratio } = this.size
    this.marks = this.painter.paint(scene, viewport, captionTexts(state))
    this.callouts = this.marks ? chooseCallouts(this.marks.list, this.marks.total, 9 * ratio, 30 * ratio) : []
    const dense = isDense(viewport)
    const level = dense ? MAX_LEVEL : tilePixels(scene.layout, viewport).level
    const visible = visibleTiles(scene.layout, viewport)
    this.loader.want({ run: state.run, revision: state.revision, layout: scene.layout, level, visible })
    this.environment.onView({ layout: scene.layout, viewport, fitted: this.fitted })
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
