/**
 * What one cell of the cluster map shows, in a byte: the owner (5 bits), how it is guarded (2 bits), and
 * whether something is wrong with it (1 bit). A cell is one cluster, or the most severe of many.
 */
import { isMetadata } from './owners.ts'

export const Guard = {
  /** Not metadata, or nothing the 2015 engine knows. */
  none: 0,
  /** Recorded: a check of it finds it now. */
  guarded: 1,
  /** Metadata of a checked type that a check would not find now. */
  unguarded: 2,
  /** Metadata of a type that the options leave out. */
  typeNotChecked: 3,
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

/** How much a cell matters when many share a pixel; the largest wins. */
export function severity(cell: Cell): number {
  const owner = cell & CELL_OWNER_MASK
  const guard = (cell >> CELL_GUARD_SHIFT) & 3
  if (guard === Guard.unguarded) return 200 + owner
  if (cell & CELL_PROBLEM) return 150 + owner
  if (isMetadata(owner)) return 100 + owner
  return owner
}

/** severity of every byte, for loops over many cells. */
export const SEVERITY: Uint8Array = Uint8Array.from({ length: 256 }, (_, cell) => severity(cell))

/** Side of a window's tile in clusters: 64 x 64 = 4096. */
export const TILE_SIDE = 64
