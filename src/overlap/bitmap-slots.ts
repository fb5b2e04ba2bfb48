/**
 * The slots of the bitmap cache. The rules say: take the first slot that is empty, else the one whose
 * window was used longest ago. Neither needs a search here: the slots in use form a ring in the order of
 * their use, and the empty ones are looked for from the lowest that may be.
 *
 *       oldest
 *         v
 *     +-> slot 7 <-> slot 0 <-> slot 3 <-+      from the one unused for longest to the newest,
 *     +----------------------------------+      behind which the ring closes
 *
 * What happens most, the oldest slot being given to another window and so becoming the newest, only moves
 * the ring's beginning on by one.
 */
import type { WindowColumns } from './window-columns.ts'

const NONE = -1
const AGE_RANGE = 2 ** 32

export class BitmapSlots {
  /** How many slots there are on the books; far fewer may really exist. */
  readonly count: number
  /** Row (window-columns.ts) of each slot's window, or -1. Slots past its end were never used. */
  rows: Int32Array
  private newer: Int32Array
  private older: Int32Array
  private oldest = NONE
  private lowestMaybeEmpty = 0
  private inUse = 0
  /** The tick before which it is plain that the oldest slot is the next to go; 0 while one is empty. */
  private plainBefore = 0
  /**
   * In v4 a refused window stays in its slot without a bitmap and may come to fill several, so that the
   * order of the windows is not that of the slots: there, search as the original does.
   */
  private readonly search: boolean

  constructor(count: number, search: boolean) {
    this.count = count
    this.search = search
    const length = Math.min(count, 16)
    this.rows = new Int32Array(length).fill(NONE)
    this.newer = new Int32Array(length)
    this.older = new Int32Array(length)
  }

  clone(): BitmapSlots {
    const copy = new BitmapSlots(this.count, this.search)
    copy.rows = this.rows.slice()
    copy.newer = this.newer.slice()
    copy.older = this.older.slice()
    copy.oldest = this.oldest
    copy.lowestMaybeEmpty = this.lowestMaybeEmpty
    copy.inUse = this.inUse
    copy.plainBefore = this.plainBefore
    return copy
  }

  /** Whether a slot may point to a window that has no bitmap. */
  get mayHoldDead(): boolean {
    return this.search
  }

  /** Makes as many slots exist, as far as there are so many on the books. */
  makeRoom(slots: number): void {
    const length = Math.min(this.count, slots)
    if (length <= this.rows.length) return
    const longer = (from: Int32Array): Int32Array => {
      const to = new Int32Array(length).fill(NONE)
      to.set(from)
      return to
    }
    this.rows = longer(this.rows)
    this.newer = longer(this.newer)
    this.older = longer(this.older)
  }

  /** @returns the first empty slot, or -1 if all are in use */
  firstEmpty(): number {
    let slot = this.lowestMaybeEmpty
    while (slot < this.rows.length && this.rows[slot]! !== NONE) slot++
    this.lowestMaybeEmpty = slot
    if (slot === this.count) return NONE
    if (slot === this.rows.length) this.makeRoom(2 * slot)
    return slot
  }

  /** @returns the slot whose window has the largest u32 difference of currentAge and age; -1 if none is in use */
  oldestInUse(columns: WindowColumns, now: number): number {
    if (this.search) return this.searchOldest(columns, now)
    // Before the first wrap no difference can have wrapped.
    if (now < AGE_RANGE || this.oldest === NONE) return this.oldest
    const unused = now - columns.tick[this.rows[this.oldest]!]!
    return unused < AGE_RANGE ? this.oldest : this.searchOldest(columns, now)
  }

  /** Puts a window into an empty slot. */
  put(slot: number, row: number): void {
    this.rows[slot] = row
    this.inUse++
    if (this.inUse === this.count && !this.search) this.plainBefore = AGE_RANGE
    this.linkNewest(slot)
  }

  /**
   * The slot that a new window gets where it is plain which: all are in use, and it is the oldest.
   * @returns -1 where it takes firstEmpty and oldestInUse to tell
   */
  nextToGo(now: number): number {
    return now < this.plainBefore ? this.oldest : NONE
  }

  /** Gives the oldest slot to another window, which makes it the newest. */
  replaceOldest(row: number): void {
    const { oldest } = this
    this.rows[oldest] = row
    this.oldest = this.newer[oldest]!
  }

  /** Makes a slot empty. */
  empty(slot: number): void {
    this.rows[slot] = NONE
    this.inUse--
    this.plainBefore = 0
    this.unlink(slot)
    if (slot < this.lowestMaybeEmpty) this.lowestMaybeEmpty = slot
  }

  /** The slot's window was used. */
  touch(slot: number): void {
    const { oldest } = this
    if (slot === oldest) this.oldest = this.newer[slot]!
    else if (slot !== this.older[oldest]) {
      this.unlink(slot)
      this.linkNewest(slot)
    }
  }

  private searchOldest(columns: WindowColumns, now: number): number {
    let best = NONE
    let largest = -1
    for (let slot = 0; slot < this.rows.length; slot++) {
      const row = this.rows[slot]!
      if (row === NONE) continue
      const difference = (now - columns.tick[row]!) % AGE_RANGE
      if (difference > largest) {
        largest = difference
        best = slot
      }
    }
    return best
  }

  private linkNewest(slot: number): void {
    const { newer, older, oldest } = this
    if (oldest === NONE) {
      newer[slot] = older[slot] = slot
      this.oldest = slot
      return
    }
    const newest = older[oldest]!
    newer[newest] = slot
    older[slot] = newest
    newer[slot] = oldest
    older[oldest] = slot
  }

  private unlink(slot: number): void {
    const { newer, older } = this
    const next = newer[slot]!
    const previous = older[slot]!
    newer[previous] = next
    older[next] = previous
    if (slot === this.oldest) this.oldest = next === slot ? NONE : next
  }
}
