/** Tiles from afar: every window is a cell. */
import { UNGUARDED_CELLS } from '../lib/cells.ts'
import { wasRefused } from '../lib/held.ts'
import type { WindowStretch } from '../lib/window-codes.ts'
import type { LayerInput } from './layer-stretches.ts'
import type { MapRows } from './map-rows.ts'
import type { WindowTable } from './report.ts'
import { type LayerWish, paintTile, WINDOW_LEVEL } from './tiles.ts'

/** Windows as one cell each, ascending; of those that are not listed nothing is there, and nothing was refused them. */
export interface WindowCellList {
  readonly count: number
  readonly window: Uint32Array
  readonly cell: Uint8Array
  /** 1 where something was refused to the window: its bitmap, or an entry that is lost now. */
  readonly refused: Uint8Array
  /** Places in this list, ascending, of windows with something unguarded; found out where left out. */
  readonly unguarded?: Uint32Array
  /** What those show that are not listed, where it is not cell 0. May reach over some that are. */
  readonly unlisted?: readonly WindowStretch[]
}

/** What a picture of the map shows: an image as it is, and how it was opened. */
export interface MapState {
  readonly input: LayerInput
  readonly windows: WindowTable
  /** Whether there is a list that could refuse anything. */
  readonly hasList: boolean
}

/** Adds the windows in which nothing is, but of which the list has something to tell. */
export function withListed(
  rows: MapRows,
  cell: Uint8Array,
  { input, windows, hasList }: MapState,
  wish: LayerWish,
): WindowCellList {
  const alone = new Uint8Array(1)
  const room = rows.count + windows.rows
  const window = new Uint32Array(room)
  const cells = new Uint8Array(room)
  const refused = new Uint8Array(room)
  const unguarded = new Uint32Array(room)
  let marked = 0
  let count = 0
  let row = 0
  let isOfRows = true
  const put = (at: number, value: number, isRefusedToo: boolean) => {
    isOfRows &&= rows.window[count] === at
    unguarded[marked] = count
    marked += UNGUARDED_CELLS[value]!
    window[count] = at
    cells[count] = value
    refused[count] = isRefusedToo ? 1 : 0
    count++
  }
  for (let other = 0; other < windows.rows; other++) {
    const at = windows.window[other]!
    for (; row < rows.count && rows.window[row]! < at; row++) put(rows.window[row]!, cell[row]!, false)
    const isThere = row < rows.count && rows.window[row] === at
    const isRefusedHere = hasList && wasRefused(windows.held[other]!, windows.lost[other]!)
    if (!isThere) {
      alone[0] = 0
      paintTile(input, wish, at, WINDOW_LEVEL, alone, 0)
    }
    const value = isThere ? cell[row]! : alone[0]!
    if (value !== 0 || isRefusedHere) put(at, value, isRefusedHere)
    if (isThere) row++
  }
  for (; row < rows.count; row++) put(rows.window[row]!, cell[row]!, false)
  return {
    count,
    // Nearly always it is the rows' windows that are listed: then all layers share one array.
    window: isOfRows && count === rows.count ? rows.window : window.slice(0, count),
    cell: cells.slice(0, count),
    refused: refused.slice(0, count),
    unguarded: unguarded.slice(0, marked),
  }
}
