/**
 * What the layer of refcounts shows of windows in which nothing is: not all of them are alike, for a part of the file may
 * have no refcount block. There may be millions, so they are told by stretches.
 */
import { RefcountBucket } from '../lib/refcount-bucket.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import { rowOf } from '../lib/window-rows.ts'
import type { WindowStretch } from '../lib/window-codes.ts'
import type { LayerInput } from './layer-stretches.ts'
import type { MapRows } from './map-rows.ts'
import { type LayerWish, paintTile, WINDOW_LEVEL } from './tiles.ts'

export class UnlistedRefcounts {
  private last: { readonly of: readonly unknown[]; readonly stretches: readonly WindowStretch[] } | undefined

  /** @returns stretches whose cell is not 0, ascending; they may reach over windows in which something is */
  of(input: LayerInput, rows: MapRows, wish: LayerWish): readonly WindowStretch[] {
    if (wish.layer !== 'refcount') return []
    const { runs, refcounts } = input
    const of = [runs, refcounts, wish.severities]
    if (this.last?.of.every((each, i) => each === of[i])) return this.last.stretches
    const stretches = stretchesOf(input, rows, wish)
    this.last = { of, stretches }
    return stretches
  }
}

function stretchesOf(input: LayerInput, rows: MapRows, wish: LayerWish): WindowStretch[] {
  const { count, start, bucket } = input.refcounts
  const { end } = input.runs
  const stretches: WindowStretch[] = []
  let painted = -1
  // A window that several runs share, or that is cut short, shows the most severe of its clusters.
  const paint = (window: number) => {
    if (window === painted || rowOf(rows.window, rows.count, window) >= 0) return
    painted = window
    const cell = new Uint8Array(1)
    paintTile(input, wish, window, WINDOW_LEVEL, cell, 0)
    if (cell[0] !== 0) stretches.push({ from: window, to: window + 1, cell: cell[0]! })
  }
  for (let i = 0; i < count && start[i]! < end; i++) {
    const stop = Math.min(end, i + 1 < count ? start[i + 1]! : end)
    const from = Math.ceil(start[i]! / WINDOW_CLUSTERS)
    const to = Math.floor(stop / WINDOW_CLUSTERS)
    if (start[i]! % WINDOW_CLUSTERS !== 0) paint(from - 1)
    if (from < to && bucket[i] !== RefcountBucket.zero) stretches.push({ from, to, cell: bucket[i]! })
    if (from <= to && stop % WINDOW_CLUSTERS !== 0) paint(to)
  }
  return stretches
}
