import type { Bytes } from '../lib/units.ts'

/**
 * Something that bytes can be read from at once, by range. The simulated block driver reads this way: a
 * command then runs to its end without a pause, and the whole state can be copied between any two.
 */
export interface SyncSource {
  /** Length in bytes. */
  readonly size: Bytes
  /**
   * Reads `length` bytes from `offset`; past the end they are zeros. The array may be shared with a cache: it
   * must not be written to.
   * @throws DiskError when the underlying file cannot be read
   */
  readSync(offset: Bytes, length: Bytes): Uint8Array
}

/** Whether a source can be read from at once as well. */
export const isSync = <T extends object>(source: T): source is T & SyncSource => 'readSync' in source
