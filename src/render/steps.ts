/** Steps over the map that are longer than a cluster: by windows, by screens, to the ends of a window. */
import { TILE_SIDE } from '../lib/cells.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import { clusterPoint, type Direction, type Layout, PITCH_Y } from './layout.ts'

/** The same place in the window next to this one in the grid; the cluster itself at the grid's edge. */
export function windowStep(layout: Layout, cluster: number, direction: Direction): number {
  const window = Math.floor(cluster / WINDOW_CLUSTERS)
  const column = window % layout.columns
  const isAtEdge =
    (direction === 'left' && column === 0) || (direction === 'right' && column === layout.columns - 1)
  if (isAtEdge) return cluster
  const by = { left: -1, right: 1, up: -layout.columns, down: layout.columns }[direction]
  const next = window + by
  return next < 0 || next >= layout.count ? cluster : cluster + by * WINDOW_CLUSTERS
}

/**
 * Straight up or down by a part of the plane, to the nearest row of clusters there; not past the first or last
 * window of that column.
 * @param by in clusters' sides, gutters counted; negative for up
 */
export function verticalStep(layout: Layout, cluster: number, by: number): number {
  const window = Math.floor(cluster / WINDOW_CLUSTERS)
  const column = window % layout.columns
  const rows = Math.floor((layout.count - 1 - column) / layout.columns) + 1
  const { y } = clusterPoint(layout, cluster)
  const least = 0
  const most = (rows - 1) * PITCH_Y + TILE_SIDE - 1
  const at = Math.min(Math.max(Math.round(y + by), least), most)
  const tileRow = Math.floor(at / PITCH_Y)
  // In the gutter between two tiles, the last row of the one above.
  const row = Math.min(at % PITCH_Y, TILE_SIDE - 1)
  const within = row * TILE_SIDE + (cluster % TILE_SIDE)
  return (tileRow * layout.columns + column) * WINDOW_CLUSTERS + within
}

export const firstOfWindow = (cluster: number): number => cluster - (cluster % WINDOW_CLUSTERS)
export const lastOfWindow = (cluster: number): number => firstOfWindow(cluster) + WINDOW_CLUSTERS - 1
