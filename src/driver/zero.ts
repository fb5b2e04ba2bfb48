/** Zero writes that change entries instead of data (QEMU: qcow2_subcluster_zeroize, zero_in_l2_slice). */
import type { Bytes } from '../lib/units.ts'
import { discardClusters } from './discard.ts'
import type { Driver } from './driver.ts'
import { DriverError } from './driver-error.ts'
import { ZERO } from './entry.ts'
import { freeContents } from './free-contents.ts'
import { entriesLeftInSlice, useL2 } from './l2.ts'
import {
  ALL_SUBCLUSTERS,
  kindOf,
  type L2Entry,
  readEntry,
  sameEntry,
  UNALLOCATED,
  writeEntry,
} from './l2-entry.ts'

/**
 * Makes clusters, or subclusters, read as zeros.
 * @param offset, length whole (sub)clusters; only the disk's end may be in the middle of one
 * @param unmap give clusters back; else they keep their place
 * @throws DriverError ENOTSUP where data must be written instead
 */
export function zeroGuest(driver: Driver, offset: Bytes, length: Bytes, unmap: boolean): void {
  const { version, hasBacking, clusterSize } = driver.geometry
  if (version < 3) {
    if (hasBacking) throw new DriverError('ENOTSUP')
    discardClusters(driver, offset, length, 'zeros')
    return
  }
  const end = offset + length
  const from = Math.min(end, Math.ceil(offset / clusterSize) * clusterSize)
  const lastStart = Math.max(from, Math.floor(end / clusterSize) * clusterSize)
  const to = end >= driver.virtualSize ? end : Math.min(end, lastStart)
  if (from > offset) zeroSubclusters(driver, offset, from - offset)
  zeroClusters(driver, from, Math.ceil((to - from) / clusterSize), unmap)
  if (end > to) zeroSubclusters(driver, to, end - to)
}

function zeroClusters(driver: Driver, offset: Bytes, count: number, unmap: boolean): void {
  const { clusterSize } = driver.geometry
  for (let done = 0; done < count; ) {
    const guest = offset + done * clusterSize
    const part = Math.min(count - done, entriesLeftInSlice(driver, guest))
    useL2(driver, guest, place => {
      for (let step = 0; step < part; step++) {
        const old = readEntry(driver, place, step)
        const kind = kindOf(driver, old)
        const gives = kind === 'compressed' || (unmap && (kind === 'normal' || kind === 'zeroAllocated'))
        const entry = zeroed(driver, gives ? UNALLOCATED : old)
        if (sameEntry(old, entry)) continue
        writeEntry(driver, place, step, entry)
        if (gives) freeContents(driver, old)
      }
    })
    done += part
  }
}

const zeroed = (driver: Driver, entry: L2Entry): L2Entry =>
  driver.geometry.extendedL2
    ? { ...entry, zeroBits: ALL_SUBCLUSTERS, allocatedBits: 0 }
    : { ...entry, low: (entry.low | ZERO) >>> 0 }

/** Part of one cluster: only bits of its bitmap change, and its place is kept. @throws DriverError ENOTSUP */
function zeroSubclusters(driver: Driver, offset: Bytes, length: Bytes): void {
  const size = driver.geometry.clusterSize / 32
  const first = Math.floor((offset % driver.geometry.clusterSize) / size)
  const bits = ((2 ** Math.ceil(length / size) - 1) << first) >>> 0
  useL2(driver, offset, place => {
    const old = readEntry(driver, place)
    if (kindOf(driver, old) === 'compressed') throw new DriverError('ENOTSUP')
    const entry = {
      ...old,
      zeroBits: (old.zeroBits | bits) >>> 0,
      allocatedBits: (old.allocatedBits & ~bits) >>> 0,
    }
    if (!sameEntry(old, entry)) writeEntry(driver, place, 0, entry)
  })
}
