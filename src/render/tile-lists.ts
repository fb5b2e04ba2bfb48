/** What of a tile is worked out once, and used whenever it is drawn. */
import { cellGuard, isUnguarded } from '../lib/cells.ts'
import type { ProminentCells, TileGround, WindowCells } from './map-scene.ts'
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

const cellsOf = new Map<number, Uint8Array>()

/** The inverse: which of so many cells each pixel along a length shows. */
export function cellsOfPixels(length: number, cells: number): Uint8Array {
  const key = length * 128 + cells
  const found = cellsOf.get(key)
  if (found) return found
  const edges = cellEdges(length, cells)
  const list = new Uint8Array(length)
  for (let cell = 0; cell < cells; cell++) list.fill(cell, edges[cell]!, edges[cell + 1]!)
  if (cellsOf.size >= MAX_EDGES) cellsOf.clear()
  cellsOf.set(key, list)
  return list
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

const NO_RUNS = new Uint32Array(0)
/** Of more runs of other cells than one for so many cells, a tile has no ground. */
const CELLS_PER_RUN = 8

/** Cells side by side in a row of a tile. */
const packRun = (index: number, length: number, cell: number): number => index | (length << 12) | (cell << 19)
export const runIndex = (run: number): number => run & 0xfff
export const runLength = (run: number): number => (run >> 12) & 0x7f
export const runCell = (run: number): number => run >> 19

/** What most of a tile's cells are; undefined where they are mixed. */
export function groundOf(content: WindowCells): TileGround | undefined {
  content.ground ??= findGround(content)
  return content.ground === 'mixed' ? undefined : content.ground
}

function findGround({ cells, side, isUniform }: WindowCells): TileGround | 'mixed' {
  if (isUniform) return { cell: cells[0]!, others: NO_RUNS }
  const cell = majority(cells)
  const most = (side * side) / CELLS_PER_RUN
  const others: number[] = []
  for (let i = 0, next = 0; i < side * side; i = next) {
    next = i + 1
    const end = i - (i % side) + side
    while (next < end && cells[next] === cells[i]) next++
    if (cells[i] === cell) continue
    if (others.length >= most) return 'mixed'
    others.push(packRun(i, next - i, cells[i]!))
  }
  return { cell, others: Uint32Array.from(others) }
}

/** By votes: each other cell outweighs one of the candidate, so that only what more than half of them are is sure to be left. */
function majority(cells: Uint8Array): number {
  let candidate = 0
  let votes = 0
  for (const cell of cells) {
    if (votes === 0) candidate = cell
    votes += cell === candidate ? 1 : -1
  }
  return candidate
}
