/**
 * The cells of the map's tiles, as far as they have come from the simulation. They are kept in blocks
 * of 4096 cells whatever the level (a block is 4^level windows one after another), so that one bound
 * on the number of blocks bounds the memory. The block unused for longest goes first.
 */
import { severitiesOf } from '../lib/layer-severity.ts'
import type { Layer } from '../lib/layers.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'

export const BLOCK_CELLS = WINDOW_CLUSTERS
export const MAX_LEVEL = 6

/** How many windows a block of this level holds. */
export const windowsPerBlock = (level: number): number => 4 ** level
export const cellsPerWindow = (level: number): number => BLOCK_CELLS >> (2 * level)
export const blockOf = (level: number, window: number): number => Math.floor(window / windowsPerBlock(level))

interface Block {
  readonly revision: number
  readonly cells: Uint8Array
}

/** A window's cells: `side` x `side` of them, row by row, from `offset` on. */
export interface WindowCells {
  readonly cells: Uint8Array
  readonly offset: number
  readonly side: number
}

export class TileCache {
  private readonly maxBlocks: number
  /** In order of use, the oldest first (a Map iterates in order of insertion). */
  private readonly blocks = new Map<number, Block>()
  private severities = severitiesOf('owner')
  private readonly reduced = new Uint8Array(BLOCK_CELLS)

  /** @param maxBlocks the bound, in blocks of 4 KiB */
  constructor(maxBlocks: number) {
    this.maxBlocks = maxBlocks
  }

  get size(): number {
    return this.blocks.size
  }

  /** Forgets everything; what comes next is of this layer, and this is filtered out of it. */
  clear(layer: Layer = 'owner', muted?: Uint8Array): void {
    this.blocks.clear()
    this.severities = severitiesOf(layer, muted)
  }

  /** Whether the block is there in this revision or a later one; counts as a use of it. */
  use(level: number, block: number, revision: number): boolean {
    const key = keyOf(level, block)
    const found = this.blocks.get(key)
    if (!found) return false
    this.blocks.delete(key)
    this.blocks.set(key, found)
    return found.revision >= revision
  }

  /** @param cells the block's cells; fewer than 4096 in the last block of an image */
  put(level: number, block: number, revision: number, cells: Uint8Array): void {
    const key = keyOf(level, block)
    this.blocks.delete(key)
    this.blocks.set(key, { revision, cells })
    for (const oldest of this.blocks.keys()) {
      if (this.blocks.size <= this.maxBlocks) break
      this.blocks.delete(oldest)
    }
  }

  /**
   * The best there is to draw a window with at this level: its own cells, of whatever revision; else
   * coarser ones; else finer ones, reduced. The array may be overwritten by the next call.
   */
  windowCells(level: number, window: number): WindowCells | undefined {
    for (let at = level; at <= MAX_LEVEL; at++) {
      const found = this.exactly(at, window)
      if (found) return found
    }
    for (let at = level - 1; at >= 0; at--) {
      const found = this.exactly(at, window)
      if (found) return this.reduce(found, 64 >> level)
    }
    return undefined
  }

  /** A block's cells of whatever revision. */
  blockCells(level: number, block: number): Uint8Array | undefined {
    return this.blocks.get(keyOf(level, block))?.cells
  }

  private exactly(level: number, window: number): WindowCells | undefined {
    const cells = this.blockCells(level, blockOf(level, window))
    if (!cells) return undefined
    const offset = (window % windowsPerBlock(level)) * cellsPerWindow(level)
    return offset < cells.length ? { cells, offset, side: 64 >> level } : undefined
  }

  /** The most severe of each square of cells. */
  private reduce(fine: WindowCells, side: number): WindowCells {
    const shift = Math.log2(fine.side / side)
    const cells = this.reduced
    cells.fill(0, 0, side * side)
    for (let i = 0; i < fine.side * fine.side; i++) {
      const to = (Math.floor(i / fine.side) >> shift) * side + ((i % fine.side) >> shift)
      const cell = fine.cells[fine.offset + i]!
      if (this.severities[cell]! > this.severities[cells[to]!]!) cells[to] = cell
    }
    return { cells, offset: 0, side }
  }
}

const keyOf = (level: number, block: number): number => block * 8 + level
