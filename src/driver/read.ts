/** What the guest reads (QEMU: qcow2_co_preadv). */
import type { Bytes } from '../lib/units.ts'
import { decompressCluster } from '../qcow2/compressed.ts'
import { UserError } from '../lib/user-error.ts'
import { damaged } from './corruption.ts'
import type { Driver } from './driver.ts'
import { DriverError } from './driver-error.ts'
import { entriesLeftInSlice, lookUpL2, releaseL2 } from './l2.ts'
import { compressedExtent, dataOffsetOf, kindOf, type L2Entry, readEntry } from './l2-entry.ts'

/**
 * Bytes of the guest's disk, wherever they lie. What no cluster holds reads as zeros: a backing file is not
 * followed.
 * @throws DriverError EIO
 */
export function readGuest(driver: Driver, offset: Bytes, length: Bytes): Uint8Array {
  const { clusterSize } = driver.geometry
  const result = new Uint8Array(length)
  for (let at = 0; at < length; ) {
    const guest = offset + at
    const inFirst = guest % clusterSize
    const clusters = Math.min(
      Math.ceil((inFirst + length - at) / clusterSize),
      entriesLeftInSlice(driver, guest),
    )
    const part = Math.min(length - at, clusters * clusterSize - inFirst)
    const place = lookUpL2(driver, guest)
    if (place) {
      const entries = Array.from({ length: clusters }, (_, step) => readEntry(driver, place, step))
      releaseL2(driver, place)
      readClusters(driver, entries, inFirst, result.subarray(at, at + part))
    }
    at += part
  }
  return result
}

/** Whether the whole cluster of this guest offset reads as zeros for want of data. @throws DriverError */
export function readsAsZeros(driver: Driver, guest: Bytes): boolean {
  const place = lookUpL2(driver, guest)
  if (!place) return true
  const entry = readEntry(driver, place)
  releaseL2(driver, place)
  const kind = kindOf(driver, entry)
  return kind !== 'compressed' && kind !== 'normal'
}

/** @param skip bytes of the first cluster that are not wanted. @param into zeros */
function readClusters(driver: Driver, entries: readonly L2Entry[], skip: Bytes, into: Uint8Array): void {
  const { clusterSize } = driver.geometry
  let from = skip
  let at = 0
  for (const entry of entries) {
    const part = Math.min(clusterSize - from, into.length - at)
    readCluster(driver, entry, from, into.subarray(at, at + part))
    at += part
    from = 0
  }
}

function readCluster(driver: Driver, entry: L2Entry, from: Bytes, into: Uint8Array): void {
  const { clusterSize, extendedL2 } = driver.geometry
  switch (kindOf(driver, entry)) {
    case 'compressed':
      into.set(unpack(driver, entry).subarray(from, from + into.length))
      return
    case 'normal': {
      const offset = dataOffsetOf(entry)
      if (offset % clusterSize !== 0)
        throw damaged(driver, `Cluster allocation offset 0x${offset.toString(16)} unaligned`)
      if (extendedL2) readSubclusters(driver, entry, offset, from, into)
      else into.set(driver.disk.readSync(offset + from, into.length))
    }
  }
}

function readSubclusters(driver: Driver, entry: L2Entry, offset: Bytes, from: Bytes, into: Uint8Array): void {
  const size = driver.geometry.clusterSize / 32
  for (let at = 0; at < into.length; ) {
    const subcluster = Math.floor((from + at) / size)
    const part = Math.min((subcluster + 1) * size - from - at, into.length - at)
    if ((entry.allocatedBits >>> subcluster) & 1) into.set(driver.disk.readSync(offset + from + at, part), at)
    at += part
  }
}

function unpack(driver: Driver, entry: L2Entry): Uint8Array {
  const { offset, length } = compressedExtent(driver, entry)
  try {
    return decompressCluster(
      driver.disk.readSync(offset, length),
      driver.image.header.compressionType,
      driver.geometry.clusterSize,
    )
  } catch (error) {
    if (error instanceof UserError) throw new DriverError('EIO', error.message)
    throw error
  }
}
