import type { Bytes } from '../lib/units.ts'
import type { ByteSource } from './byte-source.ts'
import type { SyncSource } from './sync-source.ts'

/** Bytes that are in memory already. */
export class MemorySource implements ByteSource, SyncSource {
  readonly size: Bytes
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    // Node's Buffer is a Uint8Array whose slice() does not copy; readers count on one that does.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.size = bytes.length
  }

  async read(offset: Bytes, length: Bytes): Promise<Uint8Array> {
    return this.readSync(offset, length)
  }

  readSync(offset: Bytes, length: Bytes): Uint8Array {
    const inside = this.#bytes.subarray(offset, offset + length)
    if (inside.length === length) return inside
    const padded = new Uint8Array(length)
    padded.set(inside)
    return padded
  }
}
