/** How what is wrong with a cluster looks on the map; what is in order recedes. */
import { isLeakedValue, isMetadataValue, Wrong, wrongOf } from '../lib/problem-value.ts'
import { type CellStyle, Pattern } from './cell-style.ts'

/** What can be wrong, the worst first: where several things are, the first gives the cluster its look. */
export const PROBLEM_STYLES = {
  claimedTwice: { colour: { token: 'text' }, glyph: '2×', label: 'claimed twice', pattern: Pattern.hatched },
  refcountWrong: {
    colour: { token: 'problem' },
    glyph: '≠',
    label: 'refcount wrong',
    pattern: Pattern.plain,
  },
  pastEnd: {
    colour: { token: 'problem', mix: { token: 'text', share: 0.45 } },
    glyph: '»',
    label: 'past the end of the file',
    pattern: Pattern.hollow,
  },
  leaked: { colour: { token: 'faint' }, glyph: 'lk', label: 'leaked', pattern: Pattern.ghost },
} as const satisfies Record<string, CellStyle>

export const SOUND_METADATA: CellStyle = {
  colour: { token: 'data', mix: { token: 'text', share: 0.18 } },
  glyph: '',
  label: 'metadata without a problem',
  pattern: Pattern.plain,
}
export const SOUND_DATA: CellStyle = {
  colour: { token: 'data', mix: { token: 'tile', share: 0.4 } },
  glyph: '',
  label: 'data without a problem',
  pattern: Pattern.plain,
}
const FREE: CellStyle = { colour: { token: 'free' }, glyph: '', label: 'free', pattern: Pattern.plain }

/** @param value as lib/problem-value.ts makes it */
export function problemStyle(value: number): CellStyle {
  if (value === 0) return FREE
  const wrong = wrongOf(value)
  if (wrong & Wrong.claimedTwice) return PROBLEM_STYLES.claimedTwice
  if (wrong & Wrong.refcountWrong) return PROBLEM_STYLES.refcountWrong
  if (isLeakedValue(value)) return PROBLEM_STYLES.leaked
  if (wrong & Wrong.pastEnd) return PROBLEM_STYLES.pastEnd
  return isMetadataValue(value) ? SOUND_METADATA : SOUND_DATA
}
