/** Files read at once, as Node does; the page never loads this. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { Bytes } from '../lib/units.ts'
import { CachedSyncSource } from './cached-sync-source.ts'
import { DiskError } from './disk-error.ts'
import { reasonOf } from './node-reason.ts'

/** A file behind a descriptor. Close it when it is no longer needed. */
export class NodeSyncFile extends CachedSyncSource {
  readonly #descriptor: number

  private constructor(descriptor: number, path: string, size: Bytes) {
    super(size, (offset, length) => readFully(descriptor, path, offset, length))
    this.#descriptor = descriptor
  }

  /** @throws DiskError if the file is missing, or not to be read */
  static open(path: string): NodeSyncFile {
    let descriptor: number | undefined
    try {
      descriptor = openSync(path, 'r')
      const status = fstatSync(descriptor)
      if (status.isDirectory()) throw new Error('is a directory')
      return new NodeSyncFile(descriptor, path, status.size)
    } catch (error) {
      if (descriptor !== undefined) closeSync(descriptor)
      throw new DiskError(`${path}: ${reasonOf(error)}`)
    }
  }

  close(): void {
    closeSync(this.#descriptor)
  }
}

/** @throws DiskError where the file cannot be read, or ends early */
export function readFully(descriptor: number, path: string, offset: Bytes, length: Bytes): Uint8Array {
  const bytes = new Uint8Array(length)
  try {
    for (let done = 0; done < length; ) {
      const bytesRead = readSync(descriptor, bytes, done, length - done, offset + done)
      if (bytesRead === 0) throw new Error(`ended early, at ${offset + done}`)
      done += bytesRead
    }
  } catch (error) {
    throw new DiskError(`${path}: ${reasonOf(error)}`, { offset: BigInt(offset) })
  }
  return bytes
}
