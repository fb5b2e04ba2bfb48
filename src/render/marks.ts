/** The unguarded cells of a picture, gathered while it is drawn: they are painted last, over all else. */
import type { CellPlace } from './tile-pixels.ts'
import type { PixelRect } from './picture.ts'

/** More than this are a red area, whose cells need no marks of their own. */
export const MAX_MARKS = 20_000

export interface Mark extends PixelRect {
  readonly place: CellPlace
  /** As lib/cells.ts packs it: whose it is, and how it is unguarded. */
  readonly cell: number
  /** Its window's tile, which a ring around it must not leave; undefined where windows are no tiles. */
  readonly tile?: PixelRect
}

export class Marks {
  readonly list: Mark[] = []
  /** All of them, those without a mark too. */
  total = 0

  add(mark: Mark): void {
    this.total++
    if (this.list.length < MAX_MARKS) this.list.push(mark)
  }
}

/** Marks as numbers, to be posted: FIELDS of them a mark. */
export interface PackedMarks {
  readonly total: number
  readonly fields: Int32Array
}

const FIELDS = 9

export function packMarks({ list, total }: Pick<Marks, 'list' | 'total'>): PackedMarks {
  const fields = new Int32Array(FIELDS * list.length)
  for (const [i, { x0, y0, x1, y1, place, cell }] of list.entries())
    fields.set([x0, y0, x1, y1, place.window, place.level, place.column, place.row, cell], FIELDS * i)
  return { total, fields }
}

/** The mark nearest to a pixel, if there is one within `radius` pixels of it. */
export function nearestMark(
  { fields }: PackedMarks,
  px: number,
  py: number,
  radius: number,
): Mark | undefined {
  let best = -1
  let bestDistance = radius
  for (let at = 0; at < fields.length; at += FIELDS) {
    const dx = Math.max(fields[at]! - px, 0, px - fields[at + 2]! + 1)
    const dy = Math.max(fields[at + 1]! - py, 0, py - fields[at + 3]! + 1)
    const distance = Math.hypot(dx, dy)
    if (distance <= bestDistance) {
      best = at
      bestDistance = distance
    }
    if (distance === 0) break
  }
  return best < 0 ? undefined : markAt(fields, best)
}

function markAt(fields: Int32Array, at: number): Mark {
  const [x0, y0, x1, y1, window, level, column, row, cell] = fields.subarray(
    at,
    at + FIELDS,
  ) as Iterable<number> as [number, number, number, number, number, number, number, number, number]
  return { x0, y0, x1, y1, place: { window, level, column, row }, cell }
}
