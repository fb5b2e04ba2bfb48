/** Everything a picture of the map is painted with, as pixels, for one theme, one layer and one filter. */
import { CELL_PROBLEM, cellGuard, cellOwner, isUnguarded } from '../lib/cells.ts'
import { CELLS, PROMINENT } from '../lib/layer-cells.ts'
import { severitiesOf } from '../lib/layer-severity.ts'
import type { Layer } from '../lib/layers.ts'
import type { TypeMask } from '../lib/metadata-types.ts'
import { Owner } from '../lib/owners.ts'
import {
  inkOn,
  mixRgb,
  parseColour,
  type Pixel,
  pixelOf,
  type ReadToken,
  type Rgb,
  rgbColour,
} from './colours.ts'
import { isOpen, Pattern } from './cell-style.ts'
import { cellStyle } from './layer-style.ts'

/** The colour of every cell byte (lib/layer-cells.ts). */
export type CellColours = Uint32Array

export interface Palette {
  readonly layer: Layer
  readonly checkedTypes: TypeMask
  /** For cells too small to bear a mark: danger and problems take the whole cell. */
  readonly flat: CellColours
  /** For cells that bear their marks beside their colour. */
  readonly boxed: CellColours
  /** The same for cells of a window that was refused: what is not metadata is washed with danger. */
  readonly flatRefused: CellColours
  readonly boxedRefused: CellColours
  /** By cell: 1 for what is figure rather than ground, and drawn over its neighbours where it is small. */
  readonly prominent: Uint8Array
  /** By cell: 1 for what the legend has filtered out. */
  readonly muted: Uint8Array
  /** By cell: which matters most. */
  readonly severities: Uint8Array
  /** By cell: letters and patterns, where there is room. */
  readonly glyphs: readonly string[]
  readonly patterns: Uint8Array
  /** The second colour of patterns. */
  readonly second: Pixel
  /** Around the tiles. */
  readonly page: Pixel
  readonly tile: Pixel
  readonly tileRefused: Pixel
  readonly danger: Pixel
  /** By cell: a mark on it, black or white, whichever is seen better. */
  readonly marks: Uint32Array
  readonly frames: {
    readonly nothing: Pixel
    readonly fragments: Pixel
    readonly cached: Pixel
    readonly kept: Pixel
    readonly refused: Pixel
  }
}

const colours = (rgb: (cell: number) => Rgb): CellColours =>
  Uint32Array.from({ length: CELLS }, (_, cell) => pixelOf(rgb(cell)))

/** How much of the tile there is in the colour of what was filtered out. */
const MUTED = 0.86

/**
 * @param checkedTypes what the options have checked: other metadata cannot be unguarded
 * @param muted by cell, 1 for what is to be drawn as if it hardly mattered
 */
export function makePalette(
  read: ReadToken,
  layer: Layer,
  checkedTypes: TypeMask,
  muted: Uint8Array = new Uint8Array(CELLS),
): Palette {
  const token = (name: string): Rgb => rgbColour({ token: name }, read)
  const pixel = (name: string): Pixel => pixelOf(token(name))
  const danger = token('danger')
  const ink = token('text')
  const tile = token('tile')
  const styles = Array.from({ length: CELLS }, (_, cell) => cellStyle(layer, cell, checkedTypes))
  const prominent = PROMINENT[layer].map((is, cell) => (muted[cell] ? 0 : is))

  const boxedRgb = (cell: number): Rgb => {
    const rgb = rgbColour(styles[cell]!.colour, read)
    return muted[cell] ? mixRgb(rgb, tile, MUTED) : rgb
  }
  const flatRgb = (cell: number): Rgb => {
    if (muted[cell]) return boxedRgb(cell)
    if (isUnguarded(cellGuard(cell))) return danger
    if (cell & CELL_PROBLEM && layer !== 'problem') return ink
    // Small cells stand without gaps: guest data takes the shade that cells and gaps would come to.
    return prominent[cell] ? boxedRgb(cell) : mixRgb(boxedRgb(cell), tile, 0.32)
  }
  const refused = (rgb: Rgb, cell: number): Rgb => {
    if (prominent[cell] || cell & CELL_PROBLEM) return rgb
    return mixRgb(rgb, danger, cellOwner(cell) === Owner.free ? 0.09 : 0.13)
  }
  const hasOwners = layer === 'owner' || layer === 'protection'
  return {
    layer,
    checkedTypes,
    flat: colours(flatRgb),
    boxed: colours(boxedRgb),
    flatRefused: colours(cell => refused(flatRgb(cell), cell)),
    boxedRefused: colours(cell => refused(boxedRgb(cell), cell)),
    prominent,
    muted,
    severities: severitiesOf(layer, muted),
    glyphs: styles.map(({ glyph }, cell) => (muted[cell] ? '' : glyph)),
    patterns: Uint8Array.from(styles, ({ pattern }, cell) => (muted[cell] ? Pattern.plain : pattern)),
    second: hasOwners
      ? pixelOf(rgbColour(cellStyle(layer, Owner.guestData, checkedTypes).colour, read))
      : pixel('free'),
    page: pixel('panel'),
    tile: pixelOf(tile),
    tileRefused: pixelOf(mixRgb(tile, danger, 0.06)),
    danger: pixelOf(danger),
    marks: colours(cell => parseColour(inkOn(isOpen(styles[cell]!.pattern) ? tile : boxedRgb(cell)))),
    frames: {
      nothing: pixel('line'),
      fragments: pixel('frag'),
      cached: pixel('cached'),
      kept: pixel('kept'),
      refused: pixelOf(danger),
    },
  }
}
