/** Windows that are a few pixels, or less than one, where most of them hold something: pixel by pixel. */
import { CODES, REFUSED } from '../lib/window-codes.ts'
import type { WindowGrid } from '../simulation/window-grid.ts'
import type { Inks } from './inks.ts'
import type { Picture } from './picture.ts'
import type { TileRange } from './viewport.ts'

export interface GridPlaces extends TileRange {
  /** First and past-the-last pixels of the visible columns and rows, in pairs. */
  readonly edgesX: Int32Array
  readonly edgesY: Int32Array
  /** Whether windows share pixels: a row of windows is then one row of pixels. */
  readonly isShared: boolean
}

/** Which columns of the grid each of some pixels side by side shows. */
interface Spans {
  /** The first pixel, and the one past the last. */
  readonly left: number
  readonly right: number
  /** By pixel from `left` on: its first column, and how many. */
  readonly column: Int32Array
  readonly length: Int32Array
  /** By pixel: where in a row of the grid its block is (simulation/window-grid.ts). */
  readonly block: Int32Array
  readonly longest: number
}

/** Of the windows of a pixel the most severe is seen, the first of equal ones. */
export function drawGrid(picture: Picture, grid: WindowGrid, places: GridPlaces, inks: Inks): void {
  const { pixels, width, height } = picture
  const { firstRow, lastRow, edgesY, isShared } = places
  const spans = spansOf(places, width)
  const { left, right } = spans
  if (left >= right) return
  const inkOf = new Uint8Array(CODES)
  inkOf.set(inks.flat)
  inkOf.set(inks.flatRefused, REFUSED)
  for (let row = firstRow, next = row; row <= lastRow; row = next) {
    const at = 2 * (row - firstRow)
    const y = edgesY[at]!
    const top = Math.max(0, y)
    const bottom = Math.min(height, isShared ? y + 1 : edgesY[at + 1]!)
    next = row + 1
    while (next <= lastRow && edgesY[2 * (next - firstRow)] === y) next++
    if (top >= bottom) continue
    const line = pixels.subarray(top * width + left, top * width + right)
    if (next - row <= 2 && spans.longest <= 2) drawBlocks(line, grid, row, next - row, spans, inkOf)
    else drawMany(line, grid, row, next, spans, inkOf)
    const end = rowEnd(grid, row, spans)
    for (let below = top + 1; below < bottom; below++)
      pixels.copyWithin(below * width + left, top * width + left, top * width + left + end)
  }
}

function spansOf({ firstColumn, lastColumn, edgesX }: GridPlaces, width: number): Spans {
  const left = Math.max(0, edgesX[0]!)
  const right = Math.min(width, edgesX.at(-1)!)
  const room = Math.max(0, right - left)
  const column = new Int32Array(room)
  const length = new Int32Array(room)
  let longest = 0
  for (let at = firstColumn; at <= lastColumn; at++) {
    const end = Math.min(right, edgesX[2 * (at - firstColumn) + 1]!) - left
    for (let x = Math.max(left, edgesX[2 * (at - firstColumn)]!) - left; x < end; x++) {
      if (length[x] === 0) column[x] = at
      if (++length[x]! > longest) longest = length[x]!
    }
  }
  const block = column.map((first, x) => 2 * first + length[x]! - 1)
  return { left, right, column, length, block, longest }
}

/** Pixels of this row of the grid that show a window: its last row may be shorter than the others. */
function rowEnd(
  { count, columns }: Pick<WindowGrid, 'count' | 'columns'>,
  row: number,
  { column }: Spans,
): number {
  let end = column.length
  const windows = count - row * columns
  if (windows < columns) while (end > 0 && column[end - 1]! >= windows) end--
  return end
}

/** Pixels of one or two windows a side. */
function drawBlocks(
  line: Uint8Array,
  grid: WindowGrid,
  row: number,
  rows: number,
  spans: Spans,
  inkOf: Uint8Array,
) {
  const { block } = spans
  const blocks = rows === 2 ? grid.two : grid.one
  const start = 2 * row * grid.columns
  const end = rowEnd(grid, row, spans)
  for (let x = 0; x < end; x++) line[x] = inkOf[blocks[start + block[x]!]!]!
}

/** Pixels of any number of windows a side. */
function drawMany(
  line: Uint8Array,
  { one, weights, columns, count }: WindowGrid,
  firstRow: number,
  endRow: number,
  spans: Spans,
  inkOf: Uint8Array,
) {
  const { column, length } = spans
  const end = rowEnd({ columns, count }, firstRow, spans)
  for (let x = 0; x < end; x++) {
    let seen = 0
    let most = 0
    for (let row = firstRow; row < endRow; row++) {
      let at = 2 * (row * columns + column[x]!)
      for (let left = length[x]!; left > 0 && at < 2 * count; left -= 2, at += 4) {
        const code = one[left > 1 ? at + 1 : at]!
        if (weights[code]! <= most) continue
        most = weights[code]!
        seen = code
      }
    }
    line[x] = inkOf[seen]!
  }
}
