/**
 * The map's colours, as makePalette makes them from the page's own tokens, for people with normal vision and with the
 * common deficiencies. What has letters or a pattern of its own is told apart by that as well, but not from afar.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { AGE_STEPS, ageValue } from '../lib/age-bucket.ts'
import { cellGuard, cellOf, cellOwner, Guard, isUnguarded } from '../lib/cells.ts'
import { CELLS, PROMINENT } from '../lib/layer-cells.ts'
import { LAYERS } from '../lib/layers.ts'
import { isMetadata, Owner, OWNERS } from '../lib/owners.ts'
import { RefcountBucket } from '../lib/refcount-bucket.ts'
import { contrast, difference, luminance, VISIONS } from '../testing/colour-vision.ts'
import { mixRgb, type Rgb, rgbOf } from './colours.ts'
import { QUIET } from './draw-glyphs.ts'
import { layerKinds } from './layer-kinds.ts'
import { cellStyle } from './layer-style.ts'
import { makePalette, type Palette } from './palette.ts'

const css = readFileSync(new URL('../views/theme/tokens.css', import.meta.url), 'utf8')

/** The tokens of the block that begins with this selector. */
function tokensOf(selector: string): (token: string) => string {
  const start = css.indexOf(selector)
  const block = css.slice(css.indexOf('{', start), css.indexOf('}', start))
  const values = new Map(Array.from(block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g), m => [m[1]!, m[2]!]))
  return token => values.get(token)!
}

const THEMES = {
  light: tokensOf('[data-theme="light"] {'),
  dark: tokensOf('\n[data-theme="dark"] {'),
}
const CASES = (['light', 'dark'] as const).flatMap(theme =>
  Object.keys(VISIONS).map(vision => [theme, vision] as const),
)

/** Nobody takes danger for something else. */
const DANGER = 6.5
/** Structures, without their letters. */
const APART = 5
/** The same of kinds that few images have, beside others of a larger family. */
const RARE_APART = 3.2
const RARE: readonly number[] = [
  Owner.luksHeader,
  Owner.bitmapDirectory,
  Owner.bitmapTable,
  Owner.bitmapData,
  Owner.compressedData,
  Owner.leaked,
]
const CHECKED = 0x7f

/** Cells that a layer really has: each of its kinds, as some cell of it. */
function cellsOf(layer: (typeof LAYERS)[number]): number[] {
  return Array.from({ length: CELLS }, (_, cell) => cell).filter(cell => {
    const own = layerKinds(layer, CHECKED).some(kind => !kind.sign && kind.matches(cell))
    return own && cellOwner(cell) < 31
  })
}

const colourOf = (colours: Uint32Array, cell: number): Rgb => rgbOf(colours[cell]!)

describe.each(CASES)('in the %s theme with %s', (theme, name) => {
  const vision = VISIONS[name]!
  const palettes = Object.fromEntries(
    LAYERS.map(layer => [layer, makePalette(THEMES[theme], layer, CHECKED)]),
  ) as Record<(typeof LAYERS)[number], Palette>

  it.each(LAYERS)('danger is like nothing else in layer %s', layer => {
    const palette = palettes[layer]
    const danger = rgbOf(palette.danger)
    for (const colours of [palette.flat, palette.boxed, palette.flatRefused, palette.boxedRefused]) {
      const other = cellsOf(layer).filter(cell => !isUnguarded(cellGuard(cell)))
      const nearest = Math.min(...other.map(cell => difference(danger, colourOf(colours, cell), vision)))
      expect(nearest).toBeGreaterThanOrEqual(DANGER)
    }
    const { nothing, fragments, cached, kept } = palette.frames
    for (const frame of [nothing, fragments, cached, kept])
      expect(difference(danger, rgbOf(frame), vision)).toBeGreaterThanOrEqual(DANGER)
  })

  it('owners of metadata are told apart, and from what is not metadata, without their letters', () => {
    const { boxed } = palettes.owner
    for (const { code: a } of OWNERS.filter(({ code }) => isMetadata(code))) {
      for (const { code: b } of OWNERS.filter(({ code }) => code < a)) {
        const least = RARE.includes(a) || RARE.includes(b) ? RARE_APART : APART
        const apart = difference(colourOf(boxed, a), colourOf(boxed, b), vision)
        expect(apart, `${OWNERS[a]!.name} and ${OWNERS[b]!.name}`).toBeGreaterThanOrEqual(least)
      }
    }
  })

  it.each(LAYERS)('what looks alike but for its colour is far apart in layer %s', layer => {
    const kinds = layerKinds(layer, CHECKED).filter(({ sign }) => !sign)
    for (const [i, a] of kinds.entries()) {
      for (const b of kinds.slice(0, i)) {
        // A kind of which there is no cell under these options.
        const [of, against] = [a, b].map(kind => cellsOf(layer).find(cell => kind.matches(cell)))
        if (of === undefined || against === undefined) continue
        const [x, y] = [cellStyle(layer, of, CHECKED), cellStyle(layer, against, CHECKED)]
        const isTold = x.glyph !== y.glyph || x.pattern !== y.pattern
        const { boxed } = palettes[layer]
        const apart = difference(colourOf(boxed, of), colourOf(boxed, against), vision)
        expect(apart, `${a.id} and ${b.id}`).toBeGreaterThanOrEqual(isTold ? 0 : APART)
      }
    }
  })

  it('more references and later uses are further from the page, step by step', () => {
    const { refcount, age } = palettes
    const page = luminance(rgbOf(refcount.tile))
    const counts = [
      RefcountBucket.zero,
      RefcountBucket.one,
      RefcountBucket.two,
      RefcountBucket.upTo4,
      RefcountBucket.upTo8,
      RefcountBucket.upTo16,
      RefcountBucket.upTo256,
      RefcountBucket.upTo65534,
    ].map(bucket => colourOf(refcount.boxed, bucket))
    const uses = AGE_STEPS.toReversed().map(ticks =>
      colourOf(age.boxed, cellOf(ageValue(ticks, true, true), Guard.none)),
    )
    for (const ramp of [counts, uses]) {
      for (const [i, colour] of ramp.slice(1).entries()) {
        expect(difference(colour, ramp[i]!, vision)).toBeGreaterThanOrEqual(2.5)
        const further = Math.abs(luminance(colour) - page) - Math.abs(luminance(ramp[i]!) - page)
        expect(further).toBeGreaterThan(0)
      }
    }
  })
})

it.each(['light', 'dark'] as const)(
  'marks and figures stand out from their ground in the %s theme',
  theme => {
    for (const layer of LAYERS) {
      const palette = makePalette(THEMES[theme], layer, CHECKED)
      const tile = rgbOf(palette.tile)
      expect(contrast(rgbOf(palette.danger), tile)).toBeGreaterThanOrEqual(3)
      for (const cell of cellsOf(layer)) {
        const isOpen =
          cellStyle(layer, cell, CHECKED).pattern === 1 || cellStyle(layer, cell, CHECKED).pattern === 3
        const ground = isOpen ? tile : colourOf(palette.boxed, cell)
        const mark = colourOf(palette.marks, cell)
        expect(contrast(mark, ground)).toBeGreaterThanOrEqual(4.5)
        const share = palette.prominent[cell] || !palette.glyphs[cell] ? 0 : 1 - QUIET
        expect(contrast(mixRgb(mark, ground, share), ground)).toBeGreaterThanOrEqual(4.5)
      }
    }
    const { boxed, tile } = makePalette(THEMES[theme], 'owner', CHECKED)
    for (const { code } of OWNERS.filter(owner => PROMINENT.owner[owner.code])) {
      const least = RARE.includes(code) ? 1.8 : 3
      expect(contrast(colourOf(boxed, code), rgbOf(tile))).toBeGreaterThanOrEqual(least)
    }
  },
)
