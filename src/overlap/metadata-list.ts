/**
 * QEMU's in-memory list of all metadata, as the series "qcow2: Add new overlap check functions" (2015)
 * has it: every number it reports comes out as in the original. What is *done* differs from what is
 * *accounted*. The original keeps a window's metadata either as 4096 bytes (a bitmap) or as a list of
 * fragments, converts between the two, and pays for both from a limited budget. Here a window always
 * is a list of type runs (type-runs.ts), and bitmaps and fragment arrays exist as numbers only:
 *
 *     on the books                              in memory
 *     bitmap: 4096 bytes, in a slot or kept     slot[row], modified[row]
 *     fragment array: 4 bytes x array size      arraySize[row], nbFragments[row]
 *     the bitmap's bytes, painted               runs of the row: edited in place, looked up by directory
 *     the fragments beside a modified bitmap    listed runs of the row: what the runs were when it was built
 *
 * How a check of clusters [index, index + n) of a window finds its way, and what it costs:
 *
 *     hot stretch? ---- yes: n ticks, and its types                             (settle writes the age later)
 *       | no
 *     window -> row of its columns     window-columns.ts     one look-up
 *       | no bitmap on the books?
 *       |   slots full, oldest not modified: it takes over    bitmap-slots.ts     the ring turns by one
 *       |   else build: evict, code fragments, reserve        the rules of the original, on the books
 *     row -> runs of the range         run-directory.ts      two look-ups, and mostly two runs
 *
 * So building a bitmap and giving it back are a few additions, and a check of 256 clusters is one look.
 */
import type { TypeMask } from '../lib/metadata-types.ts'
import { WINDOW_CLUSTERS, type WindowIndex } from '../lib/units.ts'
import { BitmapSlots } from './bitmap-slots.ts'
import { type Checkpoint, checkpointOf, slotsAt, windowsAt } from './checkpoint.ts'
import type { OverlapEngine, TypeRun, WindowState } from './engine.ts'
import { ListBooks } from './list-books.ts'
import { runEnd, runStart, runTypes } from './run-arena.ts'
import { NO_BITMAP } from './window-columns.ts'

export class MetadataList extends ListBooks implements OverlapEngine {
  private lastCheckpoint: Checkpoint | undefined
  /** Row of the window that was checked last. */
  private lastRow = -1
  /**
   * Writes mostly go where the last one went. Of the window checked last this remembers a stretch of equal
   * types, once it was checked twice in a row; a check inside it only ticks. Its tick is written
   * down when anything else happens (`settle`). `window` is -1 as long as nothing is remembered.
   */
  private readonly hot = { window: -1, from: 0, to: 0, types: 0 }

  enter(window: WindowIndex, index: number, nbClusters: number, types: TypeMask): void {
    const add = types & this.shape.checkedTypes
    if (add === 0) return
    this.settle()
    for (let left = nbClusters; left > 0; window++, index = 0) {
      if (window >= this.windowCount && !this.growTo(window)) {
        this.listener?.limitReached('window-array', window, left, 1)
        return
      }
      const clusters = Math.min(left, WINDOW_CLUSTERS - index)
      left -= clusters
      const row = this.windows.findOrAdd(window)
      if (this.windows.slot[row] === NO_BITMAP && !this.build(row)) {
        this.listener?.limitReached('bitmap', window, WINDOW_CLUSTERS, 1)
        continue
      }
      this.change(row, index, index + clusters, 0xff, add)
    }
  }

  remove(window: WindowIndex, index: number, nbClusters: number, types: TypeMask): void {
    const taken = types & this.shape.checkedTypes
    if (taken === 0) return
    this.settle()
    const { windows } = this
    for (let left = nbClusters; left > 0 && window < this.windowCount; window++, index = 0) {
      const clusters = Math.min(left, WINDOW_CLUSTERS - index)
      left -= clusters
      const row = windows.findOrAdd(window)
      if (windows.slot[row] === NO_BITMAP && !this.build(row)) {
        this.listener?.limitReached('bitmap', window, WINDOW_CLUSTERS, 1)
        windows.dropFragments(row)
        continue
      }
      this.change(row, index, index + clusters, ~taken & 0xff, 0)
    }
  }

  check(window: WindowIndex, index: number, nbClusters: number, ignored: TypeMask): TypeMask {
    const { hot } = this
    if (hot.window >= 0) {
      if (window === hot.window && index >= hot.from && index + nbClusters <= hot.to && nbClusters > 0) {
        this.ticks += nbClusters
        return hot.types & ~ignored
      }
      this.settle()
    }
    if (index + nbClusters <= WINDOW_CLUSTERS && nbClusters > 0) {
      if (window >= this.windowCount) return 0
      return this.checkWithin(this.windows.findOrAdd(window), index, nbClusters | 0) & ~ignored
    }
    let answer = 0
    for (let left = nbClusters; left > 0 && window < this.windowCount; window++, index = 0) {
      const clusters = Math.min(left, WINDOW_CLUSTERS - index) | 0
      left -= clusters
      answer |= this.checkWithin(this.windows.findOrAdd(window), index, clusters)
      this.settle()
    }
    return answer & ~ignored
  }

  /**
   * A check of clusters of one window, without ignored types. All its numbers are small integers: a
   * float here (as window indexes and counts of clusters may be) would be allocated anew for each call.
   */
  private checkWithin(row: number, index: number, clusters: number): TypeMask {
    const { windows } = this
    const end = (index + clusters) | 0
    const slot = windows.slot[row]!
    if (slot >= 0) this.bitmapSlots.touch(slot)
    else if (slot === NO_BITMAP && !this.takeOver(row)) {
      clusters = this.buildForCheck(row, clusters)
      if (clusters === 0) return 0
    }
    // Each cluster's check is a use of the window: the last one sets its age.
    this.ticks += clusters
    windows.setTick(row, this.ticks - 1)
    if (row === this.lastRow) this.heat(row, end - 1)
    else this.lastRow = row
    return windows.typesWithin(row, end - clusters, end)
  }

  /** Remembers the stretch around a cluster of a window that was used twice in a row. */
  private heat(row: number, cluster: number): void {
    const { hot, windows } = this
    hot.window = windows.index[row]!
    windows.stretchAround(row, cluster, hot)
  }

  /** Writes down when the hot window was last used, and forgets what is remembered of it. */
  private settle(): void {
    const { hot } = this
    if (hot.window < 0) return
    this.windows.setTick(this.lastRow, this.ticks - 1)
    hot.window = -1
  }

  slots(): number[] {
    return Array.from(this.bitmapSlots.rows, row => (row < 0 ? -1 : this.windows.index[row]!))
  }

  usedWindows(): WindowIndex[] {
    return Array.from(this.windows.index.subarray(0, this.windows.count)).sort((a, b) => a - b)
  }

  /** Whether the window was ever entered, checked or tried to build: an age of 0 does not tell. */
  isUsed(window: WindowIndex): boolean {
    return this.rowOf(window) >= 0
  }

  /** A small number that stands for a window as long as the list lives; -1 for one that was never used. */
  rowOf(window: WindowIndex): number {
    return this.windows.find(window)
  }

  windowOf(row: number): WindowIndex {
    return this.windows.index[row]!
  }

  windowState(window: WindowIndex): WindowState {
    this.settle()
    return this.windows.state(window)
  }

  fragments(window: WindowIndex): TypeRun[] {
    return this.windows.fragments(window)
  }

  runs(window: WindowIndex): Uint32Array {
    return this.runsInPlace(window).slice()
  }

  runsInPlace(window: WindowIndex): Uint32Array {
    return this.windows.runsInPlace(window)
  }

  readWindow(window: WindowIndex, into: Uint8Array): void {
    into.fill(0, 0, WINDOW_CLUSTERS)
    for (const run of this.runsInPlace(window)) into.fill(runTypes(run), runStart(run), runEnd(run))
  }

  /** Bytes really held, for memory figures. */
  get bytes(): number {
    return this.windows.bytes
  }

  canBuild(): boolean {
    const trial = this.clone()
    // A window that nobody uses: what decides is only how much the others can give back.
    trial.windowCount = Number.MAX_SAFE_INTEGER
    return trial.build(trial.windows.findOrAdd(2 ** 44))
  }

  clone(): MetadataList {
    this.settle()
    const copy = new MetadataList(this.shape)
    copy.memUsage = this.memUsage
    copy.peak = this.peak
    copy.windowCount = this.windowCount
    copy.bitmapCount = this.bitmapCount
    copy.ticks = this.ticks
    copy.windows = this.windows.clone()
    copy.bitmapSlots = this.bitmapSlots.clone()
    return copy
  }

  /**
   * The state as it is now, to go back to. Costs what has changed since the last one: what has not is that
   * one's, which this one refers to.
   */
  checkpoint(): Checkpoint {
    this.settle()
    const { memUsage, peak, windowCount, bitmapCount, ticks, windows, bitmapSlots } = this
    this.lastCheckpoint = checkpointOf(
      { memUsage, peak, windowCount, bitmapCount, ticks },
      windows,
      bitmapSlots,
      this.lastCheckpoint,
    )
    windows.forgetChanged(ticks)
    return this.lastCheckpoint
  }

  /** Goes back (or forward) to a state of this list; later states of it are reached in the same way. */
  restore(checkpoint: Checkpoint): void {
    this.hot.window = this.lastRow = -1
    Object.assign(this, checkpoint.figures)
    this.windows = windowsAt(checkpoint)
    this.bitmapSlots = slotsAt(
      checkpoint,
      this.windows,
      new BitmapSlots(this.slotCount, this.shape.version === 'v4'),
    )
    this.lastCheckpoint = checkpoint
    this.windows.forgetChanged(this.ticks)
  }

  /** Sets the types of the window's clusters in [start, end) to (types & keep) | add, and uses the window. */
  private change(row: number, start: number, end: number, keep: TypeMask, add: TypeMask): void {
    const { windows } = this
    windows.change(row, start, end, keep, add)
    windows.setTick(row, this.ticks++)
    const slot = windows.slot[row]!
    if (slot >= 0) this.bitmapSlots.touch(slot)
  }
}
