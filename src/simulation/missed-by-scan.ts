/** What mainline's check lets through because its type is not checked. */
import type { ScanCall } from '../driver/corruption.ts'
import type { Driver } from '../driver/driver.ts'
import { scanForOverlap } from '../driver/mainline-check.ts'
import { MetadataType, TEMPLATES } from '../lib/metadata-types.ts'
import type { MissedOverlap } from './event-log.ts'

/**
 * Makes the check again for the types that were left out. Inactive L2 tables are passed over, as they are where
 * the list leaves them out.
 * @returns the metadata that a write which was let through lies on
 */
export function missedByScan(
  driver: Driver,
  { ignored, offset, size, found }: ScanCall,
): MissedOverlap | undefined {
  const { clusterSize } = driver.geometry
  const types = TEMPLATES.all & ~MetadataType.inactiveL2 & ~ignored & ~(driver.scannedTypes ?? 0)
  if (found !== 0 || types === 0) return undefined
  const there = scanForOverlap(driver, types, offset, size).found
  if (there === 0) return undefined
  const isHit = (cluster: number): boolean =>
    scanForOverlap(driver, types, cluster * clusterSize, clusterSize).found !== 0
  let first = Math.floor(offset / clusterSize)
  while (!isHit(first)) first++
  let last = Math.ceil((offset + size) / clusterSize) - 1
  while (!isHit(last)) last--
  return { start: first, clusters: last - first + 1, types: there }
}
