/**
 * Which part of a cluster must be copied because the write does not cover it (QEMU: calculate_l2_meta). With
 * subclusters only the subclusters that are touched, and those between them that have data.
 */
import type { Bytes } from '../lib/units.ts'
import type { Driver } from './driver.ts'
import { kindOf, type L2Entry } from './l2-entry.ts'

/** Bytes [from, to), counted from the start of a link's first cluster. */
export interface CopyRegion {
  readonly from: Bytes
  readonly to: Bytes
}

/** @param to where the write begins in its first cluster */
export function copiedHead(driver: Driver, first: L2Entry, to: Bytes, keepsOld: boolean): CopyRegion {
  const { clusterSize, extendedL2 } = driver.geometry
  if (!extendedL2) return { from: keepsOld && !(first.low & 1) ? to : 0, to }
  const size = clusterSize / 32
  const subcluster = Math.floor(to / size)
  const start = subcluster * size
  const kind = kindOf(driver, first)
  if (keepsOld) return { from: (first.allocatedBits >>> subcluster) & 1 ? to : start, to }
  if (kind === 'compressed') return { from: 0, to }
  if (kind !== 'normal') return { from: start, to }
  return { from: Math.min(subcluster, lowestBit(first.allocatedBits)) * size, to }
}

/** @param from where the write ends, counted from the start of its first cluster */
export function copiedTail(driver: Driver, last: L2Entry, from: Bytes, keepsOld: boolean): CopyRegion {
  const { clusterSize, extendedL2 } = driver.geometry
  const clusterEnd = Math.ceil(from / clusterSize) * clusterSize
  if (!extendedL2) return { from, to: keepsOld && !(last.low & 1) ? from : clusterEnd }
  const size = clusterSize / 32
  const end = Math.ceil(from / size) * size
  const subcluster = Math.floor(((from - 1) % clusterSize) / size)
  const kind = kindOf(driver, last)
  if (keepsOld) return { from, to: (last.allocatedBits >>> subcluster) & 1 ? from : end }
  if (kind === 'compressed') return { from, to: clusterEnd }
  if (kind !== 'normal') return { from, to: end }
  return { from, to: clusterEnd - Math.min(31 - subcluster, Math.clz32(last.allocatedBits)) * size }
}

const lowestBit = (bits: number): number => (bits === 0 ? 32 : 31 - Math.clz32(bits & -bits))
