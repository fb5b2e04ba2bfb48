/** Reading a slow file at once, in units of 256 KiB, the most recently used of which are kept. */
import type { Bytes } from '../lib/units.ts'
import type { SyncSource } from './sync-source.ts'

const UNIT_BYTES = 2 ** 18
const MAX_UNITS = 256

/** Reads exactly the bytes asked for, which all lie inside the file. @throws DiskError */
export type SyncFetch = (offset: Bytes, length: Bytes) => Uint8Array

export class CachedSyncSource implements SyncSource {
  readonly size: Bytes
  readonly #fetch: SyncFetch
  /** Least recently used first. */
  readonly #units = new Map<number, Uint8Array>()

  constructor(size: Bytes, fetch: SyncFetch) {
    this.size = size
    this.#fetch = fetch
  }

  readSync(offset: Bytes, length: Bytes): Uint8Array {
    const index = Math.floor(offset / UNIT_BYTES)
    const start = offset - index * UNIT_BYTES
    const end = Math.min(offset + length, this.size)
    if (start + length <= UNIT_BYTES && end === offset + length)
      return this.#unit(index).subarray(start, start + length)
    const result = new Uint8Array(length)
    for (let at = offset; at < end; ) {
      const unitStart = Math.floor(at / UNIT_BYTES) * UNIT_BYTES
      const to = Math.min(end, unitStart + UNIT_BYTES)
      result.set(this.#unit(unitStart / UNIT_BYTES).subarray(at - unitStart, to - unitStart), at - offset)
      at = to
    }
    return result
  }

  #unit(index: number): Uint8Array {
    let unit = this.#units.get(index)
    if (unit) this.#units.delete(index)
    else {
      const start = index * UNIT_BYTES
      unit = this.#fetch(start, Math.min(UNIT_BYTES, this.size - start))
      if (this.#units.size >= MAX_UNITS) this.#units.delete(this.#units.keys().next().value!)
    }
    this.#units.set(index, unit)
    return unit
  }
}
