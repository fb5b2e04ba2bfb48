/** Giving back what an L2 entry pointed to (QEMU: qcow2_free_any_cluster). */
import type { Driver } from './driver.ts'
import { freeClusters } from './allocator.ts'
import { signalCorruption } from './corruption.ts'
import { compressedExtent, dataOffsetOf, kindOf, type L2Entry } from './l2-entry.ts'

/** Counts the clusters of an entry down: each that compressed data touch, or the one of a standard entry. */
export function freeContents(driver: Driver, entry: L2Entry): void {
  const { clusterSize } = driver.geometry
  switch (kindOf(driver, entry)) {
    case 'compressed': {
      const { offset, length } = compressedExtent(driver, entry)
      freeClusters(driver, offset, length)
      break
    }
    case 'normal':
    case 'zeroAllocated': {
      const offset = dataOffsetOf(entry)
      if (offset % clusterSize === 0) freeClusters(driver, offset, clusterSize)
      else {
        const message = `Cannot free unaligned cluster 0x${offset.toString(16)}`
        signalCorruption(driver, { message, offset: undefined, size: undefined, fatal: false })
      }
      break
    }
  }
}
