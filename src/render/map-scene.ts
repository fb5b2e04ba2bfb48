/** What the map is to show, apart from how it is seen. */
import { rowOf } from '../lib/window-rows.ts'
import type { WindowCellList } from '../simulation/map-index.ts'
import type { Outcome, WindowTable } from '../simulation/report.ts'
import type { WindowGrid } from '../simulation/window-grid.ts'
import type { Layout } from './layout.ts'
import { FRAME, frameOfHold, HELD, type WindowHold } from './window-hold.ts'

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
  /** Worked out when it is first drawn: what most of it is, where most of it is the same. */
  ground?: TileGround | 'mixed'
}

/** Places of cells that are drawn over others, ascending. */
export interface ProminentCells {
  /** The table of cells by which they were found. */
  readonly by: Uint8Array
  readonly list: Uint16Array
  /** Those of them that are not in a crowd: enlarged, they hide no data in between. */
  readonly lone: Uint16Array
}

/** A tile most of whose cells are the same. */
export interface TileGround {
  readonly cell: number
  /** All other cells, in order: those side by side that are the same as one number (packRun of tile-lists.ts). */
  readonly others: Uint32Array
}

/** Where the cells of a picture come from. */
export interface CellSource {
  /** @returns undefined where they are not at hand */
  tile(level: number, window: number): WindowCells | undefined
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

/** @returns how the window is held; "nothing" for windows that the engine has no account of */
export const heldOf = (scene: MapScene, window: number): number =>
  scene.withoutList ? HELD.nothing : (scene.windows.held[rowIn(scene, window)] ?? HELD.nothing)

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
  const { held, lost, unguarded } = scene.windows
  const lostHere = lost[row] ?? 0
  return { held: held[row] ?? HELD.nothing, lost: lostHere, lockedOut: (unguarded[row] ?? 0) - lostHere }
}

export const frameOf = (scene: MapScene, window: number): number => frameOfHold(holdOf(scene, window))

/** Whether the window's frame says that something was refused to it, or is lost. */
export const isRefused = (scene: MapScene, window: number): boolean =>
  frameOf(scene, window) === FRAME.refused

/** What to say of every window where there is no list to hold any. */
export function withoutList(outcome: Outcome): string | undefined {
  if (outcome.kind === 'refused') return 'not opened'
  if (outcome.kind === 'unchecked') return 'unchecked'
  return outcome.kind === 'off' ? 'not checked' : undefined
}
