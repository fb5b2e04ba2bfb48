/** A chosen file of which parts cannot be read, for tests of what becomes of that. */
import { type Range, touches } from '../lib/ranges.ts'

export class DamagedBlob {
  /** How often anything was read. */
  reads = 0
  readonly size: number
  readonly #bytes: Uint8Array
  readonly #bad: readonly Range[]

  /** @param bad reading any byte of these fails; ascending, not overlapping */
  constructor(bytes: Uint8Array, bad: readonly Range[] = []) {
    this.size = bytes.length
    this.#bytes = bytes
    this.#bad = bad
  }

  slice(start: number, end: number) {
    return this.#of([{ start, end }])
  }

  readonly join = (slices: readonly { readonly parts: readonly Range[] }[]) =>
    this.#of(slices.flatMap(({ parts }) => parts))

  #of(parts: readonly Range[]) {
    return {
      parts,
      arrayBuffer: async (): Promise<ArrayBuffer> => {
        this.reads++
        if (parts.some(part => touches(this.#bad, part))) throw new Error('gone')
        return await new Blob(parts.map(({ start, end }) => this.#bytes.slice(start, end))).arrayBuffer()
      },
    }
  }
}
