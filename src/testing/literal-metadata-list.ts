/**
 * The overlap engine done literally: real bytes, a real fragment list, a linear search over the slots,
 * one rule after the other as the original has them. It exists to be compared with: property tests run
 * it beside the engine of src/overlap, and `npm run bench` measures that one against it.
 */
import { WINDOW_CLUSTERS } from '../lib/units.ts'

const WINDOW_STRUCT = 32
const POINTER = 4
const LIST_STRUCT = 56

interface Fragment {
  types: number
  clusters: number
  start: number
}

interface LiteralWindow {
  fragments: Fragment[]
  fragmentsArraySize: number
  bitmap: Uint8Array | undefined
  bitmapModified: boolean
  age: number
}

export interface LiteralOptions {
  readonly version: 'v6' | 'v4'
  readonly clusterBits: number
  readonly checkedTypes: number
  readonly fileSize: number
  readonly bitmapSize: number
  /** Infinity for none. */
  readonly totalSizeLimit: number
}

const emptyWindow = (): LiteralWindow => ({
  fragments: [],
  fragmentsArraySize: 0,
  bitmap: undefined,
  bitmapModified: false,
  age: 0,
})

export class LiteralMetadataList {
  memUsage = 0
  currentAge = 0
  windows: LiteralWindow[] = []
  cache: number[] = []
  readonly options: LiteralOptions
  readonly onEvent: (startCluster: number, clusters: number) => void

  /** @throws Error with the series' own text when the limit leaves no room for the list */
  constructor(options: LiteralOptions, onEvent: (startCluster: number, clusters: number) => void) {
    this.options = options
    this.onEvent = onEvent
    const sectors = Math.ceil(options.fileSize / 512)
    const windows = Math.ceil(sectors / (2 ** (options.clusterBits - 9) * WINDOW_CLUSTERS))
    const slots = Math.max(1, Math.floor(options.bitmapSize / WINDOW_CLUSTERS))
    if (options.totalSizeLimit < LIST_STRUCT) throw new Error('Cannot allocate metadata list')
    this.memUsage = LIST_STRUCT
    if (!this.reserve(windows * WINDOW_STRUCT))
      throw new Error('Cannot allocate metadata overlap check windows')
    if (!this.reserve(slots * POINTER)) throw new Error('Cannot allocate metadata overlap cache pointers')
    this.windows = Array.from({ length: windows }, emptyWindow)
    this.cache = Array.from({ length: slots }, () => -1)
  }

  enter(firstCluster: number, nbClusters: number, types: number, aligned: boolean): void {
    types &= this.options.checkedTypes
    if (!types || !aligned) return
    this.eachWindow(firstCluster, nbClusters, (index, start, clusters, left) => {
      if (index >= this.windows.length) {
        if (!this.reserve((index + 1 - this.windows.length) * WINDOW_STRUCT)) {
          this.onEvent(index * WINDOW_CLUSTERS, left)
          return false
        }
        while (this.windows.length <= index) this.windows.push(emptyWindow())
      }
      const window = this.windows[index]!
      if (!window.bitmap && !this.build(index)) {
        this.onEvent(index * WINDOW_CLUSTERS, WINDOW_CLUSTERS)
        return true
      }
      for (let i = start; i < start + clusters; i++) window.bitmap![i]! |= types
      this.touch(window)
      window.bitmapModified = true
      return true
    })
  }

  remove(firstCluster: number, nbClusters: number, types: number, aligned: boolean): void {
    types &= this.options.checkedTypes
    if (!types) return
    this.eachWindow(firstCluster, nbClusters + (aligned ? 0 : 1), (index, start, clusters) => {
      const window = this.windows[index]
      if (!window) return false
      if (!window.bitmap && !this.build(index)) {
        this.onEvent(index * WINDOW_CLUSTERS, WINDOW_CLUSTERS)
        window.fragments = []
        window.fragmentsArraySize = 0
        return true
      }
      for (let i = start; i < start + clusters; i++) window.bitmap![i]! &= ~types
      this.touch(window)
      window.bitmapModified = true
      return true
    })
  }

  check(firstCluster: number, nbClusters: number, ignored: number): number {
    let answer = 0
    for (let cluster = firstCluster; cluster < firstCluster + nbClusters; cluster++) {
      const index = Math.floor(cluster / WINDOW_CLUSTERS)
      const window = this.windows[index]
      if (!window) continue
      if (!window.bitmap && !this.build(index)) {
        this.onEvent(index * WINDOW_CLUSTERS, WINDOW_CLUSTERS)
        continue
      }
      this.touch(window)
      answer |= window.bitmap![cluster % WINDOW_CLUSTERS]! & ~ignored
    }
    return answer
  }

  private eachWindow(
    firstCluster: number,
    nbClusters: number,
    visit: (index: number, start: number, clusters: number, left: number) => boolean,
  ): void {
    for (let done = 0; done < nbClusters; ) {
      const cluster = firstCluster + done
      const start = cluster % WINDOW_CLUSTERS
      const clusters = Math.min(nbClusters - done, WINDOW_CLUSTERS - start)
      if (!visit(Math.floor(cluster / WINDOW_CLUSTERS), start, clusters, nbClusters - done)) return
      done += clusters
    }
  }

  private reserve(bytes: number): boolean {
    if (this.memUsage + bytes > this.options.totalSizeLimit) return false
    this.memUsage += bytes
    return true
  }

  private touch(window: LiteralWindow): void {
    window.age = this.currentAge
    this.currentAge = (this.currentAge + 1) >>> 0
  }

  private build(index: number): boolean {
    const window = this.windows[index]!
    let slot = this.cache.indexOf(-1)
    if (slot < 0) {
      slot = this.oldestSlot()
      this.destroy(this.windows[this.cache[slot]!]!)
    }
    this.cache[slot] = index
    this.touch(window)
    if (window.bitmap) return true
    while (!this.reserve(WINDOW_CLUSTERS)) {
      if (this.options.version === 'v4') return false
      this.cache[slot] = -1
      slot = this.oldestSlot()
      if (slot < 0) return false
      this.destroy(this.windows[this.cache[slot]!]!)
      this.cache[slot] = index
    }
    window.bitmap = new Uint8Array(WINDOW_CLUSTERS)
    for (const { start, clusters, types } of window.fragments)
      window.bitmap.fill(types, start, start + clusters)
    window.bitmapModified = false
    return true
  }

  /** The slot, among those in use, whose window was used longest ago; -1 if none is in use. */
  private oldestSlot(): number {
    let oldest = -1
    let largest = -1
    this.cache.forEach((index, slot) => {
      if (index < 0) return
      const difference = (this.currentAge - this.windows[index]!.age) >>> 0
      if (difference <= largest) return
      largest = difference
      oldest = slot
    })
    return oldest
  }

  private destroy(window: LiteralWindow): void {
    if (!window.bitmap) return
    this.memUsage -= WINDOW_CLUSTERS
    if (window.bitmapModified && !this.rebuildFragments(window)) {
      window.fragments = []
      window.fragmentsArraySize = 0
      this.memUsage += WINDOW_CLUSTERS
      return
    }
    const used = window.fragments.length
    if (used > 0 && used < Math.floor(window.fragmentsArraySize / 2)) {
      // The original lowers its account by entries here, not by bytes.
      this.memUsage -= window.fragmentsArraySize - used
      window.fragmentsArraySize = used
    }
    window.bitmap = undefined
  }

  private rebuildFragments(window: LiteralWindow): boolean {
    const bitmap = window.bitmap!
    const fragments: Fragment[] = []
    for (let start = 0; start < WINDOW_CLUSTERS; ) {
      const types = bitmap[start]!
      let end = start + 1
      while (end < WINDOW_CLUSTERS && bitmap[end] === types && end - start < 256) end++
      if (types) {
        if (fragments.length >= window.fragmentsArraySize) {
          this.memUsage -= 4 * window.fragmentsArraySize
          window.fragmentsArraySize = Math.floor((3 * window.fragmentsArraySize) / 2) + 1
          if (4 * window.fragmentsArraySize >= WINDOW_CLUSTERS) return false
          this.reserve(4 * window.fragmentsArraySize)
        }
        fragments.push({ types, clusters: end - start, start })
      }
      start = end
    }
    window.fragments = fragments
    return true
  }
}
