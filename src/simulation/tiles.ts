/**
 * The cells of the cluster map. A window is a tile of 64 x 64 clusters; at level n a cell stands for
 * 2^n x 2^n of them and shows the most severe. Runs are painted straight onto the coarse cells, so a
 * tile costs what its runs cost, not 4096 clusters.
 */
import { TILE_SIDE } from '../lib/cells.ts'
import { SEVERITIES } from '../lib/layer-severity.ts'
import type { Layer } from '../lib/layers.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import { type LayerInput, windowStretches } from './layer-stretches.ts'

/** A window is one cell at this level. */
export const WINDOW_LEVEL = 6

/** Which layer, and what of it. */
export interface LayerWish {
  readonly layer: Layer
  /** By cell: the largest of those that share one wins (lib/layer-severity.ts). Left out: that of the layer without a filter. */
  readonly severities?: Uint8Array
}

/** Cells of one window at a level. */
export const cellsPerTile = (level: number): number => (TILE_SIDE >> level) ** 2

/**
 * Paints one window.
 * @param level 0 to 6
 * @param cells receives cellsPerTile(level) cells from `at` on, row by row; must be zero there
 */
export function paintTile(
  input: LayerInput,
  { layer, severities = SEVERITIES[layer] }: LayerWish,
  window: number,
  level: number,
  cells: Uint8Array,
  at: number,
): void {
  const first = window * WINDOW_CLUSTERS
  const tile: Tile = { cells, at, level, severities }
  windowStretches(input, layer, window, (from, to, cell) => {
    if (cell !== 0) paint(tile, from - first, to - first, cell)
  })
}

interface Tile {
  readonly cells: Uint8Array
  readonly at: number
  readonly level: number
  readonly severities: Uint8Array
}

/** Lets a cell win over what is there wherever clusters [from, to) of the window lie. */
function paint(tile: Tile, from: number, to: number, cell: number): void {
  // Of runs, no two have a cluster in common.
  if (tile.level === 0) {
    tile.cells.fill(cell, tile.at + from, tile.at + to)
    return
  }
  const firstRow = from >> 6
  const lastRow = (to - 1) >> 6
  if (firstRow === lastRow) {
    paintRows(tile, firstRow, firstRow, from & 63, (to - 1) & 63, cell)
    return
  }
  paintRows(tile, firstRow, firstRow, from & 63, 63, cell)
  if (lastRow - firstRow > 1) paintRows(tile, firstRow + 1, lastRow - 1, 0, 63, cell)
  paintRows(tile, lastRow, lastRow, 0, (to - 1) & 63, cell)
}

/** The same for a rectangle of clusters: rows and columns from first to last, both included. */
function paintRows(
  { cells, at, level, severities }: Tile,
  firstRow: number,
  lastRow: number,
  left: number,
  right: number,
  cell: number,
): void {
  const side = TILE_SIDE >> level
  const weight = severities[cell]!
  for (let row = firstRow >> level; row <= lastRow >> level; row++) {
    const line = at + row * side
    for (let x = line + (left >> level); x <= line + (right >> level); x++)
      if (weight > severities[cells[x]!]!) cells[x] = cell
  }
}
