import { describe, expect, it } from 'vitest'
import { cellOf, Guard } from '../lib/cells.ts'
import { Owner, OWNERS } from '../lib/owners.ts'
import { readTestToken, testPalette } from '../testing/map-scene.ts'
import { cssColour, inkOn, parseColour, pixelOf, rgbColour, rgbOf } from './colours.ts'
import { guardStyle, NOT_KNOWN, TYPE_NOT_CHECKED } from './guard-style.ts'
import { ownerStyle } from './owner-style.ts'

describe('palette', () => {
  it('gives every owner a colour of its own, and metadata a glyph of its own', () => {
    const { boxed } = testPalette('owner')
    expect(new Set(OWNERS.map(({ code }) => boxed[code])).size).toBe(OWNERS.length)
    const glyphs = OWNERS.filter(({ code }) => code >= Owner.header).map(({ code }) => ownerStyle(code).glyph)
    expect(new Set(glyphs).size).toBe(glyphs.length)
    expect(glyphs).not.toContain('')
  })

  it('paints what is unguarded in the colour of danger, and no owner in it', () => {
    for (const layer of ['owner', 'protection'] as const) {
      const { flat, danger } = testPalette(layer)
      for (const { code } of OWNERS) {
        expect(flat[cellOf(code, Guard.lost)]).toBe(danger)
        expect(flat[cellOf(code, Guard.lockedOut)]).toBe(danger)
        expect(flat[cellOf(code, Guard.none)]).not.toBe(danger)
        expect(flat[cellOf(code, Guard.guarded)]).not.toBe(danger)
      }
    }
  })

  it('washes free space and data of a refused window, and leaves its metadata alone', () => {
    const { flat, flatRefused } = testPalette()
    expect(flatRefused[Owner.free]).not.toBe(flat[Owner.free])
    expect(flatRefused[Owner.guestData]).not.toBe(flat[Owner.guestData])
    const l2 = cellOf(Owner.activeL2, Guard.guarded)
    expect(flatRefused[l2]).toBe(flat[l2])
  })

  it('tells a type that is not checked from one the engine does not know', () => {
    expect(guardStyle(Owner.inactiveL2, Guard.none, 0x7f)).toBe(TYPE_NOT_CHECKED)
    expect(guardStyle(Owner.bitmapTable, Guard.none, 0xff)).toBe(NOT_KNOWN)
  })
})

describe('colours', () => {
  it('reads what a style sheet may hold', () => {
    expect(parseColour(' #0b62cf')).toEqual([11, 98, 207])
    expect(parseColour('#fA0')).toEqual([255, 170, 0])
    expect(parseColour('rgb(1, 2, 3)')).toEqual([1, 2, 3])
    expect(parseColour('rgb(20 28 38 / 32%)')).toEqual([20, 28, 38])
    expect(() => parseColour('var(--x)')).toThrow('not a colour')
  })

  it('packs pixels as ImageData lays them out', () => {
    const bytes = new Uint8Array(Uint32Array.of(pixelOf([1, 2, 3])).buffer)
    expect([...bytes]).toEqual([1, 2, 3, 255])
    expect(rgbOf(pixelOf([1, 2, 3]))).toEqual([1, 2, 3])
  })

  it('says the same mixture to CSS as it paints', () => {
    const recipe = { token: 'data', mix: { token: 'text', share: 0.25 } }
    expect(cssColour(recipe)).toBe('color-mix(in srgb, var(--data) 75%, var(--text))')
    expect(rgbColour(recipe, readTestToken)).toEqual([146, 155, 166])
  })

  it('letters in black on light and in white on dark', () => {
    expect(inkOn([255, 255, 255])).toBe('#000000')
    expect(inkOn([255, 211, 92])).toBe('#000000')
    expect(inkOn([11, 98, 207])).toBe('#ffffff')
  })
})
