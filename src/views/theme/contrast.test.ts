/** The colours of tokens.css against the surfaces they stand on (WCAG 2.2, 1.4.3 and 1.4.11). */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')

type Tokens = Readonly<Record<string, string>>

/** The tokens of the block that begins with this selector. */
function tokens(selector: string): Tokens {
  const start = css.indexOf(selector)
  expect(start).toBeGreaterThanOrEqual(0)
  const block = css.slice(css.indexOf('{', start), css.indexOf('}', start))
  return Object.fromEntries(Array.from(block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g), m => [m[1]!, m[2]!]))
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map(at => {
    const v = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

const THEMES = [
  ['light', tokens('[data-theme="light"] {')],
  ['dark', tokens('\n[data-theme="dark"] {')],
] as const

const TEXT = ['text', 'muted', 'faint', 'accent', 'danger', 'kept']
const GRAPHICS = [
  'ramp',
  'problem',
  'header',
  'rt',
  'rb',
  'l1',
  'l2',
  'st',
  'il1',
  'il2',
  'bm',
  'cached',
  'frag',
  'field-line',
]

it.each(THEMES)('text is readable in the %s theme', (_, theme) => {
  for (const name of TEXT)
    for (const surface of ['panel', 'bg'])
      expect(contrast(theme[name]!, theme[surface]!), `${name} on ${surface}`).toBeGreaterThanOrEqual(4.5)
  expect(contrast(theme['on-accent']!, theme['accent']!)).toBeGreaterThanOrEqual(4.5)
  expect(contrast(theme['muted']!, theme['free']!)).toBeGreaterThanOrEqual(4.5)
})

it.each(THEMES)('structures stand out in the %s theme', (_, theme) => {
  for (const name of GRAPHICS)
    for (const surface of ['panel', 'tile'])
      expect(contrast(theme[name]!, theme[surface]!), `${name} on ${surface}`).toBeGreaterThanOrEqual(3)
})

it('is dark in the same colours by choice and by the system', () => {
  const system = css.slice(css.indexOf('@media (prefers-color-scheme: dark)'))
  const block = system.slice(system.indexOf('{', 50), system.indexOf('}'))
  const bySystem = Object.fromEntries(
    Array.from(block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g), m => [m[1]!, m[2]!]),
  )
  expect(bySystem).toEqual(THEMES[1][1])
})
