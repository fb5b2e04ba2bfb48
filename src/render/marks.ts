/** The unguarded cells of a picture, gathered while it is drawn: they are painted last, over all else. */
import type { CellPlace } from './tile-pixels.ts'
import type { PixelRect } from './picture.ts'

/** More than this are a red area, whose cells need no marks of their own. */
const MAX_MARKS = 20_000

export interface Mark extends PixelRect {
  readonly place: CellPlace
  /** As lib/cells.ts packs it: whose it is, and how it is unguarded. */
  readonly cell: number
}

/** Marks as numbers, to be posted: FIELDS of them a mark. */
export interface PackedMarks {
  /** All of them, those without a mark too. */
  readonly total: number
  readonly fields: Int32Array
}

const FIELDS = 9

/** A list without objects: there may be many of them in each picture. */
export class Marks {
  count = 0
  /** All of them, those without a mark too. */
  total = 0
  private fields = new Int32Array(64 * FIELDS)

  /** For another picture. */
  clear(): void {
    this.count = 0
    this.total = 0
  }

  /** @param x0 and the others are the mark's pixels; the rest says where its cell is (CellPlace), and what */
  add(
    x0: number,
    y0: number,
    x1: number,
    y1: number,
    window: number,
    level: number,
    column: number,
    row: number,
    cell: number,
  ): void {
    this.total++
    if (this.count === MAX_MARKS) return
    const at = FIELDS * this.count++
    if (at === this.fields.length) this.grow()
    const { fields } = this
    fields[at] = x0
    fields[at + 1] = y0
    fields[at + 2] = x1
    fields[at + 3] = y1
    fields[at + 4] = window
    fields[at + 5] = level
    fields[at + 6] = column
    fields[at + 7] = row
    fields[at + 8] = cell
  }

  /** All that are marked, as objects. */
  list(): Mark[] {
    return Array.from({ length: this.count }, (_, i) => markAt(this.fields, FIELDS * i))
  }

  packed(): PackedMarks {
    return { total: this.total, fields: this.fields.slice(0, FIELDS * this.count) }
  }

  /** Tells of each the pixels and the cell. */
  forEach(visit: (x0: number, y0: number, x1: number, y1: number, cell: number) => void): void {
    const { fields } = this
    for (let at = 0; at < FIELDS * this.count; at += FIELDS)
      visit(fields[at]!, fields[at + 1]!, fields[at + 2]!, fields[at + 3]!, fields[at + 8]!)
  }

  private grow(): void {
    const larger = new Int32Array(2 * this.fields.length)
    larger.set(this.fields)
    this.fields = larger
  }
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
