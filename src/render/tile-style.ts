/** How the cells of a tile are drawn at its size. */
import { TILE_SIDE } from '../lib/cells.ts'
import type { CellInks, Ink, Inks } from './inks.ts'
import type { WindowCells } from './map-scene.ts'
import type { PixelRect } from './picture.ts'

export interface TileToDraw {
  readonly rect: PixelRect
  readonly content: WindowCells
  readonly refused: boolean
  /** Cells of the window that lie in the file, 4096 but for the last window (cells of level 0 only). */
  readonly cellsInFile: number
}

type TileSize = Pick<TileToDraw, 'rect'> & { readonly content: Pick<WindowCells, 'side'> }

/** Cells from this size on (CSS pixels) have room for a gap, a frame and a pattern. */
const BOXED_FROM = 3
const PATTERNS_FROM = 9

/** Side of a tile's smallest cell in pixels. */
export const cellSideOf = ({ rect, content }: TileSize): number =>
  Math.floor(Math.min(rect.x1 - rect.x0, rect.y1 - rect.y0) / content.side)

/** Whether cells stand apart from each other. @param unit device pixels a CSS pixel */
export const isBoxed = (tile: TileSize, unit: number): boolean =>
  tile.content.side === TILE_SIDE && cellSideOf(tile) >= BOXED_FROM * unit

/** Whether cells have room for patterns. */
export const isPatterned = (tile: TileSize, unit: number): boolean =>
  isBoxed(tile, unit) && cellSideOf(tile) >= PATTERNS_FROM * unit

/** Between data of boxed cells, in pixels. */
export const dataGap = (cellSide: number, unit: number): number => Math.max(unit, Math.round(cellSide * 0.14))

/** What is seen between the cells. */
export const tileInk = ({ refused }: Pick<TileToDraw, 'refused'>, inks: Inks): Ink =>
  refused ? inks.tileRefused : inks.tile

/** By cell: what it is painted with before all signs. */
export function groundOf(tile: TileSize & Pick<TileToDraw, 'refused'>, inks: Inks, unit: number): CellInks {
  const { refused } = tile
  if (!isBoxed(tile, unit)) return refused ? inks.flatRefused : inks.flat
  if (!isPatterned(tile, unit)) return refused ? inks.groundRefused : inks.ground
  return refused ? inks.openGroundRefused : inks.openGround
}
