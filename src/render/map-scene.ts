/** What the map is to show, apart from how it is seen. */
import { TILE_SIDE, TILES_PER_BLOCK } from '../lib/cells.ts'
import { firstRowFrom, rowOf } from '../lib/window-rows.ts'
import type { WindowCellList } from '../simulation/window-cells.ts'
import type { Outcome, WindowTable } from '../simulation/report.ts'
import type { WindowGrid } from '../simulation/window-grid.ts'
import type { BlockInks } from './block-inks.ts'
import type { CellInks } from './inks.ts'
import type { Layout } from './layout.ts'
import { Held } from '../lib/held.ts'
import { FRAME, frameOfHold, type WindowHold } from './window-hold.ts'

/** A window's cells: `side` x `side` of them, row by row. */
export interface WindowCells {
  readonly cells: Uint8Array
  readonly side: number
  /** False where it is known that there is nothing to mark. */
  readonly hasUnguarded?: boolean
  /** True where it is known that all cells are the same. */
  readonly isUniform?: boolean
  /** Worked out when it is first drawn: the places of cells that are drawn over others, by this table of cells. */
  prominent?: ProminentCells
  /** Worked out when they are first marked: the places of cells that are unguarded, ascending. */
  unguarded?: Uint16Array
  /** Worked out when it is first drawn: the inks of its cells, by this table of cells. */
  inked?: { readonly by: CellInks; readonly inks: Uint8Array }
}

/** The cells of TILES_PER_BLOCK windows, one after another; row by row each. */
export interface BlockCells {
  readonly cells: Uint8Array
  /** Another number when cells are other ones than they were. */
  readonly changes: number
  /** Places of unguarded cells among them, ascending. */
  readonly unguarded: Uint32Array
  /** Worked out when it is first drawn: see block-inks.ts. */
  inked?: BlockInks
}

/** Places of cells that are drawn over others, ascending. */
export interface ProminentCells {
  /** The table of cells by which they were found. */
  readonly by: Uint8Array
  readonly list: Uint16Array
  /** Those of them that are not in a crowd: enlarged, they hide no data in between. */
  readonly lone: Uint16Array
}

/** Where the cells of a picture come from. */
export interface CellSource {
  /** The window's clusters. @returns undefined where they are not at hand */
  tile(window: number): WindowCells | undefined
  /**
   * Windows from TILES_PER_BLOCK x block on, in cells of 2^level x 2^level clusters.
   * @param from the first of the block's windows whose cells are wanted, counted in it; `to` past the last one
   */
  block(level: number, block: number, from: number, to: number): BlockCells
  /** All windows as one cell each; those left out are free. */
  windowCells(): WindowCellList
  /** The same, each in its place; undefined where there is none, or where most windows are free. */
  windowGrid?(layout: Layout): WindowGrid | undefined
}

export interface MapScene {
  readonly layout: Layout
  readonly cells: CellSource
  readonly windows: WindowTable
  /** Clusters of the file; cells past it that nobody claims are not there and not drawn. */
  readonly fileClusters: number
  /** What holds for every window alike, where there is no list: "not opened", "unchecked", "off". */
  readonly withoutList: string | undefined
  /** False where no cluster is unguarded: then there is nothing to mark. */
  readonly hasUnguarded: boolean
}

/** One window's cells at a level. @returns undefined where they are not at hand */
export function windowCells({ cells }: MapScene, level: number, window: number): WindowCells | undefined {
  if (level === 0) return cells.tile(window)
  const side = TILE_SIDE >> level
  const place = window % TILES_PER_BLOCK
  const at = place * side * side
  const block = cells.block(level, Math.floor(window / TILES_PER_BLOCK), place, place + 1)
  return { cells: block.cells.subarray(at, at + side * side), side }
}

/** @returns how the window is held; "nothing" for windows that the engine has no account of */
export const heldOf = (scene: MapScene, window: number): number =>
  scene.withoutList ? Held.nothing : (scene.windows.held[rowIn(scene, window)] ?? Held.nothing)

/** Elements of the table's columns at this place are undefined for a window without a row. */
const rowIn = ({ windows }: MapScene, window: number): number => rowOf(windows.window, windows.rows, window)

/** Metadata clusters of the window that no check finds, for whatever reason. */
export const unguardedIn = (scene: MapScene, window: number): number =>
  scene.withoutList ? 0 : (scene.windows.unguarded[rowIn(scene, window)] ?? 0)

/** When the window was last used, by the engine's clock. */
export const ageOf = (scene: MapScene, window: number): number => scene.windows.age[rowIn(scene, window)] ?? 0

/** How the window is held, and what is wrong with that; where there is no list, nothing. */
export function holdOf(scene: MapScene, window: number): WindowHold {
  const row = scene.withoutList ? -1 : rowIn(scene, window)
  if (row < 0) return { held: Held.nothing, lost: 0, lockedOut: 0 }
  return holdOfRow(scene.windows, row)
}

function holdOfRow({ held, lost, unguarded }: WindowTable, row: number): WindowHold {
  return { held: held[row]!, lost: lost[row]!, lockedOut: unguarded[row]! - lost[row]! }
}

export const frameOf = (scene: MapScene, window: number): number => frameOfHold(holdOf(scene, window))

/** Whether the window's frame says that something was refused to it, or is lost. */
export const isRefused = (scene: MapScene, window: number): boolean =>
  frameOf(scene, window) === FRAME.refused

/** The frames of so many windows from one on. */
export function framesOf(scene: MapScene, first: number, count: number): Uint8Array {
  const { windows } = scene
  const frames = new Uint8Array(count)
  if (scene.withoutList) return frames
  for (let row = firstRowFrom(windows.window, windows.rows, first); row < windows.rows; row++) {
    const window = windows.window[row]!
    if (window >= first + count) break
    frames[window - first] = frameOfHold(holdOfRow(windows, row))
  }
  return frames
}

/** What to say of every window where there is no list to hold any. */
export function withoutList(outcome: Outcome): string | undefined {
  if (outcome.kind === 'refused') return 'not opened'
  if (outcome.kind === 'unchecked') return 'unchecked'
  return outcome.kind === 'off' ? 'not checked' : undefined
}
