/** Stage and view in numbers: how CSS pixels, device pixels and the plane of the map relate. */
import {
  chooseLayout,
  clusterPoint,
  type Layout,
  layoutHeight,
  layoutWidth,
  windowPoint,
} from '../../render/layout.ts'
import { fitLayout, fitRect, keepInSight, type PlaneRect, type Viewport } from '../../render/viewport.ts'
import { TILE_SIDE } from '../../lib/cells.ts'
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import type { Placement } from './pan-zoom.ts'

/** The stage's size in CSS pixels, and device pixels a CSS pixel. */
export interface StageSize {
  readonly width: number
  readonly height: number
  readonly ratio: number
}

/** CSS pixels left free around what is fitted: above it for a caption, below it for the zoom buttons. */
const MARGINS = { top: 30, right: 16, bottom: 32, left: 16 }
/** CSS pixels a cluster's side, at most. */
export const MAX_ZOOM = 48
/** A cluster that is gone to is shown at least this large (CSS pixels). */
const CLUSTER_ZOOM = 14

export function viewportOf({ k, x, y }: Placement, { width, height, ratio }: StageSize): Viewport {
  return {
    width: Math.max(1, Math.round(width * ratio)),
    height: Math.max(1, Math.round(height * ratio)),
    scale: k * ratio,
    // Whole pixels: a map that is panned is then the same picture, moved.
    x: -Math.round(x * ratio) / (k * ratio),
    y: -Math.round(y * ratio) / (k * ratio),
  }
}

export function placementOf(viewport: Viewport, { ratio }: StageSize): Placement {
  const k = viewport.scale / ratio
  return { k, x: -viewport.x * k, y: -viewport.y * k }
}

/** The grid that suits the stage's shape. */
export function layoutFor(windows: number, { width, height }: StageSize): Layout {
  const roomX = Math.max(1, width - MARGINS.left - MARGINS.right)
  const roomY = Math.max(1, height - MARGINS.top - MARGINS.bottom)
  return chooseLayout(windows, roomX / roomY)
}

/** How far out one may want to be: all of the grid. */
export function fitAll(layout: Layout, size: StageSize): Placement {
  return placementOf(fitLayout(layout, devicePixels(size), deviceMargins(size), MAX_ZOOM * size.ratio), size)
}

/**
 * The part of the plane with something in it. A file much smaller than a window fills only the upper rows of its
 * tile, and of the rest there is nothing to see.
 */
export function filledRect(layout: Layout, fileClusters: number): PlaneRect {
  const rows = Math.min(TILE_SIDE, Math.max(1, Math.ceil(fileClusters / TILE_SIDE)))
  return { x: 0, y: 0, width: layoutWidth(layout), height: layout.count === 1 ? rows : layoutHeight(layout) }
}

/** Shows a rectangle of the plane as large as it goes. */
export function fitPlane(rect: PlaneRect, size: StageSize): Placement {
  return placementOf(fitRect(rect, devicePixels(size), deviceMargins(size), MAX_ZOOM * size.ratio), size)
}

/** A cluster in the middle, large enough to be seen. */
export function centreOn(layout: Layout, cluster: number, size: StageSize, k: number): Placement {
  const { x, y } = clusterPoint(layout, cluster)
  const zoom = Math.max(k, CLUSTER_ZOOM)
  return { k: zoom, x: size.width / 2 - (x + 0.5) * zoom, y: size.height / 2 - (y + 0.5) * zoom }
}

export function constrainTo(layout: Layout, placement: Placement, size: StageSize): Placement {
  return placementOf(keepInSight(viewportOf(placement, size), layout, deviceMargins(size)), size)
}

/** The part of the plane that holds a range of clusters: whole windows, unless it is a single cluster. */
export function planeOf(layout: Layout, start: number, clusters: number): PlaneRect {
  if (clusters <= 1) return { ...clusterPoint(layout, start), width: 1, height: 1 }
  const first = Math.min(Math.floor(start / WINDOW_CLUSTERS), layout.count - 1)
  const last = Math.min(Math.floor((start + clusters - 1) / WINDOW_CLUSTERS), layout.count - 1)
  const from = windowPoint(layout, first)
  const to = windowPoint(layout, last)
  // Over several rows, a range reaches from edge to edge.
  const whole = from.y !== to.y
  return {
    x: whole ? 0 : from.x,
    y: from.y,
    width: whole ? layoutWidth(layout) : to.x + TILE_SIDE - from.x,
    height: Math.min(to.y + TILE_SIDE, layoutHeight(layout)) - from.y,
  }
}

const devicePixels = ({ width, height, ratio }: StageSize) => ({
  width: Math.round(width * ratio),
  height: Math.round(height * ratio),
})

const deviceMargins = ({ ratio }: StageSize) => ({
  top: MARGINS.top * ratio,
  right: MARGINS.right * ratio,
  bottom: MARGINS.bottom * ratio,
  left: MARGINS.left * ratio,
})

/**
 * How far a point has to move along an axis to stand clear of the stage's edges.
 * @param at where it is, like `span`, the stage's length, in CSS pixels
 * @param clear how far from the edge that is
 */
export function inwards(at: number, span: number, clear = 24): number {
  const margin = Math.min(span / 4, clear)
  if (at < margin) return margin - at
  return at > span - margin ? span - margin - at : 0
}
