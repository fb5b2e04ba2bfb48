/** Which blocks of the tile cache a view needs, and how to ask for them. */
import type { WindowRange } from '../worker/protocol.ts'
import type { Layout } from './layout.ts'
import { blockOf, cellsPerWindow, windowsPerBlock } from './tile-cache.ts'
import type { TileRange } from './viewport.ts'

/** The blocks under the visible tiles, ascending. */
export function wantedBlocks(layout: Layout, visible: TileRange, level: number): number[] {
  const wanted = new Set<number>()
  if (visible.lastColumn < visible.firstColumn) return []
  for (let row = visible.firstRow; row <= visible.lastRow; row++) {
    const first = row * layout.columns + visible.firstColumn
    const last = Math.min(row * layout.columns + visible.lastColumn, layout.count - 1)
    if (first > last) break
    const lastBlock = blockOf(level, last)
    for (let block = blockOf(level, first); block <= lastBlock; block++) wanted.add(block)
  }
  return [...wanted]
}

/** Blocks (ascending) as ranges of windows that exist; neighbours become one range. */
export function rangesOf(blocks: readonly number[], level: number, windowCount: number): WindowRange[] {
  const size = windowsPerBlock(level)
  const ranges: { first: number; count: number }[] = []
  for (const block of blocks) {
    const first = block * size
    const count = Math.min(size, windowCount - first)
    const before = ranges.at(-1)
    if (before && before.first + before.count === first) before.count += count
    else ranges.push({ first, count })
  }
  return ranges
}

/**
 * Takes an answer apart into its blocks, for ranges as rangesOf makes them.
 * @param cells of the ranges, one after another
 */
export function* blocksOf(
  ranges: readonly WindowRange[],
  level: number,
  cells: Uint8Array,
): Generator<{ readonly block: number; readonly cells: Uint8Array }> {
  const size = windowsPerBlock(level)
  let offset = 0
  for (const { first, count } of ranges) {
    for (let window = first; window < first + count; window += size) {
      const length = Math.min(size, first + count - window) * cellsPerWindow(level)
      // A copy: a view would keep the whole answer alive for as long as one block of it is used.
      yield { block: window / size, cells: cells.slice(offset, offset + length) }
      offset += length
    }
  }
}
