/**
 * Where the windows lie in the plane of the map. The plane's unit is a cluster's side: a window is a
 * tile of 64 x 64, and tiles stand row by row in a grid, with a gutter for their frames and captions.
 */
import { TILE_SIDE } from '../lib/cells.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'

/** From one tile's left side to the next one's. */
export const PITCH_X = TILE_SIDE + 8
/** From one tile's top to the next one's; its gutter also carries a line of text. */
export const PITCH_Y = TILE_SIDE + 12

export interface Layout {
  /** How many windows there are. */
  readonly count: number
  readonly columns: number
  readonly rows: number
}

/** A place in the plane, in clusters' sides from the top left tile's corner. */
export interface PlanePoint {
  readonly x: number
  readonly y: number
}

/** Length of the grid in the plane, without the gutter after its last tile. */
export const layoutWidth = (layout: Layout): number => Math.max(0, layout.columns * PITCH_X - 8)
export const layoutHeight = (layout: Layout): number => Math.max(0, layout.rows * PITCH_Y - 12)

/**
 * The grid in which the tiles come out largest in a panel of this shape.
 * @param aspect the panel's width / height
 */
export function chooseLayout(count: number, aspect: number): Layout {
  if (count <= 0) return { count: 0, columns: 0, rows: 0 }
  const ideal = Math.sqrt((count * PITCH_Y * aspect) / PITCH_X)
  let best: Layout | undefined
  let bestSide = 0
  for (let columns = Math.max(1, Math.floor(ideal) - 3); columns <= Math.ceil(ideal) + 3; columns++) {
    if (columns > count) break
    const layout = { count, columns, rows: Math.ceil(count / columns) }
    const side = Math.min(aspect / layoutWidth(layout), 1 / layoutHeight(layout))
    if (side > bestSide) {
      best = layout
      bestSide = side
    }
  }
  return best ?? { count, columns: count, rows: 1 }
}

/** The top left corner of a window's tile. */
export function windowPoint(layout: Layout, window: number): PlanePoint {
  return { x: (window % layout.columns) * PITCH_X, y: Math.floor(window / layout.columns) * PITCH_Y }
}

/** The top left corner of a cluster's cell. */
export function clusterPoint(layout: Layout, cluster: number): PlanePoint {
  const { x, y } = windowPoint(layout, Math.floor(cluster / WINDOW_CLUSTERS))
  const within = cluster % WINDOW_CLUSTERS
  return { x: x + (within % TILE_SIDE), y: y + Math.floor(within / TILE_SIDE) }
}

const at = (window: number, column: number, row: number) =>
  window * WINDOW_CLUSTERS + row * TILE_SIDE + column

export type Direction = 'left' | 'right' | 'up' | 'down'

/**
 * The cluster next to this one as the eye sees it, across the gutter to the neighbouring tile where
 * need be; the cluster itself at the edge of the grid.
 */
export function neighbour(layout: Layout, cluster: number, direction: Direction): number {
  const window = Math.floor(cluster / WINDOW_CLUSTERS)
  const within = cluster % WINDOW_CLUSTERS
  const column = within % TILE_SIDE
  const row = Math.floor(within / TILE_SIDE)
  const last = TILE_SIDE - 1
  if (direction === 'left') {
    if (column > 0) return cluster - 1
    return window % layout.columns > 0 ? at(window - 1, last, row) : cluster
  }
  if (direction === 'right') {
    if (column < last) return cluster + 1
    const inRow = (window + 1) % layout.columns !== 0 && window + 1 < layout.count
    return inRow ? at(window + 1, 0, row) : cluster
  }
  if (direction === 'up') {
    if (row > 0) return cluster - TILE_SIDE
    return window >= layout.columns ? at(window - layout.columns, column, last) : cluster
  }
  if (row < last) return cluster + TILE_SIDE
  return window + layout.columns < layout.count ? at(window + layout.columns, column, 0) : cluster
}
