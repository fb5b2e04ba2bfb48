/**
 * The overlap engine as its callers see it: QEMU's in-memory list of all metadata (2015 series "qcow2:
 * Add new overlap check functions"). Its rules, with their sources, stand in `metadata-list.ts`.
 */
import type { TypeMask } from '../lib/metadata-types.ts'
import type { Bytes, WindowIndex } from '../lib/units.ts'

/** v6 is the series' last version; v4 the one whose patch 13 defines the event. They differ in one rule. */
export type EngineVersion = 'v6' | 'v4'

export interface EngineOptions {
  readonly version: EngineVersion
  readonly clusterBits: number
  /** Which types are recorded and checked. */
  readonly checkedTypes: TypeMask
  /** Length of the image file when it is opened. */
  readonly fileSize: Bytes
  /** Option `overlap-structures.bitmap-size`. */
  readonly bitmapSize: bigint
  /** Option `overlap-structures.total-size-limit`; undefined for none. */
  readonly totalSizeLimit: bigint | undefined
}

/** Which reservation was refused: a longer window array, or a window's bitmap. */
export type RefusedRule = 'window-array' | 'bitmap'

export interface EngineListener {
  /**
   * The memory limit was reached: from now on this range may go unchecked. Called at the moment of
   * the refusal, so the engine's memUsage is the one that left no room.
   * @param length in clusters
   * @param repeats how many events in a row are the same (a check sends one for every cluster)
   */
  limitReached(rule: RefusedRule, window: WindowIndex, length: number, repeats: number): void
  /** A window's bitmap was given back, or pinned outside the slots because its fragments were too many. */
  bitmapDestroyed?(window: WindowIndex, outcome: 'fragments' | 'unmodified' | 'kept'): void
  bitmapBuilt?(window: WindowIndex, slot: number): void
  /**
   * Where it is there, told instead of the two above when one bitmap is given back unmodified and another is built in its slot: nearly
   * every check that misses. It names the windows by rows (MetadataList.windowOf), which costs least.
   */
  bitmapTakenOver?(oldest: number, row: number): void
}

/** One window as it stands; for pictures and dumps. */
export interface WindowState {
  readonly index: WindowIndex
  readonly age: number
  readonly hasBitmap: boolean
  /** The original's bitmapModified: set by a change, reset by the next build, and left standing in between. */
  readonly modified: boolean
  readonly nbFragments: number
  readonly fragmentsArraySize: number
  /** Which slot holds its bitmap; -1 for none (then a bitmap it has is a kept one). */
  readonly slot: number
}

/** A run of equal types inside a window: [first cluster within the window, clusters, types]. */
export type TypeRun = readonly [start: number, clusters: number, types: TypeMask]

export interface OverlapEngine {
  readonly memUsage: number
  /** The highest memUsage so far. */
  readonly peak: number
  readonly currentAge: number
  /** Length of the window array. */
  readonly windowCount: number
  /** Slots on the books. */
  readonly slotCount: number
  /** Windows that have a bitmap on the books. */
  readonly bitmapCount: number
  /** Sizes of all fragment arrays together, in fragments. */
  readonly arrayTotal: number
  /** Each slot's window, or -1; slots past the array's end were never used. */
  slots(): number[]

  /**
   * Records metadata. The range starts at cluster `index` (0 to 4095) of `window` and may run on into
   * the windows that follow. A position is a pair because cluster indexes exceed 2^53 where offsets
   * near 2^63 meet 512-byte clusters; window indexes stay below 2^42.
   */
  enter(window: WindowIndex, index: number, nbClusters: number, types: TypeMask): void
  /** Forgets metadata. */
  remove(window: WindowIndex, index: number, nbClusters: number, types: TypeMask): void
  /** @returns the types of metadata in the range, without the ignored ones */
  check(window: WindowIndex, index: number, nbClusters: number, ignored: TypeMask): TypeMask

  /** Windows that have a bitmap, an array or an age, ascending. */
  usedWindows(): WindowIndex[]
  windowState(window: WindowIndex): WindowState
  /** The fragment list, old and still in place while the bitmap is modified. */
  fragments(window: WindowIndex): TypeRun[]
  /** What is recorded in a window, as packed runs (run-arena.ts) in order: a copy, to be kept. */
  runs(window: WindowIndex): Uint32Array
  /**
   * The same, but the engine's own memory, for looking at at once: after the next enter, remove or check it says
   * anything. Not to be changed.
   */
  runsInPlace(window: WindowIndex): Uint32Array
  /** Copies a window's 4096 bytes as a check would see them (bitmap, else fragments) into `into`. */
  readWindow(window: WindowIndex, into: Uint8Array): void
  /** Whether a window without a bitmap would get one now. The same for all of them. */
  canBuild(): boolean
  /** An independent copy, without listener. */
  clone(): OverlapEngine
}
