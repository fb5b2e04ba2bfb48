/**
 * Bytes that change, in pages that are shared with copies until one side writes to them. A page that is not
 * there comes from what lies below: a file, or zeros.
 */
import type { Bytes } from '../lib/units.ts'
import { isUniform, PAGE_BYTES, type Page, sharedPage, uniformPage } from './page.ts'
import { PageRow } from './page-row.ts'
import { PageTree } from './page-tree.ts'

export { PAGE_BYTES } from './page.ts'

/** Reads a whole page from below; it may be shared, for it is copied before it is changed. */
export type PageBelow = (offset: Bytes) => Uint8Array

function haveSameBytes(one: Uint8Array, other: Uint8Array): boolean {
  if (one.byteOffset % 4 !== 0 || other.byteOffset % 4 !== 0) return one.every((byte, i) => byte === other[i])
  const words = new Int32Array(one.buffer, one.byteOffset, PAGE_BYTES / 4)
  const others = new Int32Array(other.buffer, other.byteOffset, PAGE_BYTES / 4)
  for (let i = 0; i < words.length; i++) if (words[i] !== others[i]) return false
  return true
}

export class PagedBytes {
  private pages = new PageTree<Page>()
  /** Stands for these bytes, as long as there is no copy of them: then both sides take another. */
  private owner: object = {}
  private readonly below: PageBelow

  constructor(below: PageBelow) {
    this.below = below
  }

  /** Copies bytes from `offset` on into `into`. */
  copyTo(offset: Bytes, into: Uint8Array): void {
    for (let at = 0; at < into.length; ) {
      const from = (offset + at) % PAGE_BYTES
      const length = Math.min(PAGE_BYTES - from, into.length - at)
      into.set(this.page(offset + at - from).subarray(from, from + length), at)
      at += length
    }
  }

  /** A big-endian word. @param offset a multiple of 4 */
  getUint32(offset: Bytes): number {
    const from = offset % PAGE_BYTES
    const page = this.page(offset - from)
    return ((page[from]! << 24) | (page[from + 1]! << 16) | (page[from + 2]! << 8) | page[from + 3]!) >>> 0
  }

  /** @param offset a multiple of 4 */
  setUint32(offset: Bytes, value: number): void {
    const from = offset % PAGE_BYTES
    const page = this.ownPage(offset - from)
    page[from] = value >>> 24
    page[from + 1] = value >>> 16
    page[from + 2] = value >>> 8
    page[from + 3] = value
  }

  write(offset: Bytes, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const from = (offset + at) % PAGE_BYTES
      const length = Math.min(PAGE_BYTES - from, bytes.length - at)
      const part = bytes.subarray(at, at + length)
      if (length === PAGE_BYTES && isUniform(part))
        this.pages.set((offset + at) / PAGE_BYTES, uniformPage(part[0]!))
      else this.ownPage(offset + at - from).set(part, from)
      at += length
    }
  }

  /** Writes the same byte many times; whole pages of it cost nothing but their place. */
  fill(offset: Bytes, length: Bytes, byte: number): void {
    for (let at = offset; at < offset + length; ) {
      const from = at % PAGE_BYTES
      const rest = offset + length - at
      let part = Math.min(PAGE_BYTES - from, rest)
      if (part === PAGE_BYTES) {
        part = rest - (rest % PAGE_BYTES)
        this.pages.fill(at / PAGE_BYTES, part / PAGE_BYTES, uniformPage(byte))
      } else this.ownPage(at - from).fill(byte, from, from + part)
      at += part
    }
  }

  /** A table as it stands, in the pages that are here. @param offset and length: multiples of PAGE_BYTES */
  table(offset: Bytes, length: Bytes): PageRow {
    const pages = this.pages
      .row(offset / PAGE_BYTES, length / PAGE_BYTES)
      .map((page, i) => page ?? sharedPage(this.below(offset + i * PAGE_BYTES)))
    return PageRow.lent(pages, length, this.owner)
  }

  /** Puts a table's pages in place, without copying them. @param offset a multiple of PAGE_BYTES */
  put(offset: Bytes, table: PageRow): void {
    const first = offset / PAGE_BYTES
    const replaced = this.pages.row(first, table.length / PAGE_BYTES)
    this.pages.setRow(first, table.handOver(this.owner, replaced))
  }

  /** Whether the page that holds this byte was written to. */
  isChanged(offset: Bytes): boolean {
    return this.pages.get(Math.floor(offset / PAGE_BYTES)) !== undefined
  }

  /** Offsets of all changed pages and their bytes, ascending. The bytes must not be written to. */
  *changed(): Generator<[offset: Bytes, bytes: Uint8Array]> {
    for (const [index, page] of this.pages.entries()) yield [index * PAGE_BYTES, page.bytes]
  }

  /** Offsets of the pages that may have other bytes than in `other`, ascending. Both lie over the same bytes. */
  *differing(other: PagedBytes): Generator<Bytes> {
    for (const index of this.pages.differing(other.pages)) {
      const mine = this.pages.get(index)
      const theirs = other.pages.get(index)
      // Two runs of the same commands write the same into pages of their own.
      if (!mine || !theirs || !haveSameBytes(mine.bytes, theirs.bytes)) yield index * PAGE_BYTES
    }
  }

  /** Forgets every change from this page on. @param offset a multiple of PAGE_BYTES */
  forgetFrom(offset: Bytes): void {
    const gone = Array.from(this.pages.entries(offset / PAGE_BYTES), ([index]) => index)
    for (const index of gone) this.pages.set(index, undefined)
  }

  /** An independent copy, in no time. @param below in place of what lies below this one */
  clone(below: PageBelow = this.below): PagedBytes {
    const copy = new PagedBytes(below)
    copy.pages = this.pages.clone()
    this.owner = {}
    return copy
  }

  private page(offset: Bytes): Uint8Array {
    return this.pages.get(offset / PAGE_BYTES)?.bytes ?? this.below(offset)
  }

  private ownPage(offset: Bytes): Uint8Array {
    const index = offset / PAGE_BYTES
    const page = this.pages.get(index)
    if (page?.owner === this.owner) return page.bytes
    const bytes = (page?.bytes ?? this.below(offset)).slice()
    this.pages.set(index, { owner: this.owner, bytes })
    return bytes
  }
}
