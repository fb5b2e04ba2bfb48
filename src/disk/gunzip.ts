/**
 * Images packed with gzip, told by their first bytes whatever they are called. They cannot be read from
 * the middle, so they are unpacked into memory, where stretches of zeros cost nothing.
 */
import { Gunzip } from 'fflate'
import { type CancelSignal, throwIfCancelled } from '../lib/cancel.ts'
import { UserError } from '../lib/user-error.ts'
import type { Bytes } from '../lib/units.ts'
import type { ByteSource } from './byte-source.ts'
import { crc32 } from './crc32.ts'
import { SparseWriter } from './sparse-writer.ts'

/** How much of an unpacked image is held at most, not counting MiB units of zeros. */
export const MAX_UNPACKED_BYTES = 2 ** 30

/** What is unpacked at a time: 1032 times as much may come out, all at once. */
const CHUNK_BYTES = 8192
const MAGIC = [0x1f, 0x8b, 8]
const HEADER_BYTES = 10
const TRAILER_BYTES = 8

export interface GunzipHooks {
  /** @param done packed bytes read, of `total` */
  readonly onProgress?: (done: Bytes, total: Bytes) => void
  readonly signal?: CancelSignal
  /** How much may be held, in bytes; MAX_UNPACKED_BYTES where left out. */
  readonly maxBytes?: Bytes
}

/**
 * @returns the unpacked image, or the source itself if it is not packed
 * @throws UserError if the file is damaged or cut short (with the packed offset at which that was seen), or
 *   holds too much
 * @throws Cancelled
 */
export async function gunzipped(source: ByteSource, hooks: GunzipHooks = {}): Promise<ByteSource> {
  const start = await source.read(0, MAGIC.length)
  if (MAGIC.some((byte, index) => start[index] !== byte)) return source
  if (source.size < HEADER_BYTES + TRAILER_BYTES) throw damaged('it ends within its header', 0)
  return new Unpacking(source, hooks).run()
}

/** A gzip file is a row of members, each with a checksum and a length of its own. */
class Unpacking {
  readonly #source: ByteSource
  readonly #hooks: GunzipHooks
  readonly #writer = new SparseWriter()
  #memberCrc = 0
  #memberBytes = 0
  /** Members that ended in the chunk at hand, to be compared with their trailers. */
  #ended: { end: Bytes; crc: number; length: number }[] = []

  constructor(source: ByteSource, hooks: GunzipHooks) {
    this.#source = source
    this.#hooks = hooks
  }

  async run(): Promise<ByteSource> {
    const { size } = this.#source
    const gunzip = new Gunzip(data => this.#take(data))
    gunzip.onmember = start => this.#endMember(start)
    for (let offset = 0; offset < size; offset += CHUNK_BYTES) {
      throwIfCancelled(this.#hooks.signal)
      const length = Math.min(CHUNK_BYTES, size - offset)
      const chunk = await this.#source.read(offset, length)
      try {
        gunzip.push(chunk, offset + length === size)
      } catch (error) {
        // What fflate throws at damaged data is not always of its own kind.
        if (error instanceof UserError || !(error instanceof Error)) throw error
        throw damaged(error.message, offset)
      }
      await this.#compareTrailers()
      this.#hooks.onProgress?.(offset + length, size)
    }
    this.#endMember(size)
    await this.#compareTrailers()
    return this.#writer.finish()
  }

  #take(data: Uint8Array): void {
    this.#memberCrc = crc32(this.#memberCrc, data)
    this.#memberBytes += data.length
    this.#writer.write(data)
    const maxBytes = this.#hooks.maxBytes ?? MAX_UNPACKED_BYTES
    if (this.#writer.heldBytes > maxBytes)
      throw new UserError(
        `The packed image holds more than ${Math.floor(maxBytes / 2 ** 20)} MiB of data, which is the most that is unpacked here`,
        { advice: 'Unpack it first (gunzip) and open the file itself: that is read in parts.' },
      )
  }

  #endMember(end: Bytes): void {
    this.#ended.push({ end, crc: this.#memberCrc, length: this.#memberBytes })
    this.#memberCrc = 0
    this.#memberBytes = 0
  }

  async #compareTrailers(): Promise<void> {
    for (const { end, crc, length } of this.#ended) {
      const at = end - TRAILER_BYTES
      const bytes = await this.#source.read(at, TRAILER_BYTES)
      const trailer = new DataView(bytes.buffer, bytes.byteOffset)
      if (trailer.getUint32(0, true) !== crc || trailer.getUint32(4, true) !== length % 2 ** 32)
        throw damaged('its checksum is wrong', at)
    }
    this.#ended = []
  }
}

/** @param offset in the packed file */
const damaged = (how: string, offset: Bytes): UserError =>
  new UserError(`The gzip file is damaged or cut short: ${how}`, {
    offset: BigInt(offset),
    advice: 'gzip -t tells whether it is whole. Fetch or pack it again.',
  })
