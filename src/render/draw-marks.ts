/** Makes unguarded metadata shout: at every size, over everything else. */
import type { Mark, Marks } from './marks.ts'
import type { Palette } from './palette.ts'
import { fillRect, hatchRect, type Picture, strokeRect } from './picture.ts'

/** Cells below this (CSS pixels) are danger all over; larger ones keep their colour under a hatch. */
const HATCHED_FROM = 7
/** No mark is smaller than this (CSS pixels). */
const SMALLEST = 3

export function drawMarks(picture: Picture, marks: Marks, palette: Palette, unit: number) {
  // Cells that touch would fill each other's rings: all rings first, then all cells.
  const rings = marks.total <= 2000
  if (rings) for (const mark of marks.list) drawRing(picture, mark, palette, unit)
  for (const mark of marks.list) drawMark(picture, mark, palette, unit)
}

function drawRing(picture: Picture, mark: Mark, palette: Palette, unit: number) {
  const side = mark.x1 - mark.x0
  if (side < 3 * unit) return
  const distance = 2 * unit
  const out = distance + unit
  const ring = { x0: mark.x0 - out, y0: mark.y0 - out, x1: mark.x1 + out, y1: mark.y1 + out }
  strokeRect(picture, ring, distance, palette.page)
  strokeRect(picture, ring, Math.max(unit, Math.min(2 * unit, Math.round(side / 6))), palette.danger)
}

function drawMark(picture: Picture, mark: Mark, palette: Palette, unit: number) {
  const side = Math.min(mark.x1 - mark.x0, mark.y1 - mark.y0)
  if (side < HATCHED_FROM * unit) {
    const missing = Math.max(0, SMALLEST * unit - side)
    const before = missing >> 1
    const after = missing - before
    const box = { x0: mark.x0 - before, y0: mark.y0 - before, x1: mark.x1 + after, y1: mark.y1 + after }
    // What is lost is full; what is only locked out is hollow, from where there is room for a middle.
    if (mark.lost || side < SMALLEST * unit) fillRect(picture, box.x0, box.y0, box.x1, box.y1, palette.danger)
    else strokeRect(picture, box, unit, palette.danger)
    return
  }
  const box = { x0: mark.x0, y0: mark.y0, x1: mark.x1 - unit, y1: mark.y1 - unit }
  const stripe = Math.max(unit, Math.round(side / 9))
  if (mark.lost) hatchRect(picture, box, stripe, 3 * stripe, palette.danger)
  strokeRect(picture, box, Math.max(unit, Math.round(side / (mark.lost ? 12 : 7))), palette.danger)
}
