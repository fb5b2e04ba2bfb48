import type { Bytes } from '../lib/units.ts'
import { UNIT_BYTES } from './cached-source.ts'
import { type Extent, SparseSource } from './sparse-source.ts'

/** Gathers bytes that come one after the other, and keeps only the MiB units that are not all zeros. */
export class SparseWriter {
  readonly #extents: Extent[] = []
  #unit = new Uint8Array(UNIT_BYTES)
  /** Bytes of the unit that is being filled. */
  #filled = 0
  #unitOffset: Bytes = 0
  #heldBytes = 0

  /** How much is in memory, in bytes. */
  get heldBytes(): Bytes {
    return this.#heldBytes
  }

  /** How much was written, in bytes. */
  get size(): Bytes {
    return this.#unitOffset + this.#filled
  }

  write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const part = bytes.subarray(done, done + UNIT_BYTES - this.#filled)
      this.#unit.set(part, this.#filled)
      this.#filled += part.length
      done += part.length
      if (this.#filled === UNIT_BYTES) this.#endUnit()
    }
  }

  finish(): SparseSource {
    const size = this.size
    if (this.#filled > 0) this.#endUnit()
    return new SparseSource(size, this.#extents)
  }

  #endUnit(): void {
    if (this.#filled < UNIT_BYTES || !isZero(this.#unit)) {
      const bytes = this.#filled === UNIT_BYTES ? this.#unit : this.#unit.slice(0, this.#filled)
      this.#extents.push({ offset: this.#unitOffset, bytes })
      this.#heldBytes += bytes.length
      this.#unit = new Uint8Array(UNIT_BYTES)
    }
    this.#unitOffset += this.#filled
    this.#filled = 0
  }
}

/** In words, and in a plain loop: it runs over every byte that is unpacked. */
function isZero(unit: Uint8Array): boolean {
  const words = new Uint32Array(unit.buffer, unit.byteOffset, unit.length / 4)
  for (let index = 0; index < words.length; index++) if (words[index] !== 0) return false
  return true
}
