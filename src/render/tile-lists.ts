/** What of a tile is worked out once, and used whenever it is drawn. */
import type { WindowCells } from './map-scene.ts'
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
