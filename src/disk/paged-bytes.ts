/**
 * Bytes that change, in pages that are shared with copies until one side writes to them. A page that is not
 * there comes from what lies below: a file, or zeros.
 */
import type { Bytes } from '../lib/units.ts'
import { PageTree } from './page-tree.ts'

export const PAGE_BYTES = 4096

/** Reads a whole page from below; it may be shared, for it is copied before it is changed. */
export type PageBelow = (offset: Bytes) => Uint8Array

interface Page {
  /** Who may change it in place; undefined for nobody: all pages full of one byte share one. */
  readonly owner: object | undefined
  readonly bytes: Uint8Array
}

const uniform: Page[] = []
const uniformPage = (byte: number): Page =>
  (uniform[byte] ??= { owner: undefined, bytes: new Uint8Array(PAGE_BYTES).fill(byte) })

/** Zeros that are copied along with data would fill the memory otherwise. */
function isUniform(page: Uint8Array): boolean {
  const first = page[0]!
  if (page[1] !== first || page[PAGE_BYTES - 1] !== first) return false
  if (page.byteOffset % 4 !== 0) return page.every(byte => byte === first)
  const words = new Int32Array(page.buffer, page.byteOffset, PAGE_BYTES / 4)
  const word = first * 0x01010101
  for (let i = 0; i < words.length; i++) if (words[i] !== (word | 0)) return false
  return true
}

function haveSameBytes(one: Uint8Array, other: Uint8Array): boolean {
  if (one.byteOffset % 4 !== 0 || other.byteOffset % 4 !== 0) return one.every((byte, i) => byte === other[i])
  const words = new Int32Array(one.buffer, one.byteOffset, PAGE_BYTES / 4)
  const others = new Int32Array(other.buffer, other.byteOffset, PAGE_BYTES / 4)
  for (let i = 0; i < words.length; i++) if (words[i] !== others[i]) return false
  return true
}

export class PagedBytes {
  private pages = new PageTree<Page>()
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
      const part = Math.min(PAGE_BYTES - from, offset + length - at)
      if (part === PAGE_BYTES) this.pages.set(at / PAGE_BYTES, uniformPage(byte))
      else this.ownPage(at - from).fill(byte, from, from + part)
      at += part
    }
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
