/** Names the tiles: which window, how it is held, and where in the file it starts. */
import { formatCount } from '../lib/sizes.ts'
import { ageOf, heldOf, holdOf, type MapScene, unguardedIn } from './map-scene.ts'
import type { PixelRect } from './picture.ts'
import { isFar, tilePixels } from './tile-pixels.ts'
import type { Viewport } from './viewport.ts'
import { visibleWindows } from './visible-windows.ts'
import { Held } from '../lib/held.ts'
import { HELD_NAMES, isInDanger, wrongWords } from './window-hold.ts'

export interface CaptionStyle {
  readonly font: string
  /** CSS colours. */
  readonly text: string
  readonly muted: string
  readonly faint: string
  readonly danger: string
  /** Behind the name of a tile whose upper edge is out of sight; left out where such tiles bear no name. */
  readonly plate?: string
  /** Device pixels a CSS pixel. */
  readonly ratio: number
}

/** What is written over a tile, from the one that says most to the one that is shortest. */
export interface Caption {
  readonly name: string
  readonly held: string
  readonly offset: string
}

/**
 * @param held how the window is held, in ever fewer words
 * @returns the first of the captions that fits
 */
export function chooseCaption(
  window: string,
  held: readonly string[],
  offset: string,
  room: number,
  measure: (text: string) => number,
): Caption | undefined {
  const choices: readonly Caption[] = [
    { name: `Window ${window}`, held: held[0] ?? '', offset },
    ...held.flatMap(how => [
      { name: `Window ${window}`, held: how, offset: '' },
      { name: window, held: how, offset: '' },
    ]),
    { name: `Window ${window}`, held: '', offset: '' },
    { name: window, held: '', offset: '' },
  ]
  const gap = measure('n')
  return choices.find(({ name, held: how, offset: where }) => {
    const parts = [name, how, where].filter(part => part !== '')
    const width = parts.reduce((sum, part) => sum + measure(part), 0)
    return width + (parts.length - 1) * gap + (where ? gap : 0) <= room
  })
}

/** The least gutter, in CSS pixels, that holds a line of text between the frames above and below. */
const LEAST_GUTTER = 17
/** Tiles smaller than this (CSS pixels) bear no name. */
export const LEAST_CAPTIONED = 20

/**
 * @param offsetOf the host offset at which a window starts, as people read it
 * @param heldOf how a window is held, in ever fewer words; none where there is nothing to say
 */
export function drawCaptions(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  viewport: Viewport,
  style: CaptionStyle,
  texts: { offsetOf(window: number): string; heldOf(window: number, held: number): readonly string[] },
): void {
  if (isFar(scene.layout, viewport)) return
  const { gapY, tileSide } = tilePixels(scene.layout, viewport)
  const { ratio } = style
  // A picture of a single row has room above it whatever its gutter.
  const gutter = scene.layout.rows === 1 ? Number.POSITIVE_INFINITY : gapY
  if (gutter < LEAST_GUTTER * ratio || tileSide < LEAST_CAPTIONED * ratio) return
  const size = Math.min(12, Math.max(10, gutter / ratio - 8)) * ratio
  context.textBaseline = 'alphabetic'
  const bold = `600 ${size}px ${style.font}`
  const plain = `${size}px ${style.font}`
  const measure = (text: string) => context.measureText(text).width
  const pad = 4 * ratio
  for (const { window, rect } of visibleWindows(scene.layout, viewport)) {
    // What is seen of the tile is what there is room above.
    const left = Math.max(rect.x0, pad)
    const right = Math.min(rect.x1, viewport.width - pad)
    const above = rect.y0 - Math.min(8 * ratio, Math.max(5 * ratio, gapY * 0.3))
    const isAbove = above >= size
    if (!isAbove && !mayBePlated(scene, window, rect, size, style)) continue
    // Over its own cells it is short, so as to hide little.
    const inset = isAbove ? 0 : pad
    const held = texts.heldOf(window, heldOf(scene, window)).slice(isAbove ? 0 : -1)
    // Bold letters are the widest: what fits in them fits.
    context.font = bold
    const offset = isAbove ? texts.offsetOf(window) : ''
    const caption = chooseCaption(String(window), held, offset, right - left - 2 * inset, measure)
    if (!caption) continue
    const y = isAbove ? above : pad + size
    const x = left + inset
    const heldX = x + measure(caption.name) + size * 0.5
    if (!isAbove) {
      const end = caption.held === '' ? heldX - size * 0.5 : heldX + measure(caption.held)
      context.fillStyle = style.plate!
      context.fillRect(left, 0, end + inset - left, size + 2 * pad)
    }
    context.fillStyle = style.text
    context.textAlign = 'left'
    context.fillText(caption.name, x, y)
    context.font = plain
    context.fillStyle = isInDanger(holdOf(scene, window)) ? style.danger : style.muted
    context.fillText(caption.held, heldX, y)
    context.fillStyle = style.faint
    context.textAlign = 'right'
    context.fillText(caption.offset, right, y)
  }
}

/** Tiles from this size on (CSS pixels) bear their name within, where there is no room above: others have a named one near. */
const LEAST_PLATED = 240

/** A plate hides cells, which must not be what is unguarded. */
const mayBePlated = (scene: MapScene, window: number, tile: PixelRect, size: number, style: CaptionStyle) =>
  style.plate !== undefined &&
  tile.y1 - tile.y0 >= LEAST_PLATED * style.ratio &&
  tile.y1 > 3 * size &&
  unguardedIn(scene, window) === 0

/** How a window is held, in a word or two; '' for one that nothing is recorded in. */
const heldText = (scene: MapScene, held: number): string =>
  scene.withoutList ?? (held === Held.nothing ? '' : (HELD_NAMES[held] ?? ''))

/** How a window is held, in ever fewer words; where there is little room, what is wrong comes first. */
export function heldWords(scene: MapScene, window: number, held: number): readonly string[] {
  const words = [heldText(scene, held)].filter(word => word !== '')
  if (held === Held.cached) words.push(`age ${formatCount(ageOf(scene, window))}`)
  const wrong = wrongWords(holdOf(scene, window))
  const [worst] = wrong
  const short = worst ?? words[0] ?? ''
  const all = [...words, ...wrong].join(', ')
  return wrong.length < 2 ? [all, short] : [all, [...words, worst].join(', '), short]
}
