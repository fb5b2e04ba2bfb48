/**
 * A write-back cache of whole tables (QEMU: block/qcow2-cache.c): L2 tables or refcount blocks. The order in which
 * tables are written decides when overlaps are checked, so places, evictions and flushes are the original's.
 */
import { PageRow } from '../disk/page-row.ts'
import type { Bytes, ClusterIndex } from '../lib/units.ts'
import { DriverError } from './driver-error.ts'

/** What a cache needs of the disk. */
export interface CacheDisk {
  readTable(offset: Bytes): PageRow
  /** Checks, then writes. @throws DriverError EIO if the check refuses */
  writeTable(cache: TableCache, offset: Bytes, table: PageRow): void
}

/** A table to be read. */
export type Table = Pick<PageRow, 'getUint8' | 'getUint16' | 'getUint32' | 'clone'>

/** Index of an entry of the cache that is in use: give it back with put. */
export type Slot = number

export class TableCache {
  readonly size: number
  /** The cache that must be written before this one is. */
  dependsOn: TableCache | undefined
  private readonly clusterSize: Bytes
  private readonly disk: CacheDisk
  /** Host offset of each entry's table; 0 for none. */
  private readonly offsets: Float64Array
  private readonly lastUsed: Float64Array
  private readonly users: Uint8Array
  private readonly dirty: Uint8Array
  private readonly tables: (PageRow | undefined)[] = []
  /** Which entry has the table of a cluster. (Cluster numbers make cheaper keys than offsets.) */
  private readonly places = new Map<ClusterIndex, Slot>()
  private clock = 0
  private dirtyCount = 0

  constructor(size: number, clusterSize: Bytes, disk: CacheDisk) {
    this.size = size
    this.clusterSize = clusterSize
    this.disk = disk
    this.offsets = new Float64Array(size)
    this.lastUsed = new Float64Array(size)
    this.users = new Uint8Array(size)
    this.dirty = new Uint8Array(size)
  }

  /** The table at this offset, read if it is not here. @throws DriverError when an eviction fails */
  get(offset: Bytes): Slot {
    return this.place(offset, true)
  }

  /** A place for a new table, which the caller fills (fresh). @throws DriverError when an eviction fails */
  getEmpty(offset: Bytes): Slot {
    return this.place(offset, false)
  }

  put(slot: Slot): void {
    if (--this.users[slot]! === 0) this.lastUsed[slot] = ++this.clock
  }

  /** Works with a table and gives it back, whatever happens. */
  use<R>(offset: Bytes, work: (table: Table, slot: Slot) => R): R {
    const slot = this.get(offset)
    try {
      return work(this.view(slot), slot)
    } finally {
      this.put(slot)
    }
  }

  /** The table, to be read. */
  view(slot: Slot): Table {
    return this.tables[slot]!
  }

  /** The table, to be changed: it is dirty from now on. */
  change(slot: Slot): PageRow {
    this.markDirty(slot)
    return this.tables[slot]!
  }

  /** Puts this table in the place of the one that is there, and marks it dirty. It belongs to the cache from now on. */
  fill(slot: Slot, table: PageRow): void {
    this.markDirty(slot)
    this.setTable(slot, table)
  }

  /**
   * Writes every dirty table, in the order of their places. A failure does not keep the others from being written.
   * @throws DriverError the last failure
   */
  flush(): void {
    if (this.dirtyCount === 0) return
    let failure: DriverError | undefined
    for (let slot = 0; slot < this.size && this.dirtyCount > 0; slot++) {
      if (!this.dirty[slot]) continue
      try {
        this.flushSlot(slot)
      } catch (error) {
        if (!(error instanceof DriverError)) throw error
        if (failure?.errno !== 'ENOSPC') failure = error
      }
    }
    if (failure) throw failure
  }

  /** From now on the other cache is written before this one is; a circle is written out first. */
  setDependency(on: TableCache): void {
    if (on.dependsOn) on.flushDependency()
    this.dependsOn = on
  }

  /** Forgets a table whose cluster was freed, so that it is never written over what comes there next. */
  discard(offset: Bytes): void {
    const slot = this.slotOf(offset)
    if (slot === undefined || this.users[slot] !== 0) return
    this.setClean(slot)
    this.lastUsed[slot] = 0
    this.setOffset(slot, 0)
  }

  /** Forgets everything without writing it: what happens to a cache when its image is given up. */
  drop(): void {
    for (let slot = 0; slot < this.size; slot++) {
      this.setClean(slot)
      this.setOffset(slot, 0)
      this.lastUsed[slot] = 0
    }
    this.dependsOn = undefined
  }

  has(offset: Bytes): boolean {
    return this.slotOf(offset) !== undefined
  }

  get isDirty(): boolean {
    return this.dirtyCount > 0
  }

  /** Whether the table at this offset has changes that are not on disk yet. */
  isTableDirty(offset: Bytes): boolean {
    const slot = this.slotOf(offset)
    return slot !== undefined && this.dirty[slot] === 1
  }

  /** A copy that shares tables until one side changes them; the caller links its dependency. */
  clone(disk: CacheDisk): TableCache {
    const copy = new TableCache(this.size, this.clusterSize, disk)
    copy.offsets.set(this.offsets)
    copy.lastUsed.set(this.lastUsed)
    copy.users.set(this.users)
    copy.dirty.set(this.dirty)
    for (const [cluster, slot] of this.places) {
      copy.places.set(cluster, slot)
      copy.tables[slot] = this.tables[slot]!.clone()
    }
    copy.clock = this.clock
    copy.dirtyCount = this.dirtyCount
    return copy
  }

  private place(offset: Bytes, read: boolean): Slot {
    // Cluster 0 is the header's: only a damaged entry says that a table is there.
    if (offset === 0) throw new DriverError('EIO', 'a table at offset 0')
    let slot = this.slotOf(offset)
    if (slot === undefined) {
      slot = this.leastRecentlyUsed(offset)
      this.flushSlot(slot)
      this.setOffset(slot, 0)
      this.setTable(slot, read ? this.disk.readTable(offset) : PageRow.zeros(this.clusterSize))
      this.setOffset(slot, offset)
    }
    this.users[slot]!++
    return slot
  }

  /** Search starts at a place that depends on the offset, so that neighbours lie apart. */
  private leastRecentlyUsed(offset: Bytes): Slot {
    const first = ((offset / this.clusterSize) * 4) % this.size
    let best = -1
    let bestUse = Infinity
    for (let i = 0, slot = Math.floor(first); i < this.size; i++) {
      if (this.users[slot] === 0 && this.lastUsed[slot]! < bestUse) {
        bestUse = this.lastUsed[slot]!
        best = slot
        // Nothing was ever used less than never.
        if (bestUse === 0) break
      }
      if (++slot === this.size) slot = 0
    }
    if (best < 0) throw new Error('all tables of a cache are in use at once')
    return best
  }

  private flushSlot(slot: Slot): void {
    if (!this.dirty[slot]) return
    if (this.dependsOn) this.flushDependency()
    this.disk.writeTable(this, this.offsets[slot]!, this.tables[slot]!)
    this.setClean(slot)
  }

  private flushDependency(): void {
    this.dependsOn!.flush()
    this.dependsOn = undefined
  }

  private markDirty(slot: Slot): void {
    if (this.dirty[slot]) return
    this.dirty[slot] = 1
    this.dirtyCount++
  }

  private setClean(slot: Slot): void {
    if (!this.dirty[slot]) return
    this.dirty[slot] = 0
    this.dirtyCount--
  }

  private setOffset(slot: Slot, offset: Bytes): void {
    const old = this.offsets[slot]!
    if (old !== 0) this.places.delete(old / this.clusterSize)
    this.offsets[slot] = offset
    if (offset !== 0) this.places.set(offset / this.clusterSize, slot)
  }

  private setTable(slot: Slot, table: PageRow): void {
    const before = this.tables[slot]
    if (before) table.follow(before)
    this.tables[slot] = table
  }

  private slotOf(offset: Bytes): Slot | undefined {
    return this.places.get(offset / this.clusterSize)
  }
}
