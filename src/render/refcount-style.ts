/** How stored refcounts look on the map: the more references, the further from the page; the usual ones recede. */
import { RefcountBucket, REFCOUNT_BUCKETS } from '../lib/refcount-bucket.ts'
import { type CellStyle, Pattern } from './cell-style.ts'
import type { ColourRecipe } from './colours.ts'

const mixed = (share: number, token = 'tile'): ColourRecipe => ({
  token: 'ramp',
  mix: { token, share },
})

type Look = Omit<CellStyle, 'label'>

const LOOKS: Readonly<Record<keyof typeof RefcountBucket, Look>> = {
  zero: { colour: { token: 'free' }, glyph: '0', pattern: Pattern.plain },
  noBlock: { colour: { token: 'tile' }, glyph: '', pattern: Pattern.hollow },
  one: { colour: { token: 'data' }, glyph: '1', pattern: Pattern.plain },
  two: { colour: mixed(0.38), glyph: '2', pattern: Pattern.plain },
  upTo4: { colour: mixed(0.22), glyph: '≤4', pattern: Pattern.plain },
  upTo8: { colour: mixed(0.08), glyph: '≤8', pattern: Pattern.plain },
  upTo16: { colour: mixed(0.1, 'text'), glyph: '16', pattern: Pattern.plain },
  upTo256: { colour: mixed(0.3, 'text'), glyph: '256', pattern: Pattern.plain },
  upTo65534: { colour: mixed(0.5, 'text'), glyph: '64k', pattern: Pattern.plain },
  above: { colour: mixed(0.7, 'text'), glyph: '>64k', pattern: Pattern.plain },
  most: { colour: mixed(0.85, 'text'), glyph: 'max', pattern: Pattern.hatched },
  unknown: { colour: { token: 'muted' }, glyph: '×', pattern: Pattern.ghost },
}

const STYLES: readonly CellStyle[] = REFCOUNT_BUCKETS.map(({ name, label }) => ({
  ...LOOKS[name],
  label: `refcount ${label}`,
}))

/** @param value a RefcountBucket; others look like 0 */
export const refcountStyle = (value: number): CellStyle => STYLES[value] ?? STYLES[RefcountBucket.zero]!
