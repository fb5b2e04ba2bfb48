/** The inks of a block's cells. */
import { TILES_PER_BLOCK } from '../lib/cells.ts'
import type { WindowTable } from '../simulation/report.ts'
import type { Inks } from './inks.ts'
import { type BlockCells, framesOf, type MapScene } from './map-scene.ts'
import { FRAME } from './window-hold.ts'

/** Inks, and what they hold for. */
export interface BlockInks {
  readonly by: Inks
  /** Of the cells. */
  readonly changes: number
  readonly windows: WindowTable
  /** By window of the block: 1 where something was refused to it. */
  readonly refused: Uint8Array
  readonly cells: Uint8Array
}

/**
 * The inks of windows [from, to), all of one block, as cells that are too small for boxes have them.
 * @param level 1 to 6
 */
export function blockInks(scene: MapScene, level: number, from: number, to: number, inks: Inks): Uint8Array {
  const block = Math.floor(from / TILES_PER_BLOCK)
  const start = block * TILES_PER_BLOCK
  const content = scene.cells.block(level, block, from - start, to - start)
  const perTile = content.cells.length / TILES_PER_BLOCK
  return inksOfBlock(scene, content, start, inks).subarray((from - start) * perTile, (to - start) * perTile)
}

function inksOfBlock(scene: MapScene, content: BlockCells, start: number, inks: Inks): Uint8Array {
  const { inked, changes } = content
  const { windows } = scene
  const isSame = inked?.by === inks && inked.changes === changes
  if (isSame && inked.windows === windows) return inked.cells
  const frames = framesOf(scene, start, TILES_PER_BLOCK)
  const refused = frames.map(frame => (frame === FRAME.refused ? 1 : 0))
  const isSameToo = isSame && refused.every((is, i) => is === inked.refused[i])
  const cells = isSameToo ? inked.cells : inkCells(content, refused, inks)
  content.inked = { by: inks, changes, windows, refused, cells }
  return cells
}

function inkCells({ cells }: BlockCells, refused: Uint8Array, { flat, flatRefused }: Inks): Uint8Array {
  const inks = new Uint8Array(cells.length)
  const perTile = cells.length / TILES_PER_BLOCK
  for (const [i, isRefused] of refused.entries()) {
    const by = isRefused ? flatRefused : flat
    for (let at = i * perTile; at < (i + 1) * perTile; at++) inks[at] = by[cells[at]!]!
  }
  return inks
}
