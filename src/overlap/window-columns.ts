/**
 * The windows that were ever used, a column a property. The original allocates an array element for
 * every window of the file; on the books that is so here too, but a window that nobody entered or
 * checked costs nothing: a directory leads from a window's index to its row.
 *
 *     window index -> directory -> row -> tick[row], flags[row], arraySize[row], runs ...
 */
import type { WindowIndex } from '../lib/units.ts'
import { NO_BLOCK } from './run-arena.ts'
import { BOUNDARIES } from './run-directory.ts'

/** Up to here the directory is an array of 4 bytes a window; past it, a map. */
const DIRECT_WINDOWS = 2 ** 22
const FIRST_ROWS = 64

/** In column `slot`: the window has no bitmap. */
export const NO_BITMAP = -1
/** In column `slot`: the window has a bitmap that no slot holds; it is never given back. */
export const KEPT = -2

export class WindowColumns {
  count = 0
  index = new Float64Array(FIRST_ROWS)
  /**
   * Value of the list's tick counter when the window was last used. The original's age is its low 32
   * bits; the whole of it (below 2^53) tells the true order even after the age has wrapped.
   */
  tick = new Float64Array(FIRST_ROWS)
  /** Slot that holds its bitmap, NO_BITMAP, or KEPT for a bitmap outside the slots. */
  slot = new Int32Array(FIRST_ROWS)
  modified = new Uint8Array(FIRST_ROWS)
  nbFragments = new Uint16Array(FIRST_ROWS)
  arraySize = new Uint16Array(FIRST_ROWS)
  /** The runs that a check sees: the bitmap's contents, or the fragment list's. */
  runsPlace = new Int32Array(FIRST_ROWS)
  /** How many of them start before each block of the window: BOUNDARIES a row (run-directory.ts). */
  directory = new Uint16Array(FIRST_ROWS * BOUNDARIES)
  /** The runs of the fragment list while a modified bitmap says something newer; NO_BLOCK otherwise. */
  listedPlace = new Int32Array(FIRST_ROWS)
  listedCount = new Uint16Array(FIRST_ROWS)
  /** Fragments that the present runs would be coded into. */
  codedFragments = new Uint16Array(FIRST_ROWS)
  /** Rows changed since the last checkpoint, some of them twice. */
  private changed: number[] = []
  /** The tick counter at the last checkpoint; 0 before the first, when nothing need be noted. */
  private checkpointTick = 0
  private direct = new Int32Array(FIRST_ROWS).fill(-1)
  private readonly far = new Map<WindowIndex, number>()

  /** @returns the window's row, or -1 if it was never used */
  find(window: WindowIndex): number {
    if (window < this.direct.length) return this.direct[window]!
    return window < DIRECT_WINDOWS ? -1 : (this.far.get(window) ?? -1)
  }

  /** @returns the window's row, made if it was never used */
  findOrAdd(window: WindowIndex): number {
    const row = this.find(window)
    return row >= 0 ? row : this.add(window)
  }

  /** The window was used. Whatever changes a row ends in this, or begins with `remember`. */
  setTick(row: number, tick: number): void {
    if (this.tick[row]! < this.checkpointTick) this.changed.push(row)
    this.tick[row] = tick
  }

  /** The row is about to be changed without being used. */
  remember(row: number): void {
    if (this.tick[row]! < this.checkpointTick) this.changed.push(row)
  }

  /** Rows changed since the last checkpoint, each once; all of them before the first. */
  changedRows(): Int32Array {
    if (this.checkpointTick === 0) return Int32Array.from({ length: this.count }, (_, row) => row)
    return Int32Array.from(new Set(this.changed))
  }

  /** @param ticks the tick counter, 1 at the least: so a list that was never used has no changes to note */
  forgetChanged(ticks: number): void {
    this.changed = []
    this.checkpointTick = ticks
  }

  clone(): WindowColumns {
    return this.copyColumns(new WindowColumns())
  }

  protected copyColumns<T extends WindowColumns>(copy: T): T {
    copy.count = this.count
    for (const name of COLUMNS) copy[name] = this[name].slice() as never
    copy.direct = this.direct.slice()
    for (const [window, row] of this.far) copy.far.set(window, row)
    return copy
  }

  /** Makes rows for so many windows, to be filled in (scatter). */
  makeRoom(rows: number): void {
    this.count = rows
    while (this.index.length < rows) for (const name of COLUMNS) this[name] = doubled(this[name]) as never
  }

  /** The elements of these rows, column by column. */
  protected gather(rows: Int32Array): Record<(typeof COLUMNS)[number], Column> {
    const gathered = COLUMNS.map(name => {
      const column = this[name]
      const stride = column.length / this.index.length
      const elements = new (column.constructor as ColumnOf)(rows.length * stride)
      rows.forEach((row, i) =>
        elements.set(column.subarray(row * stride, (row + 1) * stride) as never, i * stride),
      )
      return [name, elements]
    })
    return Object.fromEntries(gathered)
  }

  /** Fills in a row from the i-th of those that were gathered. */
  protected scatter(row: number, gathered: Record<(typeof COLUMNS)[number], Column>, i: number): void {
    for (const name of COLUMNS) {
      const stride = this[name].length / this.index.length
      this[name].set(gathered[name].subarray(i * stride, (i + 1) * stride) as never, row * stride)
    }
    this.setIndex(row, this.index[row]!)
  }

  /** Bytes really held, for memory figures. */
  get bytes(): number {
    return COLUMNS.reduce((sum, name) => sum + this[name].byteLength, this.direct.byteLength)
  }

  private add(window: WindowIndex): number {
    const row = this.count++
    if (row === this.index.length) for (const name of COLUMNS) this[name] = doubled(this[name]) as never
    this.slot[row] = NO_BITMAP
    this.runsPlace[row] = NO_BLOCK
    this.listedPlace[row] = NO_BLOCK
    this.setIndex(row, window)
    return row
  }

  /** From now on the window is found in this row. */
  protected setIndex(row: number, window: WindowIndex): void {
    this.index[row] = window
    if (window < DIRECT_WINDOWS) {
      while (window >= this.direct.length) {
        const longer = new Int32Array(this.direct.length * 2).fill(-1, this.direct.length)
        longer.set(this.direct)
        this.direct = longer
      }
      this.direct[window] = row
    } else {
      this.far.set(window, row)
    }
  }
}

export const COLUMNS = [
  'index',
  'tick',
  'modified',
  'slot',
  'nbFragments',
  'arraySize',
  'runsPlace',
  'directory',
  'listedPlace',
  'listedCount',
  'codedFragments',
] as const

export type Column = Float64Array | Int32Array | Uint16Array | Uint8Array

type ColumnOf = new (length: number) => Column

function doubled(column: Column): Column {
  const longer = new (column.constructor as ColumnOf)(column.length * 2)
  longer.set(column as never)
  return longer
}
