import type { Bytes } from '../lib/units.ts'
import { Cancelled } from '../lib/cancel.ts'
import { isSync } from './sync-source.ts'

/** Bytes of a source in a row. */
export interface Span {
  readonly offset: Bytes
  readonly length: Bytes
}

/** What reading a span came to: its bytes, or why it cannot be read. */
export type Reading = Uint8Array | Error

/**
 * Something that bytes can be read from by range: an uploaded file, a file descriptor, a synthetic
 * image. Nothing in the house reads an image in any other way, so no image is ever held whole.
 */
export interface ByteSource {
  /** Length in bytes. */
  readonly size: Bytes
  /**
   * Reads `length` bytes from `offset`. Bytes past the end of the source read as zeros, as QEMU reads
   * past the end of a file. The array may be shared with a cache: it must not be written to.
   * @throws Cancelled when the signal given to the source was aborted
   * @throws DiskError when the underlying file cannot be read
   */
  read(offset: Bytes, length: Bytes): Promise<Uint8Array>
  /**
   * Reads spans that are wanted together and may lie far apart. One that cannot be read keeps none of the others
   * from being read. Left out where reading them one by one takes no longer: `readMany` below does that then.
   * @param spans best in the order of the file, for then those that lie close together are read in one go
   * @returns what each came to; arrays may share memory, and must not be written to
   * @throws Cancelled
   */
  readMany?(spans: readonly Span[]): Promise<readonly Reading[]>
}

/** Reads spans in the way that is fastest for the source. @throws Cancelled */
export async function readMany(disk: ByteSource, spans: readonly Span[]): Promise<readonly Reading[]> {
  if (disk.readMany) return await disk.readMany(spans)
  if (!isSync(disk))
    return await Promise.all(spans.map(({ offset, length }) => readingOf(disk.read(offset, length))))
  return spans.map(({ offset, length }) => {
    try {
      return disk.readSync(offset, length)
    } catch (error) {
      return failureOf(error)
    }
  })
}

/** @throws Cancelled, which is no fault of what was read */
export const readingOf = (reading: Promise<Uint8Array>): Promise<Reading> => reading.catch(failureOf)

function failureOf(error: unknown): Error {
  if (error instanceof Cancelled) throw error
  return error instanceof Error ? error : new Error(String(error))
}

/** @throws {Error} what kept it from being read: a DiskError, if not a defect of ours */
export function bytesOf(reading: Reading): Uint8Array {
  if (reading instanceof Error) throw reading
  return reading
}
