/** Guest writes (QEMU: qcow2_co_pwritev, qcow2_alloc_cluster_link_l2). */
import type { Bytes } from '../lib/units.ts'
import { freeClusters } from './allocator.ts'
import { Causes } from './cause.ts'
import type { CopyRegion } from './copy-region.ts'
import { checkOverlap } from './corruption.ts'
import type { Driver } from './driver.ts'
import { DriverError, passOver } from './driver-error.ts'
import { COPIED, highOf, lowOf } from './entry.ts'
import { freeContents } from './free-contents.ts'
import { type GuestData, putData } from './guest-data.ts'
import { ALL_SUBCLUSTERS, kindOf, type L2Entry, readEntry, writeEntry } from './l2-entry.ts'
import { useL2 } from './l2.ts'
import { markDirty } from './lazy-refcounts.ts'
import { type Link, mapWrite } from './map-write.ts'
import { readGuest, readsAsZeros } from './read.ts'

/** A request is mapped in turns of at most this many bytes (QEMU: INT_MAX). */
const MAX_TURN = 2 ** 31 - 1

/** @throws DriverError */
export function writeGuest(driver: Driver, offset: Bytes, data: GuestData): void {
  // QEMU 7.2 works on the chunks of a request side by side: it looks for the next one's place while the data of
  // those before are written, and these are linked, and what they replace is freed, only once it waits for the
  // disk. (The 2015 QEMU frees at once.) Only compressed data go by that: nothing else that is replaced gets free.
  let replaced: L2Entry[] = []
  const freeReplaced = (): void => {
    for (const entry of replaced) freeContents(driver, entry)
    replaced = []
  }
  for (let done = 0; done < data.length; ) {
    const transfers = driver.tableTransfers
    const chunk = mapWrite(driver, offset + done, Math.min(MAX_TURN, data.length - done))
    if (driver.tableTransfers > transfers) freeReplaced()
    let linked = 0
    try {
      checkOverlap(driver, 0, chunk.host, chunk.length, Causes.guestData)
      putData(driver.disk, chunk.host, data, done, chunk.length)
      for (; linked < chunk.links.length; linked++)
        replaced.push(...linkClusters(driver, chunk.links[linked]!))
    } catch (error) {
      if (error instanceof DriverError && !driver.isClosed) {
        freeReplaced()
        abandon(driver, chunk.links.slice(linked))
      }
      throw error
    }
    done += chunk.length
  }
  freeReplaced()
}

/** Gives back clusters that were taken and will not be linked (QEMU: qcow2_alloc_cluster_abort). */
function abandon(driver: Driver, links: readonly Link[]): void {
  const { clusterSize } = driver.geometry
  for (const link of links) if (!link.keepsOld) freeClusters(driver, link.host, link.clusters * clusterSize)
}

/**
 * Completes clusters with what the write did not cover, then points the guest's entries to them.
 * @returns entries of compressed data that were replaced, to be freed
 */
function linkClusters(driver: Driver, link: Link): L2Entry[] {
  copyRegion(driver, link, link.head)
  copyRegion(driver, link, link.tail)
  markDirty(driver)
  if (!driver.isDirty) passOver(() => driver.l2Cache.setDependency(driver.refcountCache))
  const old = useL2(driver, link.guest, place => {
    const before: L2Entry[] = []
    for (let step = 0; step < link.clusters; step++) {
      const entry = readEntry(driver, place, step)
      if (!link.keepsOld) before.push(entry)
      const host = link.host + step * driver.geometry.clusterSize
      const written = writtenSubclusters(driver, link, step)
      writeEntry(driver, place, step, {
        high: (highOf(host) | COPIED) >>> 0,
        low: lowOf(host),
        zeroBits: (entry.zeroBits & ~written) >>> 0,
        allocatedBits: (entry.allocatedBits | written) >>> 0,
      })
    }
    return before
  })
  const compressed: L2Entry[] = []
  for (const entry of old)
    if (kindOf(driver, entry) === 'compressed') compressed.push(entry)
    else freeContents(driver, entry)
  return compressed
}

/** Each part is checked on its own, and written as if it were a request of its own. */
function copyRegion(driver: Driver, { guest, host }: Link, { from, to }: CopyRegion): void {
  if (from === to) return
  const bytes = readsAsZeros(driver, guest + from) ? undefined : readGuest(driver, guest + from, to - from)
  checkOverlap(driver, 0, host + from, to - from, Causes.copyOnWrite)
  if (bytes) driver.disk.write(host + from, bytes)
  else driver.disk.fill(host + from, to - from, 0)
}

/** Which subclusters of a link's cluster have data after the write; 0 without subclusters. */
function writtenSubclusters(driver: Driver, { head, tail }: Link, step: number): number {
  const { clusterSize, extendedL2 } = driver.geometry
  if (!extendedL2) return 0
  const size = clusterSize / 32
  const from = Math.max(head.from - step * clusterSize, 0)
  const to = Math.min(tail.to - step * clusterSize, clusterSize)
  const first = Math.floor(from / size)
  const count = Math.floor((to - 1) / size) - first + 1
  return count === 32 ? ALL_SUBCLUSTERS : ((2 ** count - 1) << first) >>> 0
}
