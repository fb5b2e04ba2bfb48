/** What moves over the map: the stores' selection, the last command's way, and what points at unguarded clusters. */
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import type { Callout } from '../../render/callouts.ts'
import type { Overlay } from '../../render/draw-overlay.ts'
import type { Layout } from '../../render/layout.ts'
import type { MapPicture } from '../../render/map-picture.ts'
import type { PixelRect } from '../../render/picture.ts'
import { cellRectOf } from '../../render/tile-pixels.ts'
import { movedRect, sameViewport, type Viewport } from '../../render/viewport.ts'
import { selectionStore } from '../../state/selection-store.ts'
import { sessionStore } from '../../state/session-store.ts'
import { planeOf } from './map-frame.ts'
import { pathClusters } from './path-clusters.ts'

export interface OverlaySubject {
  readonly layout: Layout
  readonly viewport: Viewport
  /** The last picture of this image, made for whatever view. */
  readonly picture: MapPicture | undefined
  /** A range of clusters that was asked to be shown. */
  readonly revealed: { readonly start: number; readonly clusters: number } | undefined
  /** Whether its tables are still being read: what is pinned then belongs to the image that was open before. */
  readonly isCoarse: boolean
}

export function overlayOf({ layout, viewport, picture, revealed, isCoarse }: OverlaySubject): Overlay {
  const { hovered, selected } = isCoarse
    ? { hovered: undefined, selected: undefined }
    : selectionStore.getState()
  const path = isCoarse ? [] : (sessionStore.getState().report?.live?.path ?? [])
  const cellRect = (cluster: number | undefined) =>
    cluster === undefined ? undefined : cellRectOf(layout, viewport, cluster)
  return {
    hovered: cellRect(hovered),
    selected: cellRect(selected),
    revealed: revealed && revealedRect(layout, viewport, revealed),
    callouts: picture ? calloutsIn(picture, viewport) : [],
    path: pathClusters(path).flatMap(({ cluster, isWrong }) => {
      const rect = cellRect(cluster)
      return rect ? [{ rect, isWrong }] : []
    }),
  }
}

/** Those of the picture, where they are in this view. */
function calloutsIn({ callouts, viewport: from }: MapPicture, viewport: Viewport): readonly Callout[] {
  if (sameViewport(from, viewport)) return callouts
  return callouts.map(({ rect, tile }) => ({
    rect: movedRect(rect, from, viewport),
    tile: tile && movedRect(tile, from, viewport),
  }))
}

/** Windows are outlined; a single cluster is told by its own mark. */
function revealedRect(
  layout: Layout,
  viewport: Viewport,
  { start, clusters }: { readonly start: number; readonly clusters: number },
): PixelRect | undefined {
  if (clusters < WINDOW_CLUSTERS) return undefined
  const { x, y, width, height } = planeOf(layout, start, clusters)
  const px = (at: number) => Math.round((at - viewport.x) * viewport.scale)
  const py = (at: number) => Math.round((at - viewport.y) * viewport.scale)
  return { x0: px(x), y0: py(y), x1: px(x + width), y1: py(y + height) }
}
