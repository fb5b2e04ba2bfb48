/** Which windows of an image hold anything at all: found once, and kept up to date by difference. */
import { isMetadata } from '../lib/owners.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import { firstRowFrom } from '../lib/window-rows.ts'
import type { OwnerRuns } from '../qcow2/owner-map.ts'
import { MOST_WINDOWS } from './coverage.ts'
import { runAt } from '../qcow2/splice-runs.ts'

/** Parallel arrays, a row for each window in which a cluster is not free, or is wrong; ascending. */
export interface MapRows {
  readonly count: number
  readonly window: Uint32Array
  /** 1 where the window holds metadata: what the options make of it then shows. */
  readonly hasMetadata: Uint8Array
}

const isEmpty = (runs: OwnerRuns, run: number) => runs.owner[run] === 0 && runs.flags[run] === 0

const endOf = ({ start, count, end }: OwnerRuns, run: number): number =>
  run + 1 < count ? start[run + 1]! : end

export function mapRows(runs: OwnerRuns): MapRows {
  const rows = new RowList(Math.min(runs.count + 64, MOST_WINDOWS))
  for (let run = 0; run < runs.count; run++) {
    if (isEmpty(runs, run)) continue
    const last = Math.min(Math.floor((endOf(runs, run) - 1) / WINDOW_CLUSTERS), MOST_WINDOWS - 1)
    for (let window = Math.floor(runs.start[run]! / WINDOW_CLUSTERS); window <= last; window++)
      rows.put(window, isMetadata(runs.owner[run]!))
  }
  return rows.finished()
}

/** The rows after these windows (ascending) have changed; all others are as they were. */
export function updatedRows(rows: MapRows, runs: OwnerRuns, changed: readonly number[]): MapRows {
  const next = new RowList(rows.count + changed.length)
  let from = 0
  for (const window of changed) {
    if (window >= MOST_WINDOWS) break
    const to = firstRowFrom(rows.window, rows.count, window)
    next.copy(rows, from, to)
    from = rows.window[to] === window && to < rows.count ? to + 1 : to
    const first = window * WINDOW_CLUSTERS
    if (first >= runs.end) continue
    for (let run = runAt(runs, first); run < runs.count; run++) {
      if (runs.start[run]! >= first + WINDOW_CLUSTERS) break
      if (!isEmpty(runs, run)) next.put(window, isMetadata(runs.owner[run]!))
    }
  }
  next.copy(rows, from, rows.count)
  return next.finished()
}

class RowList {
  private count = 0
  private window: Uint32Array
  private hasMetadata: Uint8Array

  constructor(room: number) {
    this.window = new Uint32Array(room)
    this.hasMetadata = new Uint8Array(room)
  }

  /** Windows come in ascending order, each as often as there is something to say of it. */
  put(window: number, metadata: boolean): void {
    if (this.count === 0 || this.window[this.count - 1] !== window) {
      if (this.count === this.window.length) this.grow()
      this.window[this.count++] = window
    }
    if (metadata) this.hasMetadata[this.count - 1] = 1
  }

  copy(rows: MapRows, from: number, to: number): void {
    while (this.count + to - from > this.window.length) this.grow()
    this.window.set(rows.window.subarray(from, to), this.count)
    this.hasMetadata.set(rows.hasMetadata.subarray(from, to), this.count)
    this.count += to - from
  }

  finished(): MapRows {
    const { count } = this
    return { count, window: this.window.slice(0, count), hasMetadata: this.hasMetadata.slice(0, count) }
  }

  private grow(): void {
    const window = new Uint32Array(2 * this.window.length + 64)
    window.set(this.window)
    this.window = window
    const hasMetadata = new Uint8Array(window.length)
    hasMetadata.set(this.hasMetadata)
    this.hasMetadata = hasMetadata
  }
}
