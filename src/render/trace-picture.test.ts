import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ColouredPicture, cssOfPixel, tracePicture } from './trace-picture.ts'

const BLANK = 0xffffffff

const makePicture = (width: number, height: number): ColouredPicture => ({
  width,
  height,
  pixels: new Uint32Array(width * height),
})

/** What is beside the picture is not painted. */
function fillRect({ width, height, pixels }: ColouredPicture, ...[x0, y0, x1, y1, colour]: number[]): void {
  for (let y = y0!; y < Math.min(height, y1!); y++)
    pixels.fill(colour!, y * width + x0!, y * width + Math.min(width, x1!))
}

/** The rectangles painted again. */
function painted(paths: ReadonlyMap<number, string>, width: number, height: number): ColouredPicture {
  const picture = makePicture(width, height)
  picture.pixels.fill(BLANK)
  for (const [colour, data] of paths)
    for (const [, x, y, w, h] of data.matchAll(/M(\d+) (\d+)h(\d+)v(\d+)h-\d+z/g)) {
      const [x0, y0] = [Number(x), Number(y)]
      fillRect(picture, x0, y0, x0 + Number(w), y0 + Number(h), colour)
    }
  return picture
}

test('rectangles painted again are the picture', () => {
  const box = fc.record({
    x: fc.nat(30),
    y: fc.nat(20),
    width: fc.nat(12),
    height: fc.nat(12),
    colour: fc.constantFrom(0xff0000ff, 0xff00ff00, BLANK),
  })
  fc.assert(
    fc.property(fc.array(box, { maxLength: 30 }), boxes => {
      const picture = makePicture(32, 24)
      picture.pixels.fill(BLANK)
      for (const { x, y, width, height, colour } of boxes)
        fillRect(picture, x, y, x + width, y + height, colour)
      const traced = tracePicture(picture, BLANK, 10_000)
      expect(painted(traced!.paths, 32, 24).pixels).toEqual(picture.pixels)
    }),
  )
})

test('what is a rectangle becomes one, and too many become none', () => {
  const picture = makePicture(40, 40)
  fillRect(picture, 3, 4, 20, 30, 0xff1f2fcf)
  expect(tracePicture(picture, 0, 1)).toEqual({
    paths: new Map([[0xff1f2fcf, 'M3 4h17v26h-17z']]),
    rects: 1,
  })
  fillRect(picture, 30, 4, 31, 5, 0xff1f2fcf)
  expect(tracePicture(picture, 0, 1)).toBeUndefined()
  expect(cssOfPixel(0xff1f2fcf)).toBe('#cf2f1f')
})
