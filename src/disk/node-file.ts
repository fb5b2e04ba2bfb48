/** Files as Node reads them; the page never loads this. */
import { type FileHandle, open } from 'node:fs/promises'
import type { Bytes } from '../lib/units.ts'
import { type CacheOptions, CachedSource } from './cached-source.ts'
import { DiskError } from './disk-error.ts'
import { reasonOf } from './node-reason.ts'
import { readFully } from './node-sync-file.ts'

/** A longer array has its memory from the system and gives it back there, which takes longer than reading it does. */
const MAX_STRETCH_BYTES = 2 ** 16

/** A file behind a descriptor. Close it when it is no longer needed. */
export class NodeFileSource extends CachedSource {
  readonly #handle: FileHandle

  private constructor(handle: FileHandle, path: string, size: Bytes, options: CacheOptions) {
    // At once, not by way of another thread: of a file that is mostly in memory, that takes half the time.
    super(
      size,
      async spans => spans.map(({ offset, length }) => readFully(handle.fd, path, offset, length)),
      { maxStretchBytes: MAX_STRETCH_BYTES, ...options },
    )
    this.#handle = handle
  }

  /** @throws DiskError if the file is missing, or not to be read */
  static async open(path: string, options: CacheOptions = {}): Promise<NodeFileSource> {
    let handle: FileHandle | undefined
    try {
      handle = await open(path, 'r')
      const status = await handle.stat()
      if (status.isDirectory()) throw new Error('is a directory')
      return new NodeFileSource(handle, path, status.size, options)
    } catch (error) {
      await handle?.close()
      throw new DiskError(`${path}: ${reasonOf(error)}`)
    }
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }
}
