/** Discarding clusters (QEMU: qcow2_cluster_discard, discard_in_l2_slice). */
import type { Bytes } from '../lib/units.ts'
import type { Driver } from './driver.ts'
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

/** 'forget': entries become empty, even if another file shows through then; 'zeros': they read as zeros where they can say so. */
export type DiscardKind = 'zeros' | 'forget'

/**
 * Takes clusters away from the guest and counts them down. An L2 table is made where there is none, as in QEMU.
 * @param offset, length whole clusters; only the disk's end may be in the middle of one
 * @throws DriverError
 */
export function discardClusters(driver: Driver, offset: Bytes, length: Bytes, kind: DiscardKind): void {
  const { clusterSize } = driver.geometry
  const count = Math.ceil(length / clusterSize)
  for (let done = 0; done < count; ) {
    const guest = offset + done * clusterSize
    const part = Math.min(count - done, entriesLeftInSlice(driver, guest))
    useL2(driver, guest, place => {
      for (let step = 0; step < part; step++) {
        const old = readEntry(driver, place, step)
        const entry = kind === 'forget' ? UNALLOCATED : discarded(driver, old)
        if (sameEntry(old, entry)) continue
        writeEntry(driver, place, step, entry)
        freeContents(driver, old)
      }
    })
    done += part
  }
}

/** What an entry becomes when the guest must read zeros from it; version 2 has no way to say so. */
function discarded(driver: Driver, old: L2Entry): L2Entry {
  const { version, extendedL2, hasBacking } = driver.geometry
  const kind = kindOf(driver, old)
  const isAllocated = kind === 'normal' || kind === 'zeroAllocated' || kind === 'compressed'
  if (!hasBacking && !isAllocated) return old
  if (extendedL2) return { ...UNALLOCATED, zeroBits: ALL_SUBCLUSTERS }
  return version >= 3 ? { ...UNALLOCATED, low: ZERO } : UNALLOCATED
}
