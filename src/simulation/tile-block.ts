/**
 * The cells of many windows at once, for views in which a window is a few pixels: they come in blocks of windows
 * that follow each other, so that a row of tiles is a few pieces of memory.
 */
import { cellGuard, isUnguarded, TILES_PER_BLOCK } from '../lib/cells.ts'
import { firstRowFrom } from '../lib/window-rows.ts'
import type { MapRows } from './map-rows.ts'
import type { LayerInput } from './layer-stretches.ts'
import type { WindowTable } from './report.ts'
import { cellsPerTile, type LayerWish, paintTile } from './tiles.ts'

export interface TileBlock {
  /** Of one window after another, cellsPerTile(level) each, row by row; 0 for windows past the last one. */
  readonly cells: Uint8Array
  /** Places of unguarded cells among them, ascending. */
  readonly unguarded: Uint32Array
  /** By which the most severe of many clusters was chosen. */
  readonly severities: Uint8Array | undefined
  /** When it was painted, as its user counts time. */
  readonly paintedAt: number
  /** When it was last found to be as it still ought to be. */
  checkedAt: number
}

/** What a block is painted from. */
export interface BlockInput {
  readonly input: LayerInput
  readonly windows: WindowTable
  readonly rows: MapRows
  /** By row: when its window last changed. */
  readonly changedAt: Uint32Array
  /** When a window of each block last changed its owners; windows that hold nothing any more have no row. */
  readonly blockChangedAt: ReadonlyMap<number, number>
  readonly now: number
}

/**
 * A block as it is now; what has not changed is taken over from how it was before.
 * @param level 0 to 6: cells of 2^level x 2^level clusters
 * @param before of the same place and wish, if it is still there
 */
export function blockNow(
  wish: LayerWish,
  level: number,
  block: number,
  state: BlockInput,
  before: TileBlock | undefined,
): TileBlock {
  const known = before?.severities === wish.severities ? before : undefined
  if (known?.checkedAt === state.now) return known
  if (known && lastChange(wish, block, state) <= known.paintedAt) {
    known.checkedAt = state.now
    return known
  }
  const cells = new Uint8Array(cellsPerTile(level) * TILES_PER_BLOCK)
  const { input, rows, changedAt, now } = state
  const first = block * TILES_PER_BLOCK
  const paint = (window: number) =>
    paintTile(input, wish, window, level, cells, (window - first) * cellsPerTile(level))
  for (let row = firstRowFrom(rows.window, rows.count, first); row < rows.count; row++) {
    const window = rows.window[row]!
    if (window >= first + TILES_PER_BLOCK) break
    if (!known || changedAt[row]! > known.paintedAt) {
      paint(window)
      continue
    }
    const at = (window - first) * cellsPerTile(level)
    cells.set(known.cells.subarray(at, at + cellsPerTile(level)), at)
  }
  for (const window of emptyWindows(wish, block, state)) paint(window)
  return {
    cells,
    unguarded: unguardedAmong(cells),
    severities: wish.severities,
    paintedAt: now,
    checkedAt: now,
  }
}

function lastChange(wish: LayerWish, block: number, state: BlockInput): number {
  const { rows, changedAt, blockChangedAt, now } = state
  if (emptyWindows(wish, block, state).length > 0) return now
  let last = blockChangedAt.get(block) ?? 0
  const end = (block + 1) * TILES_PER_BLOCK
  for (let row = firstRowFrom(rows.window, rows.count, block * TILES_PER_BLOCK); row < rows.count; row++) {
    if (rows.window[row]! >= end) break
    last = Math.max(last, changedAt[row]!)
  }
  return last
}

/** Windows in which nothing is, and of which there is something to tell all the same: nobody tells when that changes. */
function emptyWindows({ layer }: LayerWish, block: number, { rows, windows }: BlockInput): readonly number[] {
  const first = block * TILES_PER_BLOCK
  const end = first + TILES_PER_BLOCK
  const empty: number[] = []
  let row = firstRowFrom(rows.window, rows.count, first)
  const isEmpty = (window: number) => {
    while (row < rows.count && rows.window[row]! < window) row++
    return row === rows.count || rows.window[row] !== window
  }
  // There may be a refcount block anywhere.
  if (layer === 'refcount') {
    for (let window = first; window < end; window++) if (isEmpty(window)) empty.push(window)
    return empty
  }
  for (let i = firstRowFrom(windows.window, windows.rows, first); i < windows.rows; i++) {
    if (windows.window[i]! >= end) break
    if (isEmpty(windows.window[i]!)) empty.push(windows.window[i]!)
  }
  return empty
}

/** 1 for every cell byte that is unguarded. */
const UNGUARDED = Uint8Array.from({ length: 256 }, (_, cell) => (isUnguarded(cellGuard(cell)) ? 1 : 0))
const NOTHING = new Uint32Array(0)

function unguardedAmong(cells: Uint8Array): Uint32Array {
  let count = 0
  for (const cell of cells) count += UNGUARDED[cell]!
  if (count === 0) return NOTHING
  const places = new Uint32Array(count)
  for (let i = 0, at = 0; at < count; i++) if (UNGUARDED[cells[i]!]) places[at++] = i
  return places
}
