/**
 * The cells of the cluster map. A window is a tile of 64 x 64 clusters; at level n a cell stands for
 * 2^n x 2^n of them and shows the most severe. Runs are painted straight onto the coarse cells, so a
 * tile costs what its runs cost, not 4096 clusters.
 */
import { Guard, TILE_SIDE, cellOf } from '../lib/cells.ts'
import { severitiesOf } from '../lib/layer-severity.ts'
import type { Layer } from '../lib/layers.ts'
import { OWNERS, isMetadata } from '../lib/owners.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import type { OverlapEngine } from '../overlap/engine.ts'
import type { TypeMask } from '../lib/metadata-types.ts'
import { typesAt } from '../overlap/type-runs.ts'
import { type OwnerRuns, RunFlag } from '../qcow2/owner-map.ts'
import { guardOf, isReadable } from './coverage.ts'
import { runIndexAt } from './run-search.ts'

export interface TileInput {
  readonly runs: OwnerRuns
  readonly truth: Pick<OverlapEngine, 'runs'>
  readonly engine: OverlapEngine | undefined
  readonly checkedTypes: TypeMask
  readonly canBuild: boolean
}

/** Which layer. */
export interface LayerWish {
  readonly layer: Layer
}

/** Cells of one window at a level. */
export const cellsPerTile = (level: number): number => (TILE_SIDE >> level) ** 2

/**
 * Paints one window.
 * @param level 0 to 6
 * @param cells receives cellsPerTile(level) cells from `at` on, row by row; must be zero there (free)
 */
export function paintTile(
  input: TileInput,
  { layer }: LayerWish,
  window: number,
  level: number,
  cells: Uint8Array,
  at: number,
): void {
  const { runs, truth, engine } = input
  const first = window * WINDOW_CLUSTERS
  const end = Math.min(first + WINDOW_CLUSTERS, runs.end)
  if (first >= end) return
  const expected = truth.runs(window)
  const recorded = engine?.runs(window)
  const readable = engine !== undefined && isReadable(engine, window, input.canBuild)
  const tile: Tile = { cells, at, level, severities: severitiesOf(layer) }
  for (let i = runIndexAt(runs, first); i < runs.count && runs.start[i]! < end; i++) {
    const owner = runs.owner[i]!
    const problem = (runs.flags[i]! & (RunFlag.claimedTwice | RunFlag.refcountWrong)) !== 0
    const from = Math.max(runs.start[i]!, first) - first
    const to = Math.min(i + 1 < runs.count ? runs.start[i + 1]! : runs.end, end) - first
    if (!isMetadata(owner)) {
      if (owner !== 0 || problem) paint(tile, from, to, cellOf(owner, Guard.none, problem))
      continue
    }
    for (let cluster = from; cluster < to; cluster++) {
      const types =
        (typesAt(expected, 0, expected.length, cluster) | OWNERS[owner]!.type) & input.checkedTypes
      const known = recorded ? typesAt(recorded, 0, recorded.length, cluster) : 0
      paint(tile, cluster, cluster + 1, cellOf(owner, guardOf(types, known, readable), problem))
    }
  }
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
