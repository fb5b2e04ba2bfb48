import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LineMap, NO_CELL } from './kernel.ts'
import { makePicture } from '../picture.ts'
import { plainKernel } from './plain-kernel.ts'
import { makeWasmKernel } from './wasm-kernel.ts'

const kernel = makeWasmKernel(2 ** 18)
const PAGE = 7

/** Pixels of a tile: each cell some of them, with nothing behind some, and a gutter. */
const lineMaps = (side: number) =>
  fc
    .record({
      widths: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: side, maxLength: side }),
      gap: fc.integer({ min: 0, max: 2 }),
      gutter: fc.integer({ min: 0, max: 20 }),
    })
    .map(({ widths, gap, gutter }): LineMap => {
      const cells = widths.flatMap((width, cell) =>
        Array.from({ length: width }, (_, i) => (i > 0 && i >= width - gap ? NO_CELL : cell)),
      )
      const all = [...cells, ...Array.from({ length: gutter }, () => NO_CELL)]
      const inks = all.map((cell, i) => (cell !== NO_CELL ? 0 : i < cells.length ? 9 : PAGE))
      return { cells: Uint8Array.from(all), inks: Uint8Array.from(inks) }
    })

const bands = fc.constantFrom(4, 8, 16, 32, 64).chain(side =>
  fc.record({
    side: fc.constant(side),
    width: fc.integer({ min: 1, max: 400 }),
    maps: fc.array(lineMaps(side), { minLength: 1, maxLength: 3 }),
    tiles: fc.integer({ min: 1, max: 6 }),
    from: fc.integer({ min: -150, max: 30 }),
    lines: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2 * side, maxLength: 2 * side }),
    seed: fc.nat(),
  }),
)

describe('the kernel in WebAssembly', () => {
  it('leaves to the plain one what its memory is too small for', () => {
    const width = 2 ** 21
    const pixels = new Uint8Array(width).map((_, i) => i % 5)
    const colours = Uint32Array.from({ length: 256 }, (_, ink) => (ink === 0 ? 0 : 0xff000000 + ink))
    const coloured = new Uint32Array(width)
    kernel.colour({ width, height: 1, pixels }, colours, coloured)
    expect(coloured.findIndex((colour, i) => colour !== colours[i % 5])).toBe(-1)
  })

  it('colours as the plain one does, with few inks and with many', () => {
    const pictures = fc.record({
      width: fc.integer({ min: 1, max: 70 }),
      height: fc.integer({ min: 1, max: 9 }),
      inks: fc.constantFrom(2, 16, 17, 64, 65, 256),
      isStriped: fc.boolean(),
      seed: fc.nat(),
    })
    fc.assert(
      fc.property(pictures, ({ width, height, inks, isStriped, seed }) => {
        const pixels = Uint8Array.from(
          { length: width * height },
          (_, i) => (Math.imul((isStriped ? i % width : i) + seed, 2654435761) >>> 8) % inks,
        )
        const colours = Uint32Array.from({ length: 256 }, (_, ink) =>
          ink === 0 ? 0 : (0xff000000 | Math.imul(ink, 0x9e3779)) >>> 0,
        )
        const [own] = kernel.makePictures(width, height, 1)
        own!.pixels.set(pixels)
        const [fast, fastest, plain] = [
          [kernel, { width, height, pixels }] as const,
          [kernel, own!] as const,
          [plainKernel, { width, height, pixels }] as const,
        ].map(([each, picture]) => {
          const coloured = new Uint32Array(width * height)
          each.colour(picture, colours, coloured)
          return coloured
        })
        expect(fast).toEqual(plain)
        expect(fastest).toEqual(plain)
      }),
      { numRuns: 300 },
    )
  })

  it('colours pictures of more pixels than it takes at once', () => {
    const [width, height] = [777, 100]
    const pixels = Uint8Array.from({ length: width * height }, (_, i) => (i * 7 + (i >> 9)) % 19)
    const colours = Uint32Array.from({ length: 256 }, (_, ink) => (ink === 0 ? 0 : 0xff000000 + ink))
    const coloured = new Uint32Array(width * height)
    kernel.colour({ width, height, pixels }, colours, coloured)
    expect(coloured.findIndex((colour, i) => colour !== colours[pixels[i]!])).toBe(-1)
  })

  it('paints bands as the plain one does', () => {
    fc.assert(
      fc.property(bands, ({ side, width, maps, tiles, from, lines, seed }) => {
        const height = lines.reduce((sum, count) => sum + count, 0) + 2
        let x = from
        const places = Int32Array.from(
          Array.from({ length: tiles }, (_, i) => {
            const place = [x, i % maps.length]
            x += maps[i % maps.length]!.cells.length + (i % 3)
            return place
          }).flat(),
        )
        // Of some, most rows are alike.
        const cells = Uint8Array.from({ length: tiles * side * side }, (_, i) =>
          seed % 2 && i % 97 ? Math.floor(i / side / 5) : Math.imul(i + seed, 2654435761) >>> 24,
        )
        const cut = side * side * (seed % tiles)
        const band = {
          side,
          tiles: [cells.subarray(0, cut), cells.subarray(cut)],
          maps,
          places,
          rows: Int32Array.from(lines),
          gapLine: new Uint8Array(width).fill(11),
          page: PAGE,
        }
        const [, own] = kernel.makePictures(width, height, 2)
        const [fast, fastest, plain] = [
          [kernel, makePicture(width, height)] as const,
          [kernel, own!] as const,
          [plainKernel, makePicture(width, height)] as const,
        ].map(([each, picture]) => {
          picture.pixels.fill(200)
          each.band(picture, 1, band)
          return [...picture.pixels]
        })
        expect(fast).toEqual(plain)
        expect(fastest).toEqual(plain)
      }),
      { numRuns: 200 },
    )
  })
})
