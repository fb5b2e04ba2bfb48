/** What reading a slice of a chosen file comes to, whichever of the browser's two ways it is read by. */
import type { Bytes } from '../lib/units.ts'
import { DiskError } from './disk-error.ts'

const ADVICE = 'It may have been changed or removed since it was chosen. Choose it again.'

/** @returns the error to throw for what the browser threw */
export function unreadableSlice(error: unknown, offset: Bytes): DiskError {
  const reason = error instanceof Error ? error.message : String(error)
  return new DiskError(`The file could not be read: ${reason}`, { offset: BigInt(offset), advice: ADVICE })
}

/** @throws DiskError if the slice is shorter than what was asked for */
export function wholeSlice(buffer: ArrayBuffer, offset: Bytes, length: Bytes): Uint8Array {
  if (buffer.byteLength !== length)
    throw new DiskError(`The file ended early: ${buffer.byteLength} of ${length} bytes were there`, {
      offset: BigInt(offset),
      advice: ADVICE,
    })
  return new Uint8Array(buffer)
}
