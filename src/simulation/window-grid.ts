/**
 * Every window as one cell, for views in which windows are pixels or less: the first step of a pyramid above
 * them. A pixel's windows begin anywhere, so blocks of two do too: there is one for each window that it may
 * begin with, and a look-up is enough for a pixel of up to two by two windows.
 */
import { cellsOf, CODES, REFUSED, type WindowStretch } from '../lib/window-codes.ts'

export interface WindowCodes {
  readonly count: number
  readonly window: Uint32Array
  readonly cell: Uint8Array
  readonly refused: Uint8Array
  readonly unlisted?: readonly WindowStretch[]
}

/** More of the windows than this have changed: all blocks are made anew, which is faster then. */
const MOST_PATCHED = 1 / 16

export class WindowGrid {
  readonly count: number
  readonly columns: number
  /** How much each code matters: of a pixel's windows the largest is seen, the first of equal ones. */
  readonly weights: Uint16Array
  /** At 2 w the code of window w; at 2 w + 1 that of w and the next one. */
  readonly one: Uint16Array
  /** The same of the two rows of the grid from that window's on. */
  readonly two: Uint16Array
  private list: WindowCodes | undefined

  /** @param severities by cell */
  constructor(count: number, columns: number, severities: Uint8Array) {
    this.count = count
    this.columns = columns
    this.weights = Uint16Array.from({ length: CODES }, (_, code) =>
      code === 0 ? 0 : 2 * severities[code & 0xff]! + (code >> 8) + 1,
    )
    this.one = new Uint16Array(2 * count)
    this.two = new Uint16Array(2 * count)
  }

  get bytes(): number {
    return this.one.byteLength + this.two.byteLength + this.weights.byteLength
  }

  /** Takes over what windows are now; blocks without a window that has changed stay. */
  show(list: WindowCodes): void {
    if (list === this.list) return
    const isFirst = !this.list
    this.list = list
    const changed = this.takeCodes(list)
    if (isFirst || changed.length > this.count * MOST_PATCHED) this.makeBlocks()
    else this.patchBlocks(changed)
  }

  /** @returns the windows whose codes have changed, ascending; not all if they are too many to be patched */
  private takeCodes(list: WindowCodes): number[] {
    const { one, count } = this
    const changed: number[] = []
    const most = count * MOST_PATCHED
    const put = (window: number, code: number) => {
      if (one[2 * window] === code) return
      one[2 * window] = code
      if (changed.length <= most) changed.push(window)
    }
    const cellAt = cellsOf(list.unlisted ?? [])
    let next = 0
    for (let i = 0; i < list.count && list.window[i]! < count; i++) {
      const window = list.window[i]!
      for (; next < window; next++) put(next, cellAt(next))
      put(window, list.cell[i]! | (list.refused[i] ? REFUSED : 0))
      next = window + 1
    }
    for (; next < count; next++) put(next, cellAt(next))
    return changed
  }

  private makeBlocks(): void {
    for (let window = 0; window < this.count; window++) this.joinAcross(window)
    for (let window = 0; window < this.count; window++) this.joinDown(window)
  }

  private patchBlocks(changed: readonly number[]): void {
    for (const window of changed) for (const at of [window - 1, window]) if (at >= 0) this.joinAcross(at)
    for (const window of changed)
      for (const at of [window - this.columns - 1, window - this.columns, window - 1, window])
        if (at >= 0) this.joinDown(at)
  }

  private joinAcross(window: number): void {
    const { one, weights } = this
    const code = one[2 * window]!
    const other = window + 1 < this.count ? one[2 * window + 2]! : 0
    one[2 * window + 1] = weights[other]! > weights[code]! ? other : code
  }

  private joinDown(window: number): void {
    const { one, two, weights } = this
    const below = window + this.columns
    for (let at = 2 * window, under = 2 * below; at <= 2 * window + 1; at++, under++) {
      const code = one[at]!
      const other = below < this.count ? one[under]! : 0
      two[at] = weights[other]! > weights[code]! ? other : code
    }
  }
}
