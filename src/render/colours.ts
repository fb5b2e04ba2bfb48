/**
 * Colours as the page's style sheet names them, once for CSS (legend, inspector) and once as the number
 * a picture's pixel holds, from one definition, so that the two cannot drift apart.
 */

/** A token of the style sheet (`l2` is `--l2`), perhaps mixed with a second one. */
export interface ColourRecipe {
  readonly token: string
  readonly mix?: {
    readonly token: string
    /** How much of the second token there is in the mixture, 0 to 1. */
    readonly share: number
  }
}

/** Red, green and blue, 0 to 255 each. */
export type Rgb = readonly [red: number, green: number, blue: number]

/** A pixel as a little-endian Uint32Array over ImageData holds it: 0xAABBGGRR, opaque. */
export type Pixel = number

/** @returns the value of a token as the style sheet gives it, without the leading dashes */
export type ReadToken = (token: string) => string

/** The colour as CSS. */
export function cssColour({ token, mix }: ColourRecipe): string {
  if (!mix) return `var(--${token})`
  const percent = Math.round((1 - mix.share) * 100)
  return `color-mix(in srgb, var(--${token}) ${percent}%, var(--${mix.token}))`
}

export function rgbColour({ token, mix }: ColourRecipe, read: ReadToken): Rgb {
  const base = parseColour(read(token))
  return mix ? mixRgb(base, parseColour(read(mix.token)), mix.share) : base
}

export const pixelColour = (recipe: ColourRecipe, read: ReadToken): Pixel => pixelOf(rgbColour(recipe, read))

/** @param share of b in the mixture, 0 to 1 */
export function mixRgb(a: Rgb, b: Rgb, share: number): Rgb {
  const channel = (i: 0 | 1 | 2) => Math.round(a[i] + (b[i] - a[i]) * share)
  return [channel(0), channel(1), channel(2)]
}

export const pixelOf = ([red, green, blue]: Rgb): Pixel =>
  (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0

export const rgbOf = (pixel: Pixel): Rgb => [pixel & 0xff, (pixel >> 8) & 0xff, (pixel >> 16) & 0xff]

/**
 * Reads `#rgb`, `#rrggbb` and `rgb(…)`.
 * @throws Error for anything else: the style sheet is ours
 */
export function parseColour(text: string): Rgb {
  const value = text.trim().toLowerCase()
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/.exec(value)?.[1]
  if (hex) {
    const digits = hex.length === 3 ? [...hex].map(digit => digit + digit).join('') : hex
    const number = Number.parseInt(digits, 16)
    return [number >> 16, (number >> 8) & 0xff, number & 0xff]
  }
  const channels = /^rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)/.exec(value)
  if (channels) return [Number(channels[1]), Number(channels[2]), Number(channels[3])]
  throw new Error(`not a colour that the map can draw: "${text}"`)
}

/** Black or white, whichever is read better on this colour (relative luminance as WCAG defines it). */
export function inkOn(background: Rgb): '#000000' | '#ffffff' {
  const linear = background.map(channel => {
    const c = channel / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  })
  const luminance = 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!
  // Where the contrast against black and against white is the same.
  return luminance > 0.179 ? '#000000' : '#ffffff'
}
