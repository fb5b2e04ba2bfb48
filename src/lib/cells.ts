/**
 * What one cell of the cluster map shows, in a byte: the owner (5 bits), how it is guarded (2 bits), and
 * whether something is wrong with it (1 bit). A cell is one cluster, or the most severe of many.
 */
import { isMetadata } from './owners.ts'

export const Guard = {
  /** Nothing to guard: not metadata, or of a type that is not checked. */
  none: 0,
  /** Recorded, and a check of it finds it now. */
  guarded: 1,
  /** Unguarded for good: it is not recorded, because an entry was refused or fragments were dropped. */
  lost: 2,
  /** Unguarded for now: it is recorded, but a check could not build the bitmap to look at. */
  lockedOut: 3,
} as const

export type GuardCode = (typeof Guard)[keyof typeof Guard]
export type Cell = number

export const CELL_OWNER_MASK = 0x1f
export const CELL_GUARD_SHIFT = 5
export const CELL_PROBLEM = 0x80

export const cellOf = (owner: number, guard: number, problem = false): Cell =>
  owner | (guard << CELL_GUARD_SHIFT) | (problem ? CELL_PROBLEM : 0)

export const cellOwner = (cell: Cell): number => cell & CELL_OWNER_MASK
export const cellGuard = (cell: Cell): GuardCode => ((cell >> CELL_GUARD_SHIFT) & 3) as GuardCode

/** Whether metadata of a checked type would not be found by a check now. */
export const isUnguarded = (guard: number): boolean => guard >= Guard.lost

/** isUnguarded of every cell byte, 1 or 0, for loops over many cells. */
export const UNGUARDED_CELLS: Uint8Array = Uint8Array.from({ length: 256 }, (_, cell) =>
  isUnguarded(cellGuard(cell)) ? 1 : 0,
)

/** How much a cell matters when many share a pixel; the largest wins. */
export function severity(cell: Cell): number {
  const owner = cell & CELL_OWNER_MASK
  const guard = (cell >> CELL_GUARD_SHIFT) & 3
  if (guard === Guard.lost) return 160 + owner
  if (guard === Guard.lockedOut) return 120 + owner
  if (cell & CELL_PROBLEM) return 80 + owner
  if (isMetadata(owner)) return 40 + owner
  return owner
}

/** severity of every byte, for loops over many cells. */
export const SEVERITY: Uint8Array = Uint8Array.from({ length: 256 }, (_, cell) => severity(cell))

/** Side of a window's tile in clusters: 64 x 64 = 4096. */
export const TILE_SIDE = 64

/** Where windows are drawn small, so many that follow each other are kept together: 64. */
export const TILES_PER_BLOCK = 64
