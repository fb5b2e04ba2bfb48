/** How protection looks on the map and in the legend. Danger is the colour of "unguarded" and of no owner. */
import { Guard } from '../lib/cells.ts'
import type { TypeMask } from '../lib/metadata-types.ts'
import { isMetadata, OWNERS, Owner } from '../lib/owners.ts'
import type { ColourRecipe } from './colours.ts'

export interface GuardStyle {
  readonly colour: ColourRecipe
  /** '' where there is nothing to guard. */
  readonly glyph: string
  readonly label: string
  /** The same in a word or two. */
  readonly short: string
}

export const GUARDED: GuardStyle = {
  colour: { token: 'accent' },
  glyph: '✓',
  label: 'guarded',
  short: 'guarded',
}
export const LOST: GuardStyle = {
  colour: { token: 'danger' },
  glyph: '!',
  label: 'unguarded: not recorded',
  short: 'not recorded',
}
export const LOCKED_OUT: GuardStyle = {
  colour: { token: 'danger' },
  glyph: '?',
  label: 'unguarded: locked out',
  short: 'locked out',
}
export const TYPE_NOT_CHECKED: GuardStyle = {
  colour: { token: 'muted' },
  glyph: '–',
  label: 'of a type that is not checked',
  short: 'not checked',
}
/** Bitmaps and the LUKS header. */
export const NOT_KNOWN: GuardStyle = {
  colour: { token: 'muted', mix: { token: 'tile', share: 0.4 } },
  glyph: '·',
  label: 'of a type the 2015 engine does not know',
  short: 'not known',
}
export const NOT_METADATA: GuardStyle = {
  colour: { token: 'data', mix: { token: 'tile', share: 0.4 } },
  glyph: '',
  label: 'not metadata',
  short: 'not metadata',
}
export const FREE: GuardStyle = { colour: { token: 'free' }, glyph: '', label: 'free', short: 'free' }

/** What the protection layer shows for a cluster of this owner with this guard. */
export function guardStyle(owner: number, guard: number, checkedTypes: TypeMask): GuardStyle {
  if (guard === Guard.guarded) return GUARDED
  if (guard === Guard.lost) return LOST
  if (guard === Guard.lockedOut) return LOCKED_OUT
  if (!isMetadata(owner)) return owner === Owner.free ? FREE : NOT_METADATA
  const type = OWNERS[owner]?.type ?? 0
  return type !== 0 && (type & checkedTypes) === 0 ? TYPE_NOT_CHECKED : NOT_KNOWN
}
