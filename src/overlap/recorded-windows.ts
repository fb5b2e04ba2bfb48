/**
 * What is recorded in each window that was ever used: the columns of window-columns.ts, and the type
 * runs that they point to.
 */
import type { TypeMask } from '../lib/metadata-types.ts'
import { WINDOW_CLUSTERS, type WindowIndex } from '../lib/units.ts'
import type { TypeRun, WindowState } from './engine.ts'
import { grownArraySize } from './fragment-array.ts'
import { NO_BLOCK, RunArena, runEnd, runStart, runTypes } from './run-arena.ts'
import { BLOCK_BITS, BOUNDARIES, editDirectory, LAST_BOUNDARY } from './run-directory.ts'
import { FRAGMENT_CLUSTERS, findRun, onesIfLess, RunEdit } from './type-runs.ts'
import { type COLUMNS, type Column, NO_BITMAP, WindowColumns } from './window-columns.ts'

/** Clusters [from, to) of one window, all of the same types. */
export interface Stretch {
  from: number
  to: number
  types: TypeMask
}

/** Some rows, put aside: every column's elements of theirs, and the runs they point to, one row after another. */
export interface PackedRows {
  readonly rows: Int32Array
  readonly columns: Readonly<Record<(typeof COLUMNS)[number], Column>>
  readonly runs: Uint32Array
  readonly listed: Uint32Array
}

export class RecordedWindows extends WindowColumns {
  /** Sum of all array sizes, in fragments. */
  arrayTotal = 0
  private arena = new RunArena()
  private readonly edit = new RunEdit()

  override clone(): RecordedWindows {
    const copy = this.copyColumns(new RecordedWindows())
    copy.arena = new RunArena(this.arena)
    copy.arrayTotal = this.arrayTotal
    return copy
  }

  /** Puts copies of these rows aside. */
  pack(rows: Int32Array): PackedRows {
    const runs: Uint32Array[] = []
    const listed: Uint32Array[] = []
    for (const row of rows) {
      runs.push(this.block(this.runsPlace[row]!, this.runsCount(row)))
      listed.push(this.block(this.listedPlace[row]!, this.listedCount[row]!))
    }
    return { rows, columns: this.gather(rows), runs: joined(runs), listed: joined(listed) }
  }

  /**
   * Takes over rows that were put aside, but for those that are there already, and says which are there now.
   * @returns how many it took
   */
  unpack({ rows, columns, runs, listed }: PackedRows, isThere: Uint8Array): number {
    let taken = 0
    let runsAt = 0
    let listedAt = 0
    rows.forEach((row, i) => {
      const runsEnd = runsAt + columns.directory[i * BOUNDARIES + LAST_BOUNDARY]!
      const listedEnd = listedAt + columns.listedCount[i]!
      // Rows past the end are of windows that this state has not used yet.
      if (row < isThere.length && isThere[row] === 0) {
        isThere[row] = 1
        taken++
        this.scatter(row, columns, i)
        this.runsPlace[row] = this.keep(runs.subarray(runsAt, runsEnd))
        this.listedPlace[row] = this.keep(listed.subarray(listedAt, listedEnd))
        this.arrayTotal += this.arraySize[row]!
      }
      runsAt = runsEnd
      listedAt = listedEnd
    })
    return taken
  }

  private block(place: number, count: number): Uint32Array {
    return this.arena.runs.subarray(Math.max(0, place), Math.max(0, place) + count)
  }

  private keep(runs: Uint32Array): number {
    if (runs.length === 0) return NO_BLOCK
    const place = this.arena.allocate(runs.length)
    this.arena.runs.set(runs, place)
    return place
  }

  private runsCount(row: number): number {
    return this.directory[row * BOUNDARIES + LAST_BOUNDARY]!
  }

  /** Index of the window's last run that starts at or before a cluster; -1 for none. */
  private findRun(row: number, cluster: number): number {
    const at = row * BOUNDARIES + (cluster >> BLOCK_BITS)
    const first = this.directory[at]!
    const inBlock = this.directory[at + 1]! - first
    return first + findRun(this.arena.runs, this.runsPlace[row]! + first, inBlock, cluster)
  }

  /**
   * The types of the window's clusters in [start, end), ORed. The hottest place of all: it calls nothing that
   * the compiler might not inline, and branches only where the way can be foretold (see findRun): that the
   * last run before reaches into the range, and that the next one starts in it, is as likely as not; that
   * there is more than one run in a block, or a third one in the range, is rare.
   */
  typesWithin(row: number, start: number, end: number): TypeMask {
    const { directory } = this
    const boundaries = row * BOUNDARIES
    const count = directory[boundaries + LAST_BOUNDARY]!
    if (count === 0) return 0
    const { runs } = this.arena
    const place = this.runsPlace[row]!
    const at = boundaries + (start >> BLOCK_BITS)
    const first = directory[at]!
    const inBlock = directory[at + 1]! - first
    // What is read past the last run has no effect (RunArena.allocate).
    const startsBefore = onesIfLess(0, inBlock) & onesIfLess(runs[place + first]! >>> 20, start + 1)
    const before =
      inBlock > 1 ? first + findRun(runs, place + first, inBlock, start) : first - 1 - startsBefore
    const run = runs[place + Math.max(0, before)]!
    const next = runs[place + before + 1]!
    let types = run & ~(before >> 31) & onesIfLess(start, runEnd(run))
    types |= next & onesIfLess(before + 1, count) & onesIfLess(next >>> 20, end)
    for (let third = place + before + 2; third < place + count && runs[third]! >>> 20 < end; third++)
      types |= runs[third]!
    return types & 0xff
  }

  /** Finds the longest stretch of equal types around a cluster. */
  stretchAround(row: number, cluster: number, into: Stretch): void {
    const { runs } = this.arena
    const place = this.runsPlace[row]!
    const count = this.runsCount(row)
    const at = this.findRun(row, cluster)
    const end = at < 0 ? 0 : runEnd(runs[place + at]!)
    if (cluster < end) {
      into.from = runStart(runs[place + at]!)
      into.to = end
      into.types = runTypes(runs[place + at]!)
    } else {
      into.from = end
      into.to = at + 1 < count ? runStart(runs[place + at + 1]!) : WINDOW_CLUSTERS
      into.types = 0
    }
  }

  /** Sets the types of the window's clusters in [start, end) to (types & keep) | add: a change to its bitmap. */
  change(row: number, start: number, end: number, keep: TypeMask, add: TypeMask): void {
    const { arena, edit } = this
    const place = this.runsPlace[row]!
    const count = this.runsCount(row)
    edit.plan(arena.runs, place, count, this.findRun(row, Math.max(0, start - 1)), start, end, keep, add)
    const newCount = count - edit.removed + edit.insertedCount
    const first = this.modified[row] === 0
    const size = RunArena.blockSize
    const stays = !first && count > 0 && newCount > 0 && size(newCount) === size(count)
    const target = stays ? place : newCount > 0 ? arena.allocate(newCount) : NO_BLOCK
    editDirectory(this.directory, row * BOUNDARIES, edit, this.firstChange(place, start), end)
    if (newCount > 0) this.splice(count > 0 ? place : target, target, count)
    if (first) {
      // The old runs stay where they are: they are what the fragment list says still.
      this.listedPlace[row] = place
      this.listedCount[row] = count
      this.modified[row] = 1
    } else if (!stays) arena.release(place, count)
    this.runsPlace[row] = target
    this.codedFragments[row]! += edit.fragmentsChange
  }

  /** The fragment list now says what the bitmap said. */
  private forgetListed(row: number): void {
    this.arena.release(this.listedPlace[row]!, this.listedCount[row]!)
    this.listedPlace[row] = NO_BLOCK
    this.listedCount[row] = 0
  }

  /**
   * Codes the bitmap's contents into the fragment list, whose array grows by the original's steps.
   * @returns false if it was given up, for the array would take as much as the bitmap: then there is none
   */
  recodeFragments(row: number): boolean {
    const fragments = this.codedFragments[row]!
    const size = grownArraySize(this.arraySize[row]!, fragments)
    this.setArraySize(row, size ?? 0)
    this.nbFragments[row] = size === undefined ? 0 : fragments
    this.forgetListed(row)
    return size !== undefined
  }

  /** Makes the array as long as it is used, if that is less than half of it. @returns by how many entries */
  shrinkArray(row: number): number {
    const size = this.arraySize[row]!
    const used = this.nbFragments[row]!
    if (used === 0 || used >= size >> 1) return 0
    this.setArraySize(row, used)
    return size - used
  }

  /** The fragments are gone, and what they said. */
  dropFragments(row: number): void {
    this.forgetRuns(row)
    this.nbFragments[row] = 0
    this.setArraySize(row, 0)
  }

  private setArraySize(row: number, size: number): void {
    this.arrayTotal += size - this.arraySize[row]!
    this.arraySize[row] = size
  }

  /** Nothing is recorded in the window any more. */
  private forgetRuns(row: number): void {
    this.arena.release(this.runsPlace[row]!, this.runsCount(row))
    this.runsPlace[row] = NO_BLOCK
    this.directory.fill(0, row * BOUNDARIES, (row + 1) * BOUNDARIES)
    this.codedFragments[row] = 0
  }

  /** Packed runs of a window; a view, valid until the next change. */
  runsInPlace(window: WindowIndex): Uint32Array {
    const row = this.find(window)
    const place = row < 0 ? 0 : this.runsPlace[row]!
    return this.arena.runs.subarray(place, row < 0 ? 0 : place + this.runsCount(row))
  }

  fragments(window: WindowIndex): TypeRun[] {
    const row = this.find(window)
    if (row < 0 || this.nbFragments[row] === 0) return []
    const older = this.modified[row] === 1 && this.slot[row] !== NO_BITMAP
    const place = (older ? this.listedPlace : this.runsPlace)[row]!
    const count = older ? this.listedCount[row]! : this.runsCount(row)
    const fragments: TypeRun[] = []
    for (const run of this.arena.runs.subarray(place, place + count))
      for (let start = runStart(run); start < runEnd(run); start += FRAGMENT_CLUSTERS)
        fragments.push([start, Math.min(FRAGMENT_CLUSTERS, runEnd(run) - start), runTypes(run)])
    return fragments
  }

  state(window: WindowIndex): WindowState {
    const row = this.find(window)
    const used = row >= 0
    return {
      index: window,
      age: used ? this.tick[row]! % 2 ** 32 : 0,
      hasBitmap: used && this.slot[row] !== NO_BITMAP,
      modified: used && this.modified[row] === 1,
      nbFragments: used ? this.nbFragments[row]! : 0,
      fragmentsArraySize: used ? this.arraySize[row]! : 0,
      slot: used ? Math.max(-1, this.slot[row]!) : -1,
    }
  }

  /** Bytes really held, for memory figures. */
  override get bytes(): number {
    return super.bytes + this.arena.bytes
  }

  /** The first cluster at which, by the planned edit, a run starts that did not, or the other way round. */
  private firstChange(place: number, start: number): number {
    const { first, removed } = this.edit
    return removed === 0 ? start : Math.min(start, runStart(this.arena.runs[place + first]!))
  }

  /** Carries the planned edit out, from one block of runs to another (or the same). */
  private splice(from: number, to: number, count: number): void {
    const { runs } = this.arena
    const { first, removed, inserted, insertedCount } = this.edit
    const tail = first + removed
    const newTail = first + insertedCount
    if (from !== to || tail !== newTail) runs.copyWithin(to + newTail, from + tail, from + count)
    if (from !== to) runs.copyWithin(to, from, from + first)
    for (let i = 0; i < insertedCount; i++) runs[to + first + i] = inserted[i]!
  }
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const whole = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
