/**
 * The cells of the cluster map. A window is a tile of 64 x 64 clusters; at level n a cell stands for
 * 2^n x 2^n of them and shows the most severe. Runs are painted straight onto the coarse cells, so a
 * tile costs what its runs cost, not 4096 clusters.
 */
import { TILE_SIDE } from '../lib/cells.ts'
import { severitiesOf } from '../lib/layer-severity.ts'
import type { Layer } from '../lib/layers.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import { type LayerInput, windowStretches } from './layer-stretches.ts'

/** Which layer, and what of it. */
export interface LayerWish {
  readonly layer: Layer
  /** By cell, 1 for what a filter hides: it gives way to what is shown. Left out: nothing. */
  readonly muted?: Uint8Array
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
  { layer, muted }: LayerWish,
  window: number,
  level: number,
  cells: Uint8Array,
  at: number,
): void {
  const first = window * WINDOW_CLUSTERS
  const tile: Tile = { cells, at, level, severities: severitiesOf(layer, muted) }
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
function paint({ cells, at, level, severities }: Tile, from: number, to: number, cell: number): void {
  const side = TILE_SIDE >> level
  const severity = severities[cell]!
  for (let row = from >> 6; row <= (to - 1) >> 6; row++) {
    const left = row === from >> 6 ? from & 63 : 0
    const right = row === (to - 1) >> 6 ? (to - 1) & 63 : 63
    const line = at + (row >> level) * side
    for (let x = line + (left >> level); x <= line + (right >> level); x++)
      if (severity > severities[cells[x]!]!) cells[x] = cell
  }
}
