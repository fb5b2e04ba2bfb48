/** How each owner looks on the map and beside its name: a colour, and letters where there is room. */
import { OWNERS, type OwnerName } from '../lib/owners.ts'
import { type ColourRecipe, cssColour } from './colours.ts'

export interface OwnerStyle {
  readonly colour: ColourRecipe
  /** Two letters at most; '' for what is not metadata. */
  readonly glyph: string
}

const style = (token: string, glyph = '', mixToken?: string, share = 0): OwnerStyle => ({
  colour: mixToken ? { token, mix: { token: mixToken, share } } : { token },
  glyph,
})

/** One family of hue a structure; within a family, glyphs tell apart what shades alone might not. */
const STYLES: Readonly<Record<OwnerName, OwnerStyle>> = {
  free: style('free'),
  leaked: style('faint'),
  guestData: style('data'),
  compressedData: style('data', '', 'text', 0.3),
  zeroData: style('data', '', 'tile', 0.45),
  header: style('header', 'H'),
  refcountTable: style('rt', 'RT'),
  refcountBlock: style('rb', 'RB'),
  activeL1: style('l1', 'L1'),
  activeL2: style('l2', 'L2'),
  snapshotTable: style('st', 'ST'),
  inactiveL1: style('il1', 'i1'),
  inactiveL2: style('il2', 'i2'),
  bitmapDirectory: style('bm', 'BD'),
  bitmapTable: style('bm', 'BT', 'text', 0.42),
  bitmapData: style('bm', 'BM', 'tile', 0.3),
  luksHeader: style('header', 'LU', 'text', 0.5),
}

const BY_CODE: readonly OwnerStyle[] = OWNERS.map(owner => STYLES[owner.name])

/** @param owner an OwnerCode; others look like free clusters */
export const ownerStyle = (owner: number): OwnerStyle => BY_CODE[owner] ?? STYLES.free

/** The owner's colour as CSS. */
export const ownerColour = (owner: number): string => cssColour(ownerStyle(owner).colour)
