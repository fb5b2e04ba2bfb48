/** Turns pixels into rectangles: runs of one colour in a row of pixels, joined with equal runs below them. */
import { type Pixel, rgbOf } from './colours.ts'

/** Row by row. */
export interface ColouredPicture {
  readonly width: number
  readonly height: number
  readonly pixels: Uint32Array
}

export interface TracedPicture {
  /** By colour, all of its rectangles as the data of one SVG path. */
  readonly paths: ReadonlyMap<Pixel, string>
  readonly rects: number
}

interface OpenRun {
  readonly x1: number
  readonly y0: number
  readonly colour: Pixel
}

/**
 * @param blank the colour that is left out: what lies behind the picture has it already
 * @param maxRects how many rectangles there may be
 * @returns undefined where there are more
 */
export function tracePicture(
  picture: ColouredPicture,
  blank: Pixel,
  maxRects: number,
): TracedPicture | undefined {
  const { width, height, pixels } = picture
  const parts = new Map<Pixel, string[]>()
  let rects = 0
  const close = (x0: number, { x1, y0, colour }: OpenRun, y1: number) => {
    rects++
    const data = `M${x0} ${y0}h${x1 - x0}v${y1 - y0}h${x0 - x1}z`
    const list = parts.get(colour)
    if (list) list.push(data)
    else parts.set(colour, [data])
  }
  let above = new Map<number, OpenRun>()
  for (let y = 0; y < height; y++) {
    const row = y * width
    const here = new Map<number, OpenRun>()
    for (let x = 0; x < width; ) {
      const x0 = x
      const colour = pixels[row + x]!
      while (x < width && pixels[row + x] === colour) x++
      if (colour === blank) continue
      const before = above.get(x0)
      const goesOn = before?.x1 === x && before.colour === colour
      here.set(x0, goesOn ? before : { x1: x, y0: y, colour })
      if (goesOn) above.delete(x0)
    }
    for (const [x0, run] of above) close(x0, run, y)
    if (rects + here.size > maxRects) return undefined
    above = here
  }
  for (const [x0, run] of above) close(x0, run, height)
  return { paths: new Map(Array.from(parts, ([colour, list]) => [colour, list.join('')])), rects }
}

export const cssOfPixel = (pixel: Pixel): string =>
  `#${rgbOf(pixel)
    .map(channel => channel.toString(16).padStart(2, '0'))
    .join('')}`
