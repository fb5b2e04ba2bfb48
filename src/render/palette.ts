/** Everything a picture of the map is painted with, as pixels, for one theme and one layer. */
import { CELL_PROBLEM, cellGuard, cellOwner, isUnguarded } from '../lib/cells.ts'
import type { TypeMask } from '../lib/metadata-types.ts'
import { severitiesOf } from '../lib/layer-severity.ts'
import type { Layer } from '../lib/layers.ts'
import { isMetadata, Owner } from '../lib/owners.ts'
import { mixRgb, type Pixel, pixelOf, type ReadToken, type Rgb, rgbColour } from './colours.ts'
import { guardStyle } from './guard-style.ts'
import { ownerStyle } from './owner-style.ts'

/** The colour of every cell byte (lib/cells.ts). */
export type CellColours = Uint32Array

export interface Palette {
  readonly layer: Layer
  readonly checkedTypes: TypeMask
  /** How much every cell byte matters (lib/layer-severity.ts); the largest wins a pixel. */
  readonly severities: Uint8Array
  /** 1 for every cell byte that is drawn over its neighbours where it is small: metadata must not be overlooked. */
  readonly prominent: Uint8Array
  /** For cells too small to bear a mark: danger and problems take the whole cell. */
  readonly flat: CellColours
  /** For cells that bear their marks beside their colour. */
  readonly boxed: CellColours
  /** The same for cells of a window that was refused: what is not metadata is washed with danger. */
  readonly flatRefused: CellColours
  readonly boxedRefused: CellColours
  /** Around the tiles. */
  readonly page: Pixel
  readonly tile: Pixel
  readonly tileRefused: Pixel
  readonly danger: Pixel
  /** Marks of what is wrong with a cell. */
  readonly ink: Pixel
  readonly frames: {
    readonly nothing: Pixel
    readonly fragments: Pixel
    readonly cached: Pixel
    readonly kept: Pixel
    readonly refused: Pixel
  }
}

const colours = (rgb: (cell: number) => Rgb): CellColours =>
  Uint32Array.from({ length: 256 }, (_, cell) => pixelOf(rgb(cell)))

/** @param checkedTypes what the options have checked: other metadata cannot be unguarded */
export function makePalette(read: ReadToken, layer: Layer, checkedTypes: TypeMask): Palette {
  const token = (name: string): Rgb => rgbColour({ token: name }, read)
  const pixel = (name: string): Pixel => pixelOf(token(name))
  const danger = token('danger')
  const ink = token('text')

  const boxedRgb = (cell: number): Rgb => {
    const owner = cellOwner(cell)
    if (layer === 'owner') return rgbColour(ownerStyle(owner).colour, read)
    return rgbColour(guardStyle(owner, cellGuard(cell), checkedTypes).colour, read)
  }
  const flatRgb = (cell: number): Rgb => {
    if (isUnguarded(cellGuard(cell))) return danger
    if (cell & CELL_PROBLEM) return ink
    // Small cells stand without gaps: guest data takes the shade that cells and gaps would come to.
    return isMetadata(cellOwner(cell)) ? boxedRgb(cell) : mixRgb(boxedRgb(cell), token('tile'), 0.32)
  }
  const refused = (rgb: Rgb, cell: number): Rgb => {
    const owner = cellOwner(cell)
    if (isMetadata(owner) || cell & CELL_PROBLEM) return rgb
    return mixRgb(rgb, danger, owner === Owner.free ? 0.09 : 0.13)
  }
  return {
    layer,
    checkedTypes,
    severities: severitiesOf(layer),
    prominent: Uint8Array.from({ length: 256 }, (_, cell) => (isMetadata(cellOwner(cell)) ? 1 : 0)),
    flat: colours(flatRgb),
    boxed: colours(boxedRgb),
    flatRefused: colours(cell => refused(flatRgb(cell), cell)),
    boxedRefused: colours(cell => refused(boxedRgb(cell), cell)),
    page: pixel('panel'),
    tile: pixel('tile'),
    tileRefused: pixelOf(mixRgb(token('tile'), danger, 0.06)),
    danger: pixelOf(danger),
    ink: pixelOf(ink),
    frames: {
      nothing: pixel('line'),
      fragments: pixel('frag'),
      cached: pixel('cached'),
      kept: pixel('kept'),
      refused: pixelOf(danger),
    },
  }
}
