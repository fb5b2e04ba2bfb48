/**
 * The cells of many windows at once, for views in which a window is a few pixels: they come in blocks of windows
 * that follow each other, so that a row of tiles is a few pieces of memory.
 */
import { TILES_PER_BLOCK, UNGUARDED_CELLS } from '../lib/cells.ts'
import { firstRowFrom, rowOf } from '../lib/window-rows.ts'
import type { LayerInput } from './layer-stretches.ts'
import type { MapRows } from './map-rows.ts'
import type { WindowTable } from './report.ts'
import { cellsPerTile, type LayerWish, paintTile } from './tiles.ts'

/** What blocks are painted from. */
export interface BlockState {
  readonly input: LayerInput
  readonly windows: WindowTable
  readonly rows: MapRows
  /** By row: when its window last changed. */
  readonly changedAt: Uint32Array
  /** Counts states, from 1 on. */
  readonly now: number
}

export class TileBlock {
  /** Of one window after another, cellsPerTile(level) each, row by row. */
  readonly cells: Uint8Array
  readonly severities: Uint8Array | undefined
  /** How often windows were painted: cells are as they were as long as it is the same. */
  changes = 0
  private readonly wish: LayerWish
  private readonly level: number
  private readonly block: number
  /** By window: when it was painted; 0 where its cells are blank. */
  private readonly paintedAt = new Uint32Array(TILES_PER_BLOCK)
  /** The windows that were last made sure of, and when. */
  private checked = { from: 0, to: 0, at: 0 }
  private found: { readonly changes: number; readonly places: Uint32Array } | undefined

  /** Of windows from TILES_PER_BLOCK x block on. @param level 0 to 6: cells of 2^level x 2^level clusters */
  constructor(wish: LayerWish, level: number, block: number) {
    this.wish = wish
    this.severities = wish.severities
    this.level = level
    this.block = block
    this.cells = new Uint8Array(cellsPerTile(level) * TILES_PER_BLOCK)
  }

  /** Places of unguarded cells among those that were painted, ascending. */
  get unguarded(): Uint32Array {
    if (this.found?.changes !== this.changes)
      this.found = { changes: this.changes, places: unguardedAmong(this.cells) }
    return this.found.places
  }

  /** Paints those of the block's windows [from, to) anew that have changed. */
  update(from: number, to: number, state: BlockState): void {
    const { checked } = this
    if (checked.at === state.now && checked.from <= from && to <= checked.to) return
    this.checked = { from, to, at: state.now }
    const { rows } = state
    const first = this.block * TILES_PER_BLOCK
    let row = firstRowFrom(rows.window, rows.count, first + from)
    for (let i = from; i < to; i++) {
      const isInUse = row < rows.count && rows.window[row] === first + i
      // Nobody tells when there is something else to tell of a window in which nothing is.
      const changed = isInUse ? state.changedAt[row]! : state.now
      if (isInUse) row++
      else if (this.isBlank(first + i, state)) {
        this.clear(i)
        continue
      }
      if (this.paintedAt[i]! < Math.max(1, changed)) this.paint(i, state)
    }
  }

  /** Whether there is nothing to tell of a window in which nothing is. */
  private isBlank(window: number, { windows }: BlockState): boolean {
    // There may be a refcount block anywhere.
    return this.wish.layer !== 'refcount' && rowOf(windows.window, windows.rows, window) < 0
  }

  private clear(i: number): void {
    if (this.paintedAt[i] === 0) return
    const count = cellsPerTile(this.level)
    this.cells.fill(0, i * count, (i + 1) * count)
    this.paintedAt[i] = 0
    this.changes++
  }

  private paint(i: number, { input, now }: BlockState): void {
    const count = cellsPerTile(this.level)
    const window = this.block * TILES_PER_BLOCK + i
    this.cells.fill(0, i * count, (i + 1) * count)
    paintTile(input, this.wish, window, this.level, this.cells, i * count)
    this.paintedAt[i] = now
    this.changes++
  }
}

const NOTHING = new Uint32Array(0)

function unguardedAmong(cells: Uint8Array): Uint32Array {
  let count = 0
  for (const cell of cells) count += UNGUARDED_CELLS[cell]!
  if (count === 0) return NOTHING
  const places = new Uint32Array(count)
  for (let i = 0, at = 0; at < count; i++) if (UNGUARDED_CELLS[cells[i]!]) places[at++] = i
  return places
}
