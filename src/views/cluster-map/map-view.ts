/** Where the map is looked at from, and how that moves: by hand, by key, to a place that was asked for. */
import type { Layout, PlanePoint } from '../../render/layout.ts'
import type { PlaneRect, Viewport } from '../../render/viewport.ts'
import {
  centreOn,
  constrainTo,
  filledRect,
  fitAll,
  fitPlane,
  inwards,
  MAX_ZOOM,
  planeOf,
  type StageSize,
  viewportOf,
} from './map-frame.ts'
import { PanZoom, type Placement } from './pan-zoom.ts'

/** Windows lower than this (CSS pixels) are enlarged when they are to be shown. */
const LEAST_WINDOW = 64
/** The same for clusters. */
const LEAST_CLUSTER = 6

export class MapView {
  private readonly panZoom: PanZoom
  private layout: Layout | undefined
  /** Of the plane, what there is something in. */
  private filled: PlaneRect = { x: 0, y: 0, width: 0, height: 0 }
  size: StageSize = { width: 0, height: 0, ratio: 1 }
  /** Whether the view is "everything", and stays so when the stage changes. */
  fitted = true

  /** @param isStill whether nothing is to move by itself */
  constructor(stage: HTMLElement, isStill: () => boolean, onMove: () => void) {
    this.panZoom = new PanZoom(stage, {
      moved: (_, byHand) => {
        if (byHand) this.fitted = false
        onMove()
      },
      constrain: placement => (this.layout ? constrainTo(this.layout, placement, this.size) : placement),
      duration: () => (isStill() ? 0 : 180),
    })
  }

  destroy(): void {
    this.panZoom.destroy()
  }

  get viewport(): Viewport {
    return viewportOf(this.panZoom.placement, this.size)
  }

  setLayout(layout: Layout, fileClusters: number): void {
    this.layout = layout
    this.filled = filledRect(layout, fileClusters)
  }

  /** Shows all of the file, as large as it goes. */
  fit(smoothly: boolean): void {
    if (!this.layout) return
    // Far enough out to see all of it with room around, near enough to read a cluster's letters.
    const { k } = fitAll(this.layout, this.size)
    this.panZoom.setScaleExtent(Math.min(k, MAX_ZOOM) * 0.7, MAX_ZOOM)
    const target = constrainTo(this.layout, fitPlane(this.filled, this.size), this.size)
    this.panZoom.moveTo(target, smoothly)
    this.fitted = true
  }

  /** @param about a cluster that stays where it is, if it is in sight; else the middle does */
  zoomBy(factor: number, about: number | undefined): void {
    if (!this.layout) return
    const from = this.panZoom.destination
    const { k, x, y } = from
    const { width, height } = this.size
    const rect = about === undefined ? undefined : planeOf(this.layout, about, 1)
    const isAbout = rect !== undefined && isWithin(rect, from, this.size)
    const [atX, atY] = isAbout ? middleOf(rect, from) : this.middleOfFilled(from)
    const zoom = this.panZoom.clampZoom(k * factor)
    // A cluster at the edge would grow out of the stage.
    const toX = isAbout ? atX + inwards(atX, width, zoom + 16) : atX
    const toY = isAbout ? atY + inwards(atY, height, zoom + 16) : atY
    this.go({ k: zoom, x: toX - ((atX - x) / k) * zoom, y: toY - ((atY - y) / k) * zoom }, true)
  }

  /** Brings a range of clusters into sight, moving no further than that takes. */
  reveal(start: number, clusters: number): void {
    if (!this.layout) return
    const rect = planeOf(this.layout, start, clusters)
    const { k } = this.panZoom.placement
    const isLarge = rect.height * k >= (clusters <= 1 ? LEAST_CLUSTER : LEAST_WINDOW)
    if (isLarge && this.isInSight(rect)) return
    this.go(clusters <= 1 ? centreOn(this.layout, start, this.size, k) : fitPlane(rect, this.size), true)
  }

  /** Pans just enough that a cluster is seen. */
  bringIntoSight(cluster: number): void {
    if (!this.layout) return
    const { destination } = this.panZoom
    const { k, x, y } = destination
    const [atX, atY] = middleOf(planeOf(this.layout, cluster, 1), destination)
    const dx = inwards(atX, this.size.width)
    const dy = inwards(atY, this.size.height)
    if (dx !== 0 || dy !== 0) this.go({ k, x: x + dx, y: y + dy }, false)
  }

  /** Puts a place of the plane into the middle, at once. */
  centreAt({ x, y }: PlanePoint): void {
    const { k } = this.panZoom.placement
    this.go({ k, x: this.size.width / 2 - x * k, y: this.size.height / 2 - y * k }, false)
  }

  isInSight(rect: PlaneRect): boolean {
    return isWithin(rect, this.panZoom.placement, this.size)
  }

  /** Whether all of the file is. */
  get isAllInSight(): boolean {
    return this.isInSight(this.filled)
  }

  /** The stage's middle; along an axis on which there is nothing of the file, the middle of what is seen of it. */
  private middleOfFilled({ k, x, y }: Placement): readonly [x: number, y: number] {
    const { width, height } = this.size
    return [middleOfSeen(width, x, this.filled.width * k), middleOfSeen(height, y, this.filled.height * k)]
  }

  private go(placement: Placement, smoothly: boolean): void {
    if (!this.layout) return
    this.fitted = false
    this.panZoom.moveTo(constrainTo(this.layout, placement, this.size), smoothly)
  }
}

/** Whether all of a rectangle is seen. */
function isWithin(rect: PlaneRect, { k, x: dx, y: dy }: Placement, size: StageSize): boolean {
  const inside = (from: number, length: number, offset: number, span: number) =>
    from * k + offset >= 0 && (from + length) * k + offset <= span
  return inside(rect.x, rect.width, dx, size.width) && inside(rect.y, rect.height, dy, size.height)
}

/** In CSS pixels from the stage's corner. */
const middleOf = (rect: PlaneRect, { k, x, y }: Placement): readonly [x: number, y: number] => [
  (rect.x + rect.width / 2) * k + x,
  (rect.y + rect.height / 2) * k + y,
]

function middleOfSeen(span: number, from: number, length: number): number {
  const middle = span / 2
  const first = Math.max(0, from)
  const last = Math.min(span, from + length)
  return (first <= middle && middle <= last) || last <= first ? middle : (first + last) / 2
}
