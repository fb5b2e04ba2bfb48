/** What of a tile is worked out once, and used whenever it is drawn. */
import type { TileGround, WindowCells } from './map-scene.ts'
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

const NONE = new Uint16Array(0)

/** The places of cells that are drawn over others. @param prominent Palette.prominent */
export function prominentCells(content: WindowCells, prominent: Uint8Array): Uint16Array {
  const { cells, side, isUniform } = content
  if (isUniform && !prominent[cells[0]!]) return NONE
  if (content.prominent?.by === prominent) return content.prominent.list
  const list = new Uint16Array(side * side)
  let count = 0
  for (let i = 0; i < side * side; i++) {
    list[count] = i
    count += prominent[cells[i]!]!
  }
  content.prominent = { by: prominent, list: list.slice(0, count) }
  return content.prominent.list
}

/** Of more other cells than one in so many, a tile has no ground. */
const MOST_OTHERS = 1 / 4

/** What nearly all of a tile's cells are; undefined where they are mixed. */
export function groundOf(content: WindowCells): TileGround | undefined {
  content.ground ??= findGround(content)
  return content.ground === 'mixed' ? undefined : content.ground
}

function findGround({ cells, side, isUniform }: WindowCells): TileGround | 'mixed' {
  const count = side * side
  if (isUniform) return { cell: cells[0]!, others: NONE }
  // By votes: each other cell outweighs one of the candidate, so that only a majority is left.
  let cell = 0
  let votes = 0
  for (let i = 0; i < count; i++) {
    if (votes === 0) cell = cells[i]!
    votes += cells[i] === cell ? 1 : -1
  }
  const others = new Uint16Array(count)
  let found = 0
  for (let i = 0; i < count; i++) {
    others[found] = i
    found += cells[i] === cell ? 0 : 1
  }
  return found > count * MOST_OTHERS ? 'mixed' : { cell, others: others.slice(0, found) }
}
