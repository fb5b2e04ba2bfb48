/** What the map is to show, apart from how it is seen. */
import { TILE_SIDE, TILES_PER_BLOCK } from '../lib/cells.ts'
import { firstRowFrom, rowOf } from '../lib/window-rows.ts'
import type { WindowCellList } from '../simulation/map-index.ts'
import type { Held, Outcome, WindowTable } from '../simulation/report.ts'
import type { WindowGrid } from '../simulation/window-grid.ts'
import type { BlockInks } from './block-inks.ts'
import type { CellInks } from './inks.ts'
import type { Layout } from './layout.ts'

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
  /** Windows from TILES_PER_BLOCK x block on, in cells of 2^level x 2^level clusters. */
  block(level: number, block: number): BlockCells
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
  const at = (window % TILES_PER_BLOCK) * side * side
  const block = cells.block(level, Math.floor(window / TILES_PER_BLOCK))
  return { cells: block.cells.subarray(at, at + side * side), side }
}

/** How a window is held, as simulation/report.ts numbers it: from there only types can be had. */
export const HELD = {
  nothing: 0,
  fragments: 1,
  cached: 2,
  kept: 3,
  refused: 4,
} as const satisfies typeof Held

export const HELD_NAMES = ['nothing held', 'fragments', 'cached', 'kept', 'refused'] as const

/** @returns how the window is held; "nothing" for windows that the engine has no account of */
export const heldOf = (scene: MapScene, window: number): number =>
  scene.withoutList ? HELD.nothing : (scene.windows.held[rowIn(scene, window)] ?? HELD.nothing)

/** Elements of the table's columns at this place are undefined for a window without a row. */
const rowIn = ({ windows }: MapScene, window: number): number => rowOf(windows.window, windows.rows, window)

/**
 * Whether the window was refused something: its bitmap, or, where it is held all the same, an entry that
 * is lost now. Such a window is framed as refused.
 */
export const isRefused = (scene: MapScene, window: number): boolean =>
  !scene.withoutList && (heldOf(scene, window) === HELD.refused || lostIn(scene, window) > 0)

/** Clusters of the window that are not recorded. */
export const lostIn = (scene: MapScene, window: number): number =>
  scene.withoutList ? 0 : (scene.windows.lost[rowIn(scene, window)] ?? 0)

/** Metadata clusters of the window that no check finds, for whatever reason. */
export const unguardedIn = (scene: MapScene, window: number): number =>
  scene.withoutList ? 0 : (scene.windows.unguarded[rowIn(scene, window)] ?? 0)

/** When the window was last used, by the engine's clock. */
export const ageOf = (scene: MapScene, window: number): number => scene.windows.age[rowIn(scene, window)] ?? 0

/**
 * Whether all that the window holds is recorded, and cannot be looked at all the same, for no bitmap can be
 * built. Nothing was refused to it: it is framed in danger, but differently.
 */
export const isLockedOut = (scene: MapScene, window: number): boolean =>
  !isRefused(scene, window) && unguardedIn(scene, window) > 0

/** What a frame tells: how a window is held, or that holding it is of no use. */
export const FRAME = { ...HELD, lockedOut: 5 } as const

export function frameOf(scene: MapScene, window: number): number {
  const row = scene.withoutList ? -1 : rowIn(scene, window)
  return row < 0 ? FRAME.nothing : frameOfRow(scene.windows, row)
}

function frameOfRow({ held, lost, unguarded }: WindowTable, row: number): number {
  if (held[row] === HELD.refused || lost[row]! > 0) return FRAME.refused
  return unguarded[row]! > 0 ? FRAME.lockedOut : held[row]!
}

/** The frames of so many windows from one on. */
export function framesOf(scene: MapScene, first: number, count: number): Uint8Array {
  const { windows } = scene
  const frames = new Uint8Array(count)
  if (scene.withoutList) return frames
  for (let row = firstRowFrom(windows.window, windows.rows, first); row < windows.rows; row++) {
    const window = windows.window[row]!
    if (window >= first + count) break
    frames[window - first] = frameOfRow(windows, row)
  }
  return frames
}

/** What to say of every window where there is no list to hold any. */
export function withoutList(outcome: Outcome): string | undefined {
  if (outcome.kind === 'refused') return 'not opened'
  if (outcome.kind === 'unchecked') return 'unchecked'
  return outcome.kind === 'off' ? 'not checked' : undefined
}
