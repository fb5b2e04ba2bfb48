import type { ByteSource, Span } from '../disk/byte-source.ts'
import { type Batch, readInTurn } from '../disk/read-in-turn.ts'

/** Where a refcount block is. */
export interface BlockSpan extends Span {
  /** Its entry in the refcount table. */
  readonly index: number
}

/** Refcount blocks that are going to be asked for in the order of the refcount table, read before they are. */
export class BlocksInTurn {
  readonly #batches: AsyncIterator<Batch<BlockSpan>>
  #batch: Batch<BlockSpan> = { spans: [], readings: [] }
  /** The block in it that was asked for last. */
  #at = 0

  /** @param blocks ascending by their entry */
  constructor(disk: ByteSource, blocks: Iterable<BlockSpan>) {
    this.#batches = readInTurn(disk, blocks)
  }

  /**
   * @param index not before that of the last call
   * @returns undefined for a block that is not among them, or could not be read
   * @throws Cancelled
   */
  async block(index: number): Promise<Uint8Array | undefined> {
    for (;;) {
      const { spans, readings } = this.#batch
      while (this.#at < spans.length && spans[this.#at]!.index < index) this.#at++
      if (this.#at < spans.length) {
        const reading = readings[this.#at]
        return spans[this.#at]!.index === index && reading instanceof Uint8Array ? reading : undefined
      }
      const next = await this.#batches.next()
      if (next.done) return undefined
      this.#batch = next.value
      this.#at = 0
    }
  }
}
