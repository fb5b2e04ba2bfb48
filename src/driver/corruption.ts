/**
 * What happens when a check finds metadata where a write was to go (QEMU: qcow2_pre_write_overlap_check,
 * qcow2_signal_corruption): the write is refused, the image is marked as corrupt and given up.
 */
import type { TypeMask } from '../lib/metadata-types.ts'
import type { Bytes } from '../lib/units.ts'
import type { Cause } from './cause.ts'
import type { Driver } from './driver.ts'
import { DriverError } from './driver-error.ts'
import { markIncompatible } from './header-fields.ts'
import { mainlineTypeName, type ScanAnswer, scanForOverlap } from './mainline-check.ts'

/** What event BLOCK_IMAGE_CORRUPTED says, beside device and node. */
export interface Corruption {
  readonly message: string
  /** In bytes; undefined where QEMU leaves it out. */
  readonly offset: Bytes | undefined
  readonly size: Bytes | undefined
  /** Whether the image was given up: then it answers "No medium found" from now on. */
  readonly fatal: boolean
}

/** A check of mainline's, as it was made; offsets and sizes in bytes. */
export interface ScanCall extends ScanAnswer {
  readonly ignored: TypeMask
  readonly offset: Bytes
  readonly size: Bytes
  readonly cause: Cause
}

const CORRUPT_BIT = 2

/**
 * Comes before every checked write.
 * @param ignored types that the write is allowed to hit
 * @throws DriverError EIO when metadata lies there; the image is closed then
 */
export function checkOverlap(
  driver: Driver,
  ignored: TypeMask,
  offset: Bytes,
  size: Bytes,
  cause: Cause,
): void {
  const found =
    driver.scannedTypes === undefined
      ? driver.guard.check(ignored, offset, size, cause)
      : scan(driver, driver.scannedTypes & ~ignored, { ignored, offset, size, cause })
  if (found === 0) return
  const message = `Preventing invalid write on metadata (overlaps with ${mainlineTypeName(found)})`
  signalCorruption(driver, { message, offset, size, fatal: true })
  throw new DriverError('EIO', message)
}

/** Mainline's check in place of the engine. */
function scan(driver: Driver, types: TypeMask, call: Omit<ScanCall, 'found' | 'cost'>): TypeMask {
  const answer = scanForOverlap(driver, types, call.offset, call.size)
  driver.listener.scanned?.({ ...call, ...answer })
  return answer.found
}

/** Tells of a corruption; only the first is told, unless a fatal one follows on one that was not. */
export function signalCorruption(driver: Driver, corruption: Corruption): void {
  if (driver.signalledCorruption && (!corruption.fatal || driver.isMarkedCorrupt)) return
  driver.signalledCorruption = true
  if (corruption.fatal) {
    driver.isMarkedCorrupt = true
    markIncompatible(driver, CORRUPT_BIT)
    driver.isClosed = true
  }
  driver.listener.corrupted?.(corruption)
}

/** The driver met an entry that cannot be right. @returns the failure to throw */
export function damaged(driver: Driver, message: string): DriverError {
  signalCorruption(driver, { message, offset: undefined, size: undefined, fatal: true })
  return new DriverError('EIO', message)
}
