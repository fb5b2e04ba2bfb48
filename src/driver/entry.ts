/**
 * 64-bit entries of L1, L2 and refcount tables as two halves, each an exact Number (the same bits as bigints
 * stand in qcow2/entries.ts). Host offsets are Numbers in the whole driver: the files that it can work on are
 * shorter than 2^53 bytes, and an entry that points further is refused as damaged.
 */
import type { Bytes } from '../lib/units.ts'
import { DriverError } from './driver-error.ts'

/** Of the high half. */
export const COPIED = 0x80000000
export const COMPRESSED = 0x40000000
const OFFSET_HIGH = 0x00ffffff
/** Of the low half. */
export const ZERO = 1
const OFFSET_LOW = 0xfffffe00
const TWO_TO_32 = 2 ** 32

/** Host offset in an L1 or standard L2 entry; 0 for none. @throws DriverError EIO past 2^53 */
export function offsetOf(high: number, low: number): Bytes {
  const part = high & OFFSET_HIGH
  if (part >= 0x200000) throw new DriverError('EIO', 'an entry points past 2^53')
  return part * TWO_TO_32 + ((low & OFFSET_LOW) >>> 0)
}

/** Host offset in a refcount table entry, which has no flags. @throws DriverError EIO past 2^53 */
export function blockOffsetOf(high: number, low: number): Bytes {
  if (high >= 0x200000) throw new DriverError('EIO', 'an entry points past 2^53')
  return high * TWO_TO_32 + ((low & OFFSET_LOW) >>> 0)
}

/** The two halves of an offset. */
export const highOf = (offset: Bytes): number => Math.floor(offset / TWO_TO_32)
export const lowOf = (offset: Bytes): number => offset >>> 0
