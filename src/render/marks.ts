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

  /** The mark nearest to a pixel, if there is one within `radius` pixels of it. */
  nearest(px: number, py: number, radius: number): Mark | undefined {
    let best: Mark | undefined
    let bestDistance = radius
    for (const mark of this.list) {
      const dx = Math.max(mark.x0 - px, 0, px - mark.x1 + 1)
      const dy = Math.max(mark.y0 - py, 0, py - mark.y1 + 1)
      const distance = Math.hypot(dx, dy)
      if (distance <= bestDistance) {
        best = mark
        bestDistance = distance
      }
      if (distance === 0) break
    }
    return best
  }
}
