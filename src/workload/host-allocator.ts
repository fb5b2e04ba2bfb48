/**
 * Where QEMU puts new clusters: first fit from a cursor, refcount blocks made on entering a range that has none,
 * and a longer refcount table when the last entry is taken. Follows block/qcow2-refcount.c: alloc_clusters_noref,
 * update_refcount, alloc_refcount_block and qcow2_refcount_area.
 */
import type { ClusterIndex } from '../lib/units.ts'
import { FreeSpace } from './free-space.ts'
import { ENTRY_SIZE, fileTooLarge, type Geometry } from './geometry.ts'
import { NumberList } from './number-list.ts'
import { SegmentKind, type SegmentLog } from './segments.ts'

/** Where the refcount table is. */
export interface TablePlace {
  readonly start: ClusterIndex
  readonly clusters: number
}

export class HostAllocator {
  readonly #geometry: Geometry
  readonly #log: SegmentLog
  readonly #free = new FreeSpace()
  /** The refcount table: host cluster of each block, 0 for none. */
  readonly blocks = new NumberList()
  #table: TablePlace = { start: 1, clusters: 1 }
  #tableSegment: number
  /** Where the search for free clusters goes on. */
  #cursor: ClusterIndex = 0

  /** A new image: header, a refcount table of one cluster, one refcount block. */
  constructor(geometry: Geometry, log: SegmentLog) {
    this.#geometry = geometry
    this.#log = log
    log.add(SegmentKind.header, 0, 1)
    this.#tableSegment = log.add(SegmentKind.refcountTable, 1, 1)
    log.add(SegmentKind.refcountBlock, 2, 1, 0)
    this.blocks.set(0, 2)
    this.allocate(3)
  }

  get table(): TablePlace {
    return this.#table
  }

  /** The cluster after the last used one. */
  get end(): ClusterIndex {
    return this.#free.end
  }

  /** A new process opens the image: its search starts at the beginning. */
  reopen(): void {
    this.#cursor = 0
  }

  /** @returns the first of `count` consecutive new clusters */
  allocate(count: number): ClusterIndex {
    for (;;) {
      const start = this.#find(count)
      if (this.#use(start, count)) return start
    }
  }

  /**
   * As many clusters from `start` on as are free, `count` at most.
   * @returns how many; 0 where the first is used
   */
  allocateAt(start: ClusterIndex, count: number): number {
    for (;;) {
      const free = Math.min(count, this.#free.lengthAt(start))
      if (this.#use(start, free)) return free
    }
  }

  /** The same as `count` times allocate(1), told in consecutive stretches. */
  allocateSingly(count: number, visit: (start: ClusterIndex, count: number) => void): void {
    const { refcountsPerBlock } = this.#geometry
    for (let left = count; left > 0; ) {
      const start = this.#free.firstFit(this.#cursor, 1)
      const block = Math.floor(start / refcountsPerBlock)
      if (this.blocks.at(block) === 0) {
        visit(this.allocate(1), 1)
        left--
        continue
      }
      const room = Math.min(this.#free.lengthAt(start), (block + 1) * refcountsPerBlock - start)
      const taken = Math.min(left, room)
      this.#free.take(start, taken)
      this.#cursor = start + taken
      visit(start, taken)
      left -= taken
    }
  }

  release(start: ClusterIndex, count: number): void {
    this.#free.give(start, count)
    this.#cursor = Math.min(this.#cursor, start)
  }

  /**
   * A new area at the end of the file for `extra` clusters: refcount blocks for it, and a refcount table of exactly
   * the length needed (as `preallocation=falloc` makes it).
   * @returns the first cluster after the new blocks and table
   */
  prepareArea(extra: number): ClusterIndex {
    return this.#newArea(this.end, extra, true)
  }

  #find(count: number): ClusterIndex {
    const start = this.#free.firstFit(this.#cursor, count)
    this.#cursor = start + count
    return start
  }

  /** @returns false if a refcount block had to be made first: search again, the clusters may be taken now */
  #use(start: ClusterIndex, count: number): boolean {
    const { refcountsPerBlock } = this.#geometry
    for (let at = start; at < start + count; ) {
      const block = Math.floor(at / refcountsPerBlock)
      if (this.blocks.at(block) === 0) {
        this.#makeBlock(at)
        this.#cursor = Math.min(this.#cursor, start)
        if (at > start) this.#free.give(start, at - start)
        return false
      }
      const end = Math.min(start + count, (block + 1) * refcountsPerBlock)
      this.#free.take(at, end - at)
      at = end
    }
    return true
  }

  #makeBlock(cluster: ClusterIndex): void {
    const { refcountsPerBlock, clusterSize, maxClusters } = this.#geometry
    if (cluster >= maxClusters) throw fileTooLarge(this.#geometry)
    const index = Math.floor(cluster / refcountsPerBlock)
    const block = this.#find(1)
    if (Math.floor(block / refcountsPerBlock) === index) this.#free.take(block, 1)
    // Described by a block that had to be made for it: this one is left, still free.
    else if (!this.#use(block, 1)) return
    this.#log.add(SegmentKind.refcountBlock, block, 1, index)
    const fits = index < (this.#table.clusters * clusterSize) / ENTRY_SIZE
    this.blocks.set(index, block)
    if (fits) return
    const firstRange = Math.ceil(Math.max(cluster + 1, block) / refcountsPerBlock)
    this.#newArea(firstRange * refcountsPerBlock, 0, false)
  }

  /** Refcount blocks that are missing from `start` on, one after another, and behind them a longer table. */
  #newArea(start: ClusterIndex, extra: number, exact: boolean): ClusterIndex {
    const { refcountsPerBlock, clusterSize, maxRefcountBlocks } = this.#geometry
    const perCluster = clusterSize / ENTRY_SIZE
    const blocks = this.#blocksNeeded(start + extra, exact)
    const tableClusters = Math.ceil((exact ? blocks : blocks + Math.ceil(blocks / 2)) / perCluster)
    if (tableClusters * perCluster > maxRefcountBlocks) throw fileTooLarge(this.#geometry)
    let at = start
    for (let index = Math.floor(start / refcountsPerBlock); index < blocks; index++) {
      if (this.blocks.at(index) !== 0) continue
      this.#log.add(SegmentKind.refcountBlock, at, 1, index)
      this.blocks.set(index, at++)
    }
    const old = { place: this.#table, segment: this.#tableSegment }
    this.#table = { start: at, clusters: tableClusters }
    this.#tableSegment = this.#log.add(SegmentKind.refcountTable, at, tableClusters)
    const end = at + tableClusters
    this.#free.take(start, end - start)
    this.#log.drop(old.segment)
    this.release(old.place.start, old.place.clusters)
    return end
  }

  /** QEMU: qcow2_refcount_metadata_size. The blocks describe themselves and the table, hence the fixed point. */
  #blocksNeeded(clusters: number, exact: boolean): number {
    const { refcountsPerBlock, clusterSize } = this.#geometry
    let described = clusters
    let generous = !exact
    let blocks = 0
    let table = 0
    for (let total = 0, last = -1; total !== last; ) {
      last = total
      blocks = Math.ceil((described + table + blocks) / refcountsPerBlock)
      table = Math.ceil((blocks * ENTRY_SIZE) / clusterSize)
      total = described + blocks + table
      if (total === last && generous) {
        described += Math.ceil(table / 2)
        total = 0
        generous = false
      }
    }
    return blocks
  }
}
