/** Makes unguarded metadata shout: at every size, over everything else. */
import { cellGuard, Guard } from '../lib/cells.ts'
import type { Mark, Marks } from './marks.ts'
import type { Ink, Inks } from './inks.ts'
import { fillRect, hatchRect, type Picture, type PixelRect, strokeRect } from './picture.ts'

/** Cells below this (CSS pixels) are danger all over; larger ones keep their colour under a hatch. */
const HATCHED_FROM = 7
/** No mark is smaller than this (CSS pixels). */
const SMALLEST = 4
/** Smaller cells (CSS pixels) have no room for a ring. */
const RINGED_FROM = 5
/** Between a cell and its ring (CSS pixels). */
const RING_DISTANCE = 2
/** More unguarded cells than this are seen without rings. */
const MAX_RINGS = 2000

/** @param tileOf the pixels of a window's tile; undefined where windows are not drawn as tiles */
export function drawMarks(
  picture: Picture,
  marks: Marks,
  inks: Inks,
  unit: number,
  tileOf: (window: number) => PixelRect | undefined,
): void {
  if (marks.total <= MAX_RINGS) drawRings(picture, marks, inks, unit, tileOf)
  marks.forEach((x0, y0, x1, y1, cell) => {
    if (Math.min(x1 - x0, y1 - y0) < HATCHED_FROM * unit) drawSmall(picture, x0, y0, x1, y1, cell, inks, unit)
    else drawLarge(picture, { x0, y0, x1: x1 - unit, y1: y1 - unit }, cell, inks, unit)
  })
}

/** Around groups of cells rather than each: what one ring lays over a neighbour is painted again after it. */
function drawRings(
  picture: Picture,
  marks: Marks,
  inks: Inks,
  unit: number,
  tileOf: (window: number) => PixelRect | undefined,
) {
  const ringed = marks.list().filter(({ x0, x1 }) => x1 - x0 >= RINGED_FROM * unit)
  const grown = ({ x0, y0, x1, y1, place }: Mark, by: number, ink: Ink) => {
    const tile = tileOf(place.window)
    // A cell's own gap is at its right and bottom.
    const box = { x0: x0 - by, y0: y0 - by, x1: x1 - unit + by, y1: y1 - unit + by }
    // Past the tile's edge are its frame and its caption.
    const { x0: left, y0: top, x1: right, y1: bottom } = tile ? within(box, tile) : box
    fillRect(picture, left, top, right, bottom, ink)
  }
  for (const mark of ringed) {
    const thickness = Math.max(unit, Math.min(2 * unit, Math.round((mark.x1 - mark.x0) / 6)))
    grown(mark, RING_DISTANCE * unit + thickness, inks.danger)
  }
  for (const mark of ringed) grown(mark, RING_DISTANCE * unit, inks.page)
}

const within = (box: PixelRect, bounds: PixelRect): PixelRect => ({
  x0: Math.max(box.x0, bounds.x0),
  y0: Math.max(box.y0, bounds.y0),
  x1: Math.min(box.x1, bounds.x1),
  y1: Math.min(box.y1, bounds.y1),
})

/** What is lost is full of danger; what is only locked out has its owner's colour in the middle. */
function drawSmall(
  picture: Picture,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  cell: number,
  { danger, boxed }: Inks,
  unit: number,
) {
  const missing = Math.max(0, SMALLEST * unit - Math.min(x1 - x0, y1 - y0))
  const before = missing >> 1
  const after = missing - before
  const left = x0 - before
  const top = y0 - before
  const right = x1 + after
  const bottom = y1 + after
  fillRect(picture, left, top, right, bottom, danger)
  if (cellGuard(cell) !== Guard.lost)
    fillRect(picture, left + unit, top + unit, right - unit, bottom - unit, boxed[cell]!)
}

function drawLarge(picture: Picture, box: PixelRect, cell: number, inks: Inks, unit: number) {
  const lost = cellGuard(cell) === Guard.lost
  const side = Math.min(box.x1 - box.x0, box.y1 - box.y0) + unit
  // Rings may have been laid over it.
  fillRect(picture, box.x0, box.y0, box.x1, box.y1, inks.boxed[cell]!)
  const stripe = Math.max(unit, Math.round(side / 9))
  if (lost) hatchRect(picture, box, stripe, 3 * stripe, inks.danger)
  strokeRect(picture, box, Math.max(unit, Math.round(side / (lost ? 12 : 7))), inks.danger)
}
