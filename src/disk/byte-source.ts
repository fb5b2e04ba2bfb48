import type { Bytes } from '../lib/units.ts'

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
   * The same for bytes far from which the next are going to be read: where more than was asked for is read otherwise, here
   * it is not. Left out where there is no difference.
   */
  readAlone?(offset: Bytes, length: Bytes): Promise<Uint8Array>
}

/** Reads in the one or the other way. @param alone nothing within a MiB is going to be read next */
export const readFrom = (
  disk: ByteSource,
  offset: Bytes,
  length: Bytes,
  alone: boolean,
): Promise<Uint8Array> =>
  alone && disk.readAlone ? disk.readAlone(offset, length) : disk.read(offset, length)
