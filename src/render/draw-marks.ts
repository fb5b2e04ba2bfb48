/** Makes unguarded metadata shout: at every size, over everything else. */
import { cellGuard, Guard } from '../lib/cells.ts'
import type { Mark, Marks } from './marks.ts'
import type { Palette } from './palette.ts'
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

export function drawMarks(picture: Picture, marks: Marks, palette: Palette, unit: number) {
  if (marks.total <= MAX_RINGS) drawRings(picture, marks, palette, unit)
  for (const mark of marks.list) drawMark(picture, mark, palette, unit)
}

/** Around groups of cells rather than each: what one ring lays over a neighbour is painted again after it. */
function drawRings(picture: Picture, marks: Marks, palette: Palette, unit: number) {
  const ringed = marks.list.filter(({ x0, x1 }) => x1 - x0 >= RINGED_FROM * unit)
  const grown = ({ x0, y0, x1, y1, tile }: Mark, by: number, colour: number) => {
    // A cell's own gap is at its right and bottom.
    const box = { x0: x0 - by, y0: y0 - by, x1: x1 - unit + by, y1: y1 - unit + by }
    // Past the tile's edge are its frame and its caption.
    const { x0: left, y0: top, x1: right, y1: bottom } = tile ? within(box, tile) : box
    fillRect(picture, left, top, right, bottom, colour)
  }
  for (const mark of ringed) {
    const thickness = Math.max(unit, Math.min(2 * unit, Math.round((mark.x1 - mark.x0) / 6)))
    grown(mark, RING_DISTANCE * unit + thickness, palette.danger)
  }
  for (const mark of ringed) grown(mark, RING_DISTANCE * unit, palette.page)
}

const within = (box: PixelRect, bounds: PixelRect): PixelRect => ({
  x0: Math.max(box.x0, bounds.x0),
  y0: Math.max(box.y0, bounds.y0),
  x1: Math.min(box.x1, bounds.x1),
  y1: Math.min(box.y1, bounds.y1),
})

function drawMark(picture: Picture, mark: Mark, palette: Palette, unit: number) {
  const lost = cellGuard(mark.cell) === Guard.lost
  const side = Math.min(mark.x1 - mark.x0, mark.y1 - mark.y0)
  if (side < HATCHED_FROM * unit) {
    const missing = Math.max(0, SMALLEST * unit - side)
    const before = missing >> 1
    const after = missing - before
    const box = { x0: mark.x0 - before, y0: mark.y0 - before, x1: mark.x1 + after, y1: mark.y1 + after }
    // What is lost is full; what is only locked out has its owner's colour in the middle.
    fillRect(picture, box.x0, box.y0, box.x1, box.y1, lost ? palette.danger : palette.boxed[mark.cell]!)
    strokeRect(picture, box, unit, palette.danger)
    return
  }
  const box = { x0: mark.x0, y0: mark.y0, x1: mark.x1 - unit, y1: mark.y1 - unit }
  // Rings may have been laid over it.
  fillRect(picture, box.x0, box.y0, box.x1, box.y1, palette.boxed[mark.cell]!)
  const stripe = Math.max(unit, Math.round(side / 9))
  if (lost) hatchRect(picture, box, stripe, 3 * stripe, palette.danger)
  strokeRect(picture, box, Math.max(unit, Math.round(side / (lost ? 12 : 7))), palette.danger)
}
