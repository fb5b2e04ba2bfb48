/** The kernel in plain words: what the fast one is tested against, and what stands in for it where there is no WebAssembly. */
import { type Kernel, type LineMap, NO_CELL } from './kernel.ts'

export const plainKernel: Kernel = {
  colour({ pixels: inks }, colours, pixels) {
    for (let i = 0; i < inks.length; i++) pixels[i] = colours[inks[i]!]!
  },

  band({ pixels, width }, top, { side, tiles, maps, places, rows, gapLine, page }) {
    const cells = joined(tiles)
    const line = new Uint8Array(width)
    let at = top * width
    for (let row = 0; 2 * row < rows.length; row++) {
      line.fill(page)
      for (let tile = 0; 2 * tile < places.length; tile++)
        paint(line, places[2 * tile]!, maps[places[2 * tile + 1]!]!, cells, (tile * side + row) * side)
      for (let left = rows[2 * row]!; left > 0; left--, at += width) pixels.set(line, at)
      for (let left = rows[2 * row + 1]!; left > 0; left--, at += width) pixels.set(gapLine, at)
    }
  },
}

/** @param first the tile's first cell of this row */
function paint(line: Uint8Array, x: number, map: LineMap, cells: Uint8Array, first: number): void {
  for (let i = Math.max(0, -x); i < map.cells.length && x + i < line.length; i++) {
    const cell = map.cells[i]!
    line[x + i] = cell === NO_CELL ? map.inks[i]! : cells[first + cell]!
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
