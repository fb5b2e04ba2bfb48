/** What of a tile is worked out once, and used whenever it is drawn. */
import { cellGuard, isUnguarded } from '../lib/cells.ts'
import type { ProminentCells, WindowCells } from './map-scene.ts'
import type { CellInks } from './inks.ts'
import { cellEdge } from './tile-pixels.ts'

/** Lengths of tiles that are remembered: those of one zoom differ by a pixel. */
const MAX_EDGES = 64
const edgesOf = new Map<number, Int32Array>()

/** The first pixel of each of so many cells along a length, and its end: cells + 1 elements. */
export function cellEdges(length: number, cells: number): Int32Array {
  const key = length * 128 + cells
  const found = edgesOf.get(key)
  if (found) return found
  const edges = Int32Array.from({ length: cells + 1 }, (_, i) => cellEdge(0, length, cells, i))
  if (edgesOf.size >= MAX_EDGES) edgesOf.clear()
  edgesOf.set(key, edges)
  return edges
}

/** The inks of a tile's cells. @param by ink by cell */
export function cellInks(content: WindowCells, by: CellInks): Uint8Array {
  if (content.inked?.by === by) return content.inked.inks
  const { cells, isUniform } = content
  const inks = new Uint8Array(cells.length)
  if (isUniform) inks.fill(by[cells[0]!]!)
  else for (let i = 0; i < cells.length; i++) inks[i] = by[cells[i]!]!
  content.inked = { by, inks }
  return inks
}

const NOBODY = new Uint16Array(0)

/** The places of cells that are drawn over others. @param prominent Palette.prominent */
export function prominentCells(content: WindowCells, prominent: Uint8Array): ProminentCells {
  const { cells, side, isUniform } = content
  if (content.prominent?.by === prominent) return content.prominent
  if (isUniform && !prominent[cells[0]!]) return { by: prominent, list: NOBODY, lone: NOBODY }
  const list = new Uint16Array(side * side)
  let count = 0
  for (let i = 0; i < side * side; i++) {
    list[count] = i
    count += prominent[cells[i]!]!
  }
  const found = list.slice(0, count)
  const lone = found.filter(index => !isCrowded(content, prominent, index))
  content.prominent = { by: prominent, list: found, lone }
  return content.prominent
}

/** The places of cells that are to be marked. */
export function unguardedCells(content: WindowCells): Uint16Array {
  if (content.hasUnguarded === false) return NOBODY
  if (content.unguarded) return content.unguarded
  const { cells } = content
  const list = new Uint16Array(cells.length)
  let count = 0
  for (let i = 0; i < cells.length; i++) {
    list[count] = i
    if (isUnguarded(cellGuard(cells[i]!))) count++
  }
  content.unguarded = list.slice(0, count)
  return content.unguarded
}

/** Around a cell, as far as two cells away: more of what is prominent than this is seen without being enlarged. */
const CROWD = 5

/** Whether there is so much of it around a cell that, enlarged, it would hide the data in between. */
function isCrowded({ cells, side }: WindowCells, prominent: Uint8Array, index: number): boolean {
  const column = index % side
  const row = (index - column) / side
  let count = 0
  for (let y = Math.max(0, row - 2); y <= Math.min(side - 1, row + 2); y++)
    for (let x = Math.max(0, column - 2); x <= Math.min(side - 1, column + 2); x++)
      count += prominent[cells[y * side + x]!]!
  return count > CROWD
}
