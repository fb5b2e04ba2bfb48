/** The inks of a block's cells. */
import { TILES_PER_BLOCK } from '../lib/cells.ts'
import type { WindowTable } from '../simulation/report.ts'
import type { Inks } from './inks.ts'
import { type BlockCells, framesOf, type MapScene } from './map-scene.ts'
import { FRAME } from './window-hold.ts'

/** Inks, and what they hold for. */
export interface BlockInks {
  readonly by: Inks
  readonly windows: WindowTable
  /** By window of the block: 1 where something was refused to it. */
  readonly refused: Uint8Array
  readonly cells: Uint8Array
}

/** The inks of windows from TILES_PER_BLOCK x block on, as cells that are too small for boxes have them. */
export function blockInks(scene: MapScene, level: number, block: number, inks: Inks): Uint8Array {
  const content = scene.cells.block(level, block)
  const { inked } = content
  if (inked?.by === inks && inked.windows === scene.windows) return inked.cells
  const frames = framesOf(scene, block * TILES_PER_BLOCK, TILES_PER_BLOCK)
  const refused = frames.map(frame => (frame === FRAME.refused ? 1 : 0))
  const isSame = inked?.by === inks && refused.every((is, i) => is === inked.refused[i])
  const cells = isSame ? inked.cells : inkCells(content, refused, inks)
  content.inked = { by: inks, windows: scene.windows, refused, cells }
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
