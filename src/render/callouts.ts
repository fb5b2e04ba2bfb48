/** Which unguarded cells are pointed out on the map, because they are easily missed, and how far that reaches. */
import type { Marks } from './marks.ts'
import type { PixelRect } from './picture.ts'

export interface Callout {
  /** The cells it points at: one, or some of one window that are near to each other. */
  readonly rect: PixelRect
  /** Their window's tile; undefined where tiles are too small to hold a box. */
  readonly tile: PixelRect | undefined
}

/** Boxes around more than this would hide what they point at. */
const MAX_CALLOUTS = 12
/** Tiles smaller than this (CSS pixels) hold no box. */
const LEAST_TILE = 24

export interface CalloutChoice {
  /** Device pixels a CSS pixel. */
  readonly ratio: number
  /** The pixels of a window's tile; undefined where windows are not drawn as tiles. */
  tileOf(window: number): PixelRect | undefined
}

/** Cells of this size (CSS pixels) and more speak for themselves. */
const LARGEST = 9
/** Those of a window that are nearer to each other than this (CSS pixels) share a box. */
const APART = 30

/** More than this are not overlooked. */
const MANY = 200

/** Where unguarded cells deserve to be pointed out: few, and small. */
export function chooseCallouts(
  found: Pick<Marks, 'total' | 'list'>,
  { ratio, tileOf }: CalloutChoice,
): readonly Callout[] {
  if (found.total > MANY) return []
  const marks = found.list()
  if (marks.some(mark => mark.x1 - mark.x0 >= LARGEST * ratio)) return []
  const groups: { readonly window: number; rect: PixelRect }[] = []
  for (const mark of marks) {
    const { window } = mark.place
    // What stands between two windows is not to be in a box, nor a window that is guarded.
    const group = groups.find(each => each.window === window && distance(each.rect, mark) < APART * ratio)
    if (group) group.rect = union(group.rect, mark)
    else groups.push({ window, rect: mark })
    if (groups.length > MAX_CALLOUTS) return []
  }
  return groups.map(({ window, rect }) => {
    const tile = tileOf(window)
    return { rect, tile: tile && tile.x1 - tile.x0 >= LEAST_TILE * ratio ? tile : undefined }
  })
}

/** Between the cells and the box, and half the least side of it (CSS pixels). */
const DISTANCE = 6
const LEAST_HALF = 11
/** How far a box may reach over its tile's edge: not to the frame around it, let alone the caption. */
const OVER_EDGE = 1 / 60

/** The box around a callout's cells, within its tile; undefined where there is no room for one. */
export function calloutBox({ rect, tile }: Callout, ratio: number): PixelRect | undefined {
  if (!tile) return undefined
  const over = Math.min(2.5 * ratio, (tile.x1 - tile.x0) * OVER_EDGE)
  const side = (from: number, to: number, least: number, most: number) => {
    const middle = (from + to) / 2
    const half = Math.max((to - from) / 2 + DISTANCE * ratio, LEAST_HALF * ratio)
    return [Math.max(least - over, middle - half), Math.min(most + over, middle + half)] as const
  }
  const [x0, x1] = side(rect.x0, rect.x1, tile.x0, tile.x1)
  const [y0, y1] = side(rect.y0, rect.y1, tile.y0, tile.y1)
  return { x0, y0, x1, y1 }
}

/** Pixels between two rectangles along the axis on which they are further apart. */
const distance = (a: PixelRect, b: PixelRect) => Math.max(a.x0 - b.x1, b.x0 - a.x1, a.y0 - b.y1, b.y0 - a.y1)

const union = (a: PixelRect, b: PixelRect): PixelRect => ({
  x0: Math.min(a.x0, b.x0),
  y0: Math.min(a.y0, b.y0),
  x1: Math.max(a.x1, b.x1),
  y1: Math.max(a.y1, b.y1),
})
