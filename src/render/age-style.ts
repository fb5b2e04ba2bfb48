/** How long ago a window was used, on the map: the longer, the fainter; hollow where its bitmap is not in memory. */
import { ageHasBitmap, ageIsMetadata, AGE_STEPS, ageStep } from '../lib/age-bucket.ts'
import { formatCount } from '../lib/sizes.ts'
import { type CellStyle, Pattern } from './cell-style.ts'

const GLYPHS = ['1', '10', '100', '1k', '10k', '99k', '>']

/** What the step says after "window last used": "2 to 10 ticks ago". */
export function ageLabel(step: number): string {
  if (step < 0) return 'never'
  const last = AGE_STEPS[step] ?? Infinity
  if (step === 0) return '1 tick ago'
  const first = formatCount((AGE_STEPS[step - 1] ?? 0) + 1)
  return last === Infinity ? `${first} ticks ago and more` : `${first} to ${formatCount(last)} ticks ago`
}

/** @param value as lib/age-bucket.ts makes it */
export function ageStyle(value: number): CellStyle {
  const step = ageStep(value)
  const metadata = ageIsMetadata(value)
  if (step < 0)
    return {
      colour: { token: metadata ? 'muted' : 'free' },
      glyph: metadata ? '–' : '',
      label: 'window never used',
      pattern: metadata ? Pattern.hollow : Pattern.plain,
    }
  const faded = step * 0.11
  const bitmap = ageHasBitmap(value)
  return {
    // What is not metadata only shares the window: a wash of the same colour.
    colour: { token: 'ramp', mix: { token: 'tile', share: metadata ? faded : 0.72 + 0.24 * faded } },
    glyph: GLYPHS[step]!,
    label: `window last used ${ageLabel(step)}${bitmap ? ', bitmap in memory' : ''}`,
    pattern: metadata && !bitmap ? Pattern.hollow : Pattern.plain,
  }
}
