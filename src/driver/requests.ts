/**
 * What a guest, or qemu-io, may ask of an open image. QEMU's block layer stands in front of the driver: it looks at
 * the range, and cuts what is not aligned into pieces (block/io.c).
 */
import type { Bytes } from '../lib/units.ts'
import { discardClusters } from './discard.ts'
import type { Driver } from './driver.ts'
import { DriverError, passOver } from './driver-error.ts'
import { flushCaches } from './flush.ts'
import { type GuestData, zeros } from './guest-data.ts'
import { kindOf, readEntry } from './l2-entry.ts'
import { lookUpL2, releaseL2 } from './l2.ts'
import { readGuest } from './read.ts'
import { writeGuest } from './write.ts'
import { zeroGuest } from './zero.ts'

/** QEMU: MAX_BOUNCE_BUFFER. */
const MAX_BOUNCE_BYTES = 2 ** 24
/** At least a cluster, so that a compressed one is unpacked once. */
const READ_PART_BYTES = 2 ** 21

/** @throws DriverError ENOMEDIUM on an image that was given up; EIO past the disk's end */
function enter(driver: Driver, offset: Bytes, length: Bytes): void {
  requireOpen(driver)
  if (offset + length > driver.virtualSize) throw new DriverError('EIO')
}

/** @throws DriverError ENOMEDIUM on an image that was given up */
export function requireOpen(driver: Driver): void {
  if (driver.isClosed) throw new DriverError('ENOMEDIUM')
}

/** @throws DriverError */
export function requestRead(driver: Driver, offset: Bytes, length: Bytes): Uint8Array {
  enter(driver, offset, length)
  return readGuest(driver, offset, length)
}

/** The same, a part after the other, so that a long read is never held whole. @throws DriverError */
export function* requestReadParts(driver: Driver, offset: Bytes, length: Bytes): Generator<Uint8Array> {
  enter(driver, offset, length)
  for (let at = 0; at < length; at += READ_PART_BYTES)
    yield readGuest(driver, offset + at, Math.min(READ_PART_BYTES, length - at))
}

/** @throws DriverError */
export function requestWrite(driver: Driver, offset: Bytes, data: GuestData): void {
  enter(driver, offset, data.length)
  writeGuest(driver, offset, data)
}

/** Everything that is held back goes to disk. @throws DriverError */
export function requestFlush(driver: Driver): void {
  requireOpen(driver)
  flushCaches(driver)
}

/** @param unmap give clusters back (qemu-io: -u). @throws DriverError */
export function requestZeroes(driver: Driver, offset: Bytes, length: Bytes, unmap: boolean): void {
  enter(driver, offset, length)
  const { clusterSize, extendedL2 } = driver.geometry
  const alignment = extendedL2 ? clusterSize / 32 : clusterSize
  for (const piece of pieces(offset, length, alignment)) {
    let { length: part } = piece
    const failure = passOver(() => zeroAligned(driver, piece.offset, part, alignment, unmap))
    if (!failure) continue
    if (failure.errno !== 'ENOTSUP') throw failure
    for (let at = piece.offset; part > 0; ) {
      const bounced = Math.min(part, MAX_BOUNCE_BYTES)
      writeGuest(driver, at, zeros(bounced))
      at += bounced
      part -= bounced
    }
  }
}

/** QEMU: qcow2_co_pwrite_zeroes. @throws DriverError ENOTSUP where data must be written instead */
function zeroAligned(driver: Driver, offset: Bytes, length: Bytes, alignment: Bytes, unmap: boolean): void {
  const head = offset % alignment
  const end = offset + length
  const tail = end === driver.virtualSize ? 0 : (alignment - (end % alignment)) % alignment
  if (head === 0 && tail === 0) return zeroGuest(driver, offset, length, unmap)
  // What surrounds it reads as zeros already: then all of it may.
  if (!mayBecomeZeros(driver, offset - head, alignment)) throw new DriverError('ENOTSUP')
  zeroGuest(driver, offset - head, alignment, unmap)
}

/** Whether the (sub)cluster at this offset has no data. @param alignment its size */
function mayBecomeZeros(driver: Driver, offset: Bytes, alignment: Bytes): boolean {
  const place = lookUpL2(driver, offset)
  if (!place) return !driver.geometry.hasBacking
  const entry = readEntry(driver, place)
  releaseL2(driver, place)
  const { clusterSize, extendedL2, hasBacking } = driver.geometry
  const kind = kindOf(driver, entry)
  if (kind === 'compressed') return false
  if (!extendedL2)
    return kind === 'zeroPlain' || kind === 'zeroAllocated' || (kind === 'unallocated' && !hasBacking)
  const subcluster = (offset % clusterSize) / alignment
  if ((entry.zeroBits >>> subcluster) & 1) return true
  return ((entry.allocatedBits >>> subcluster) & 1) === 0 && !hasBacking
}

/** Parts of clusters are passed over: discarding is advice. @throws DriverError */
export function requestDiscard(driver: Driver, offset: Bytes, length: Bytes): void {
  enter(driver, offset, length)
  const { clusterSize, version, hasBacking } = driver.geometry
  // Without zero clusters the backing file would show through.
  if (version < 3 && hasBacking) return
  for (const piece of pieces(offset, length, clusterSize)) {
    const end = piece.offset + piece.length
    const isWhole = piece.offset % clusterSize === 0 && piece.length % clusterSize === 0
    if (isWhole || (piece.offset % clusterSize === 0 && end === driver.virtualSize))
      discardClusters(driver, piece.offset, piece.length, 'zeros')
  }
}

/** Cuts a range into what lies before the first boundary, behind the last one, and the rest between. */
function* pieces(
  offset: Bytes,
  length: Bytes,
  alignment: Bytes,
): Generator<{ offset: Bytes; length: Bytes }> {
  const end = offset + length
  const first = Math.min(end, Math.ceil(offset / alignment) * alignment)
  const last = Math.max(first, Math.floor(end / alignment) * alignment)
  if (first > offset) yield { offset, length: first - offset }
  if (last > first) yield { offset: first, length: last - first }
  if (end > last) yield { offset: last, length: end - last }
}
