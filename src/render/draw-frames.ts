/** Frames the tiles: how a window is held, by colour and by line. */
import type { Ink, Inks } from './inks.ts'
import { dashRect, fillRect, type Picture, type PixelRect, strokeRect } from './picture.ts'
import type { TilePixels } from './tile-pixels.ts'
import { FRAME } from './window-hold.ts'

/** Narrower gutters than this (CSS pixels) have no room for more than a corner. */
const LEAST_FRAMED = 4

type Gutters = Pick<TilePixels, 'gapX' | 'gapY'>

/** Pixels of the gutter that frames are drawn in; 0 where there are none. */
export const frameGap = ({ gapX, gapY }: Gutters): number => Math.min(gapX, gapY)

/** Whether frames are no more than corners. */
export const hasCorners = (gutters: Gutters, unit: number): boolean =>
  frameGap(gutters) > 0 && frameGap(gutters) < LEAST_FRAMED * unit

/** Whether a frame's corner is a plain line below the tile and one right of it; others are none, or dashed. */
export const isCorner = (frame: number): boolean => frame !== FRAME.nothing && frame !== FRAME.refused

/**
 * Nothing: a hairline. Fragments: a line. Cached: a thick line. Kept: a double line. Refused: dashes.
 * Locked out: a line like that of fragments, in the colour of danger.
 * @param gap the gutter's width in pixels; a narrow one has no room for more than a corner
 */
export function drawFrame(
  picture: Picture,
  tile: PixelRect,
  gap: number,
  frame: number,
  inks: Inks,
  unit: number,
) {
  const ink = frameInk(frame, inks)
  if (gap < LEAST_FRAMED * unit) {
    drawCorner(picture, tile, gap, frame, ink)
    return
  }
  const away = Math.min(Math.floor(gap / 2) - unit, 4 * unit)
  const around = (distance: number): PixelRect => ({
    x0: tile.x0 - distance,
    y0: tile.y0 - distance,
    x1: tile.x1 + distance,
    y1: tile.y1 + distance,
  })
  if (frame === FRAME.refused)
    dashRect(picture, around(away), Math.min(2 * unit, away), 7 * unit, 5 * unit, ink)
  else if (frame === FRAME.cached) strokeRect(picture, around(away), Math.min(2 * unit, away), ink)
  else if (frame === FRAME.kept && away >= 3 * unit) {
    strokeRect(picture, around(away), unit, ink)
    strokeRect(picture, around(away - 2 * unit), unit, ink)
  } else strokeRect(picture, around(away), unit, ink)
}

/** The gutter right of and below the tile: enough to tell the states apart where tiles are small. */
function drawCorner(picture: Picture, tile: PixelRect, gap: number, frame: number, ink: Ink) {
  const { x0, y0, x1, y1 } = tile
  if (gap < 1 || frame === FRAME.nothing) return
  if (isCorner(frame)) {
    fillRect(picture, x0, y1, x1, y1 + 1, ink)
    fillRect(picture, x1, y0, x1 + 1, y1, ink)
    return
  }
  for (let x = x0; x < x1; x += DASH + 1) fillRect(picture, x, y1, Math.min(x + DASH, x1), y1 + 1, ink)
  for (let y = y0; y < y1; y += DASH + 1) fillRect(picture, x1, y, x1 + 1, Math.min(y + DASH, y1), ink)
}

/** Pixels of a dash of a small corner. */
const DASH = 3

export function frameInk(frame: number, { frames }: Inks): Ink {
  if (frame === FRAME.refused || frame === FRAME.lockedOut) return frames.refused
  if (frame === FRAME.kept) return frames.kept
  if (frame === FRAME.cached) return frames.cached
  return frame === FRAME.fragments ? frames.fragments : frames.nothing
}
