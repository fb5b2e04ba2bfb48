/**
 * The books of a list: what memory each part takes, which windows have bitmaps, and in which slots. These are the
 * original's rules of reservation, of building a bitmap and of giving it back, done in numbers (metadata-list.ts).
 */
import { WINDOW_CLUSTERS, type WindowIndex } from '../lib/units.ts'
import { BitmapSlots } from './bitmap-slots.ts'
import type { EngineListener, EngineVersion } from './engine.ts'
import { FRAGMENT_BYTES } from './fragment-array.ts'
import { RecordedWindows } from './recorded-windows.ts'
import { KEPT, NO_BITMAP } from './window-columns.ts'
import type { TypeMask } from '../lib/metadata-types.ts'

export const LIST_BYTES = 56
export const WINDOW_BYTES = 32
export const SLOT_BYTES = 4
export const BITMAP_BYTES = WINDOW_CLUSTERS

/** What a list starts from, after create-engine.ts has made sure that it can be made. */
export interface ListShape {
  readonly version: EngineVersion
  readonly checkedTypes: TypeMask
  readonly windowCount: number
  readonly slotCount: number
  /** Infinity for none. */
  readonly limit: number
}

export class ListBooks {
  memUsage: number
  /** The highest memUsage so far. */
  peak: number
  windowCount: number
  bitmapCount = 0
  protected readonly shape: ListShape
  /** Every use of a window is a tick; currentAge is the counter's low 32 bits. */
  protected ticks = 0
  protected windows = new RecordedWindows()
  protected bitmapSlots: BitmapSlots
  private told: EngineListener | undefined
  /** Whether anybody wants to hear of bitmaps: a miss has no time to ask for each. */
  private tellsBitmaps = false

  constructor(shape: ListShape, listener?: EngineListener) {
    this.shape = shape
    this.listener = listener
    this.windowCount = shape.windowCount
    this.memUsage = LIST_BYTES + WINDOW_BYTES * shape.windowCount + SLOT_BYTES * shape.slotCount
    this.peak = this.memUsage
    this.bitmapSlots = new BitmapSlots(shape.slotCount, shape.version === 'v4')
  }

  get listener(): EngineListener | undefined {
    return this.told
  }

  set listener(listener: EngineListener | undefined) {
    this.told = listener
    this.tellsBitmaps =
      listener?.bitmapBuilt !== undefined ||
      listener?.bitmapDestroyed !== undefined ||
      listener?.bitmapTakenOver !== undefined
  }

  /** Sum of all array sizes, in fragments. */
  get arrayTotal(): number {
    return this.windows.arrayTotal
  }

  get currentAge(): number {
    return this.ticks % 2 ** 32
  }

  get slotCount(): number {
    return this.bitmapSlots.count
  }
  protected reserve(bytes: number): boolean {
    if (this.memUsage + bytes > this.shape.limit) return false
    this.memUsage += bytes
    if (this.memUsage > this.peak) this.peak = this.memUsage
    return true
  }

  protected growTo(window: WindowIndex): boolean {
    if (!this.reserve(WINDOW_BYTES * (window + 1 - this.windowCount))) return false
    this.windowCount = window + 1
    return true
  }

  /**
   * Puts a window's bitmap into a slot.
   * @returns false if the limit leaves no room for it
   */
  protected build(row: number): boolean {
    if (this.takeOver(row)) return true
    const { windows, bitmapSlots } = this
    let slot = bitmapSlots.firstEmpty()
    if (slot < 0) {
      slot = bitmapSlots.oldestInUse(windows, this.ticks)
      this.evict(slot)
    }
    bitmapSlots.put(slot, row)
    windows.setTick(row, this.ticks++)
    while (!this.reserve(BITMAP_BYTES)) {
      // v4 gives up at once and leaves the window in its slot, without a bitmap.
      if (this.shape.version === 'v4') return false
      bitmapSlots.empty(slot)
      slot = bitmapSlots.oldestInUse(windows, this.ticks)
      if (slot < 0) return false
      this.evict(slot)
      bitmapSlots.put(slot, row)
    }
    windows.slot[row] = slot
    windows.modified[row] = 0
    this.bitmapCount++
    this.listener?.bitmapBuilt?.(windows.index[row]!, slot)
    return true
  }

  /**
   * The commonest build: the slots are full and the oldest window's bitmap says what its fragments say.
   * It gives back as many bytes as the new one takes, so neither the limit nor the books are touched.
   * @returns whether it was that one; if not, nothing has happened
   */
  protected takeOver(row: number): boolean {
    const { windows, bitmapSlots } = this
    const slot = bitmapSlots.nextToGo(this.ticks)
    if (slot < 0) return false
    const oldest = bitmapSlots.rows[slot]!
    if (windows.modified[oldest] !== 0) return false
    windows.remember(oldest)
    windows.slot[oldest] = NO_BITMAP
    windows.slot[row] = slot
    windows.modified[row] = 0
    // A tick of its own, whose age nobody sees: the use that the bitmap was built for follows at once.
    this.ticks++
    bitmapSlots.replaceOldest(row)
    if (this.tellsBitmaps) this.tellTakenOver(oldest, row, slot)
    return true
  }

  protected tellTakenOver(oldest: number, row: number, slot: number): void {
    const { told, windows } = this
    if (told?.bitmapTakenOver) {
      told.bitmapTakenOver(oldest, row)
      return
    }
    told?.bitmapDestroyed?.(windows.index[oldest]!, 'unmodified')
    told?.bitmapBuilt?.(windows.index[row]!, slot)
  }

  /**
   * Builds a window's bitmap for a check of so many of its clusters, each of which tries anew after a
   * refusal, and sends an event of its own.
   * @returns how many clusters, the last ones, are left to be checked
   */
  protected buildForCheck(row: number, clusters: number): number {
    if (this.build(row)) return clusters
    const window = this.windows.index[row]!
    if (this.shape.version === 'v4') {
      this.listener?.limitReached('bitmap', window, WINDOW_CLUSTERS, 1)
      for (let left = clusters - 1; left > 0; left--) {
        if (this.build(row)) return left
        this.listener?.limitReached('bitmap', window, WINDOW_CLUSTERS, 1)
      }
      return 0
    }
    // A refusal has emptied every slot, so nothing is left that could make the next try go otherwise.
    this.ticks += clusters - 1
    this.windows.setTick(row, this.ticks - 1)
    this.listener?.limitReached('bitmap', window, WINDOW_CLUSTERS, clusters)
    return 0
  }

  /** Makes a slot empty, and gives its window's bitmap back if it has one. */
  protected evict(slot: number): void {
    const row = this.bitmapSlots.rows[slot]!
    this.bitmapSlots.empty(slot)
    if (this.windows.slot[row] !== NO_BITMAP) this.destroy(row)
  }

  /** Gives a bitmap's bytes back, unless its fragments would take as many: then it is kept for good. */
  protected destroy(row: number): void {
    const { windows } = this
    const window = windows.index[row]!
    windows.remember(row)
    const modified = windows.modified[row] === 1
    if (modified) {
      const oldSize = windows.arraySize[row]!
      const isKept = !windows.recodeFragments(row)
      this.memUsage += FRAGMENT_BYTES * (windows.arraySize[row]! - oldSize)
      if (isKept) {
        windows.slot[row] = KEPT
        this.listener?.bitmapDestroyed?.(window, 'kept')
        return
      }
    }
    this.memUsage -= BITMAP_BYTES
    // By entries, not by bytes: the original's defect, by which memUsage drifts away from the truth.
    this.memUsage -= windows.shrinkArray(row)
    windows.slot[row] = NO_BITMAP
    this.bitmapCount--
    this.listener?.bitmapDestroyed?.(window, modified ? 'fragments' : 'unmodified')
  }
}
