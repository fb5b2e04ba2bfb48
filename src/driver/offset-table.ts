/**
 * A table of 64-bit entries in memory, as the driver holds the active L1 and the refcount table: what it read
 * when it opened the image, whatever happens to the bytes on disk. Entries are two halves, since flags
 * stand in the highest bits and offsets in the lowest: each half is exact as a Number.
 */
import type { Bytes } from '../lib/units.ts'
import { PAGE_BYTES, PagedBytes } from '../disk/paged-bytes.ts'

const ZEROS = new Uint8Array(PAGE_BYTES)

export class OffsetTable {
  /** Number of entries. */
  readonly length: number
  private bytes: PagedBytes

  /** A table of zeros. */
  constructor(length: number) {
    this.length = length
    this.bytes = new PagedBytes(() => ZEROS)
  }

  /** @param view big-endian entries; what is missing of `length` is zero */
  static from(view: DataView, length: number): OffsetTable {
    const table = new OffsetTable(length)
    const size = Math.min(view.byteLength, length * 8)
    table.bytes.write(0, new Uint8Array(view.buffer, view.byteOffset, size))
    return table
  }

  high(index: number): number {
    return this.bytes.getUint32(index * 8)
  }

  low(index: number): number {
    return this.bytes.getUint32(index * 8 + 4)
  }

  set(index: number, high: number, low: number): void {
    this.bytes.setUint32(index * 8, high)
    this.bytes.setUint32(index * 8 + 4, low)
  }

  /** The entries [from, from + count) as they stand on disk. */
  encode(from = 0, count = this.length - from): Uint8Array {
    const bytes = new Uint8Array(count * 8)
    this.bytes.copyTo(from * 8, bytes)
    return bytes
  }

  /** The same entries in a table of another length: cut, or lengthened with zeros. */
  resized(length: number): OffsetTable {
    const bytes = this.encode(0, Math.min(length, this.length))
    return OffsetTable.from(new DataView(bytes.buffer), length)
  }

  /** An independent copy, in no time. */
  clone(): OffsetTable {
    const copy = new OffsetTable(this.length)
    copy.bytes = this.bytes.clone()
    return copy
  }
}

/** Bytes of a table on disk. */
export const tableBytes = (entries: number): Bytes => entries * 8
