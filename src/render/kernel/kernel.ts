/** What is done to every pixel of the map; a picture that is drawn anew is little else. */
import type { Ink } from '../inks.ts'
import type { Picture } from '../picture.ts'

/** What the pixels of a tile, and perhaps the first ones of its gutter, show along a line. */
export interface LineMap {
  /** By pixel: the cell of the tile's row that it shows, or NO_CELL. No pixel shows a cell before that of the last one. */
  readonly cells: Uint8Array
  /** By pixel: its ink where it shows no cell, NO_INK elsewhere. */
  readonly inks: Uint8Array
}

export const NO_CELL = 0xff

/** Tiles that stand in a row, and do not overlap. */
export interface Band {
  /** Cells along a tile's side. */
  readonly side: number
  /** The inks of one tile's cells after another's, in as many pieces as they come in. */
  readonly tiles: readonly Uint8Array[]
  /** What the tiles are mapped by. */
  readonly maps: readonly LineMap[]
  /**
   * By tile from left to right, in pairs: its first pixel, which may lie outside the picture, and which map it has.
   */
  readonly places: Int32Array
  /** By row of cells, in pairs: how many lines of pixels show it, and how many are the gap below it. */
  readonly rows: Int32Array
  /** A line of the gaps, as wide as the picture; empty where there are none. */
  readonly gapLine: Uint8Array
  /** What is beside the tiles. */
  readonly page: Ink
}

export interface Kernel {
  /**
   * Turns inks into colours.
   * @param colours by ink: opaque, but for that of NO_INK, which is 0
   * @param pixels receives them
   */
  colour(picture: Picture, colours: Uint32Array, pixels: Uint32Array): void
  /** Paints all lines of a band, the first of them at `top`; they must fit in. */
  band(picture: Picture, top: number, band: Band): void
}
