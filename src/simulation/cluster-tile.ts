/** Tiles close up: every cluster of a window is a cell. */
import { TILE_SIDE, UNGUARDED_CELLS } from '../lib/cells.ts'
import type { LayerInput } from './layer-stretches.ts'
import { cellsPerTile, type LayerWish, paintTile } from './tiles.ts'

/** The cells of one window, a cluster each. */
export interface ClusterTile {
  readonly cells: Uint8Array
  /** Cells along a side. */
  readonly side: number
  /** Whether all of its cells are the same. */
  readonly isUniform: boolean
  /** Whether any of its cells is unguarded: only then is there anything to mark. */
  readonly hasUnguarded: boolean
  /** By which the most severe of many clusters is chosen, where they are. */
  readonly severities: Uint8Array | undefined
  /** The revision that it was painted for. */
  readonly paintedAt: number
}

/** In one pass, for tiles come by the hundred. */
function whatIsIn(cells: Uint8Array): Pick<ClusterTile, 'isUniform' | 'hasUnguarded'> {
  const first = cells[0]!
  let different = 0
  let unguarded = 0
  for (const cell of cells) {
    different |= cell ^ first
    unguarded |= UNGUARDED_CELLS[cell]!
  }
  return { isUniform: different === 0, hasUnguarded: unguarded !== 0 }
}

/** @param paintedAt the revision that the image is shown in */
export function clusterTile(
  input: LayerInput,
  wish: LayerWish,
  window: number,
  paintedAt: number,
): ClusterTile {
  const cells = new Uint8Array(cellsPerTile(0))
  paintTile(input, wish, window, 0, cells, 0)
  return { cells, side: TILE_SIDE, ...whatIsIn(cells), severities: wish.severities, paintedAt }
}

/** Of a window in which nothing is. */
export const FREE_TILE: ClusterTile = {
  cells: new Uint8Array(cellsPerTile(0)),
  side: TILE_SIDE,
  isUniform: true,
  hasUnguarded: false,
  severities: undefined,
  paintedAt: 0,
}
