/**
 * The map of an image at every size, without a byte for every cluster: a row for each window that holds
 * anything, with the most severe cell in it, and the cells of windows that were looked at lately. What
 * changes is found by difference, and only that is painted anew.
 */
import { TILES_PER_BLOCK } from '../lib/cells.ts'
import { SEVERITIES } from '../lib/layer-severity.ts'
import { LAYERS, type Layer } from '../lib/layers.ts'
import { rowOf } from '../lib/window-rows.ts'
import type { OwnerRuns } from '../qcow2/owner-map.ts'
import { changedWindows } from './changed-windows.ts'
import { type MapRows, mapRows, updatedRows } from './map-rows.ts'
import type { WindowTable } from './report.ts'
import { UnlistedRefcounts } from './unlisted-refcounts.ts'
import { type LayerWish, paintTile, WINDOW_LEVEL } from './tiles.ts'
import { type ClusterTile, clusterTile, FREE_TILE } from './cluster-tile.ts'
import { type MapState, type WindowCellList, withListed } from './window-cells.ts'
import { TileStore } from './tile-store.ts'
import { TileBlock } from './tile-block.ts'
import { WindowGrid } from './window-grid.ts'

/** Of painted tiles, and as much of painted blocks. */
const MAX_TILE_BYTES = 2 ** 25
/** Where fewer of the windows are listed than one in so many, going through the list is as fast as a grid of all. */
const SPARSE = 8

interface LayerCells {
  /** By which the most severe was chosen: under another filter it is another one. */
  readonly severities: Uint8Array | undefined
  /** The most severe cell of each row's window. */
  readonly cell: Uint8Array
  /** When that was found out. */
  readonly paintedAt: Uint32Array
  list: { readonly revision: number; readonly cells: WindowCellList } | undefined
  /** As it was shown last. */
  grid: WindowGrid | undefined
}

export class MapIndex {
  private runs: OwnerRuns
  private rows: MapRows
  /** When each row's window last changed. */
  private changedAt: Uint32Array
  private state: MapState | undefined
  private readonly layers = new Map<Layer, LayerCells>()
  private readonly tiles = new TileStore<ClusterTile>(MAX_TILE_BYTES)
  private readonly blocks = new TileStore<TileBlock>(MAX_TILE_BYTES)
  private readonly unlisted = new UnlistedRefcounts()
  /** Counts the states shown. */
  revision = 0

  constructor(runs: OwnerRuns) {
    this.runs = runs
    this.rows = mapRows(runs)
    this.changedAt = new Uint32Array(this.rows.count)
  }

  /**
   * Goes over to another state of the image.
   * @param changed windows whose owners have changed, ascending; found out by comparing all runs where left out
   */
  show(state: MapState, changed?: readonly number[]): void {
    const { runs } = state.input
    this.revision++
    if (!this.state) this.begin(runs)
    else if (runs !== this.runs) this.update(runs, changed ?? changedWindows(this.state.input, state.input))
    this.state = state
    this.touchGuarded(state.windows)
  }

  /** Bytes that the index itself takes, painted tiles left out. */
  get bytes(): number {
    let bytes = this.rows.window.byteLength + this.rows.hasMetadata.byteLength + this.changedAt.byteLength
    for (const { cell, paintedAt, list, grid } of this.layers.values()) {
      bytes += cell.byteLength + paintedAt.byteLength + (grid?.bytes ?? 0)
      if (!list) continue
      const { window, count, unguarded } = list.cells
      bytes +=
        2 * count + (unguarded?.byteLength ?? 0) + (window === this.rows.window ? 0 : window.byteLength)
    }
    return bytes
  }

  /** Cells of one window, row by row, a cluster each. Not to be changed. */
  tile(wish: LayerWish, window: number): ClusterTile {
    const { input, windows } = this.shown
    const row = rowOf(this.rows.window, this.rows.count, window)
    // Where nothing is, there may yet be a refcount block.
    const isFree = row < 0 && wish.layer !== 'refcount'
    if (isFree && rowOf(windows.window, windows.rows, window) < 0) return FREE_TILE
    const key = window * LAYERS.length + LAYERS.indexOf(wish.layer)
    const found = this.tiles.get(key)
    if (
      found &&
      found.severities === wish.severities &&
      found.paintedAt >= (this.changedAt[row] ?? this.revision)
    )
      return found
    const tile = clusterTile(input, wish, window, this.revision)
    this.tiles.put(key, tile)
    return tile
  }

  /**
   * Cells of the windows from TILES_PER_BLOCK x block on at a level. Not to be changed.
   * @param level 0 to 6
   * @param from the first window of the block whose cells are wanted, counted in it; `to` past the last one
   */
  block(wish: LayerWish, level: number, block: number, from = 0, to: number = TILES_PER_BLOCK): TileBlock {
    const { input, windows } = this.shown
    const { rows, changedAt, revision: now } = this
    const key = (block * (WINDOW_LEVEL + 1) + level) * LAYERS.length + LAYERS.indexOf(wish.layer)
    const found = this.blocks.get(key)
    const isThere = found?.severities === wish.severities
    const current = isThere && found ? found : new TileBlock(wish, level, block)
    current.update(from, to, { input, windows, rows, changedAt, now })
    if (current !== found) this.blocks.put(key, current)
    return current
  }

  /** Every window that is not merely free, as one cell: the most severe in it. */
  windowCells(wish: LayerWish): WindowCellList {
    const cells = this.layerCells(wish)
    if (cells.list?.revision === this.revision) return cells.list.cells
    const { count, window } = this.rows
    const { input } = this.shown
    for (let row = 0; row < count; row++) {
      if (cells.paintedAt[row]! > 0 && cells.paintedAt[row]! >= this.changedAt[row]!) continue
      cells.cell[row] = 0
      paintTile(input, wish, window[row]!, WINDOW_LEVEL, cells.cell, row)
      cells.paintedAt[row] = this.revision
    }
    const unlisted = this.unlisted.of(input, this.rows, wish)
    const list = { ...withListed(this.rows, cells.cell, this.shown, wish), unlisted }
    cells.list = { revision: this.revision, cells: list }
    return list
  }

  /**
   * The same by their places in a grid of so many columns; undefined where most windows are free.
   * @param count how many windows the grid has
   */
  windowGrid(wish: LayerWish, count: number, columns: number): WindowGrid | undefined {
    const list = this.windowCells(wish)
    const cells = this.layerCells(wish)
    // One layer is seen at a time, and a grid takes more than all else that is kept of one.
    for (const other of this.layers.values()) if (other !== cells) other.grid = undefined
    if (list.count * SPARSE < count) {
      cells.grid = undefined
      return undefined
    }
    if (cells.grid?.count !== count || cells.grid.columns !== columns)
      cells.grid = new WindowGrid(count, columns, wish.severities ?? SEVERITIES[wish.layer])
    cells.grid.show(list)
    return cells.grid
  }

  /** Other options, or a use of a window, change how its metadata is guarded, and when it was last used. */
  private touchGuarded(windows: WindowTable): void {
    const { count, hasMetadata, window } = this.rows
    let other = 0
    for (let row = 0; row < count; row++) {
      while (other < windows.rows && windows.window[other]! < window[row]!) other++
      const isListed = other < windows.rows && windows.window[other] === window[row]
      if (hasMetadata[row] || isListed) this.changedAt[row] = this.revision
    }
  }

  private get shown(): MapState {
    if (!this.state) throw new Error('nothing is shown yet: call show first')
    return this.state
  }

  private layerCells({ layer, severities }: LayerWish): LayerCells {
    const found = this.layers.get(layer)
    if (found && found.severities === severities) return found
    const { count } = this.rows
    const made = {
      severities,
      cell: new Uint8Array(count),
      paintedAt: new Uint32Array(count),
      list: undefined,
      grid: undefined,
    }
    this.layers.set(layer, made)
    return made
  }

  private begin(runs: OwnerRuns): void {
    if (runs === this.runs) return
    this.runs = runs
    this.rows = mapRows(runs)
    this.changedAt = new Uint32Array(this.rows.count)
  }

  private update(runs: OwnerRuns, changed: readonly number[]): void {
    const before = this.rows
    this.runs = runs
    this.rows = updatedRows(before, runs, changed)
    const moved = rowsBefore(before, this.rows)
    const changedBefore = this.changedAt
    this.changedAt = carried(changedBefore, moved, new Uint32Array(this.rows.count))
    for (const [layer, { severities, cell, paintedAt, grid }] of this.layers)
      this.layers.set(layer, {
        severities,
        cell: carried(cell, moved, new Uint8Array(this.rows.count)),
        paintedAt: carried(paintedAt, moved, new Uint32Array(this.rows.count)),
        list: undefined,
        grid,
      })
    for (const window of changed) {
      const row = rowOf(this.rows.window, this.rows.count, window)
      if (row >= 0) this.changedAt[row] = this.revision
    }
  }
}

/** For each row of `after`, where it was in `before`; -1 for a window that had none. */
function rowsBefore(before: MapRows, after: MapRows): Int32Array {
  let from = 0
  return Int32Array.from(after.window, window => {
    while (from < before.count && before.window[from]! < window) from++
    return from < before.count && before.window[from] === window ? from : -1
  })
}

function carried<T extends Uint8Array | Uint32Array>(column: T, moved: Int32Array, into: T): T {
  for (let row = 0; row < moved.length; row++) if (moved[row]! >= 0) into[row] = column[moved[row]!]!
  return into
}
