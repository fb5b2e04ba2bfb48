/** Telling that two runs of the same commands left the same file, so that it need not be looked at again. */
import type { Overlay } from '../disk/overlay.ts'

const PIECE_BYTES = 2 ** 20
/** More than this is not compared: reading it would take as long as looking at the image anew. */
const MOST_BYTES = 2 ** 26

/**
 * @param a, b over the same file
 * @returns true only if they read the same; false also where there is too much to compare
 */
export function sameChanges(a: Overlay, b: Overlay): boolean {
  if (a.size !== b.size || a.visibleEnd !== b.visibleEnd) return false
  const others = b.dirtyRanges()
  let compared = 0
  for (const { offset, length } of a.dirtyRanges()) {
    const other = others.next().value
    compared += length
    if (other?.offset !== offset || other.length !== length || compared > MOST_BYTES) return false
    for (let at = offset; at < offset + length; at += PIECE_BYTES) {
      const piece = Math.min(PIECE_BYTES, offset + length - at)
      const theirs = b.readSync(at, piece)
      if (a.readSync(at, piece).some((byte, i) => byte !== theirs[i])) return false
    }
  }
  return others.next().done === true
}
