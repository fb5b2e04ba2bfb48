/** What of the map lies under a pointer. */
import type { Layout } from '../../render/layout.ts'
import type { MapPicture } from '../../render/map-picture.ts'
import { type Mark, nearestMark } from '../../render/marks.ts'
import { cellAtPixel, firstCluster, tilePixels } from '../../render/tile-pixels.ts'
import type { Viewport } from '../../render/viewport.ts'

/** How near to a mark the pointer has to come, in CSS pixels. */
const MARK_REACH = 5

/** `mark` where it is unguarded metadata, which reaches a little further than it is drawn. */
export interface PointedAt {
  readonly cluster: number
  readonly mark: Mark | undefined
}

interface Seen {
  readonly layout: Layout
  readonly viewport: Viewport
  /** Device pixels a CSS pixel. */
  readonly ratio: number
  /** Of this very view: in another's, marks would be looked for in the wrong place. */
  readonly picture: MapPicture | undefined
}

/**
 * @param x in CSS pixels from the stage's corner, like y
 * @returns undefined between the tiles
 */
export function pointedAt(
  { layout, viewport, ratio, picture }: Seen,
  x: number,
  y: number,
): PointedAt | undefined {
  const px = Math.floor(x * ratio)
  const py = Math.floor(y * ratio)
  const place = cellAtPixel(layout, viewport, px, py)
  const cellSide = place && place.level === 0 ? tilePixels(layout, viewport).cellSide : 0
  // Cells large enough to aim at need no reach.
  const reach = cellSide > 2 * MARK_REACH * ratio ? 0 : MARK_REACH * ratio
  const mark = picture && nearestMark(picture.marks, px, py, reach)
  if (mark) return { cluster: firstCluster(mark.place), mark }
  return place && { cluster: firstCluster(place), mark: undefined }
}
