/**
 * Where to look among a window's type runs. A window's 4096 clusters are 16 blocks of 256; for each
 * boundary between blocks the directory says how many runs start before it, so that a look-up has only
 * the runs of one block to bisect, and mostly that is one run or none:
 *
 *     runs            0--1   2-3              4------------5     6
 *     clusters    |...........|...........|...........|...........|      blocks
 *     directory   0           2           4           4           7      runs that start before
 */
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import { runStart } from './run-arena.ts'
import type { RunEdit } from './type-runs.ts'

export const BLOCK_BITS = 8
const BLOCKS = WINDOW_CLUSTERS >> BLOCK_BITS

/** Elements of the directory that one window takes: a boundary before each block, and one behind the last. */
export const BOUNDARIES = BLOCKS + 1

/** Place of a window's last boundary: there stands how many runs it has in all. */
export const LAST_BOUNDARY = BLOCKS

/**
 * Follows an edit of a window's runs.
 * @param at place of the window's first boundary
 * @param edit as it was planned
 * @param from the first cluster from which on runs may start elsewhere than before
 * @param end the edit's last cluster + 1: no run that the edit replaced or put there starts past it
 */
export function editDirectory(
  directory: Uint16Array,
  at: number,
  { first, removed, inserted, insertedCount }: RunEdit,
  from: number,
  end: number,
): void {
  let block = (from >> BLOCK_BITS) + 1
  let index = 0
  for (; block <= BLOCKS && block << BLOCK_BITS <= end; block++) {
    while (index < insertedCount && runStart(inserted[index]!) < block << BLOCK_BITS) index++
    directory[at + block] = first + index
  }
  const more = insertedCount - removed
  if (more === 0) return
  for (; block <= BLOCKS; block++) directory[at + block]! += more
}
