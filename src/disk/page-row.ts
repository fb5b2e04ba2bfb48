/**
 * A table in pages that it shares with the disk: reading it copies nothing, changing an entry copies the page
 * around it once, and writing it hands the pages over. A table of 64 KiB in which one entry changes so costs one page
 * of 4 KiB, and not two copies of the whole. Numbers are big-endian, as everywhere in qcow2.
 */
import type { Bytes } from '../lib/units.ts'
import { PAGE_BYTES, type Page, uniformPage } from './page.ts'

/** PAGE_BYTES = 1 << PAGE_BITS. */
const PAGE_BITS = 12
const IN_PAGE = PAGE_BYTES - 1

export class PageRow {
  /** In bytes: whole pages, or a part of a single one. */
  readonly length: Bytes
  private readonly pages: Page[]
  /**
   * Owns pages that this row and that disk hold, and nobody else. Once the row has changed such a page, which copies
   * it, the original is the disk's alone, and free when the copy takes its place.
   */
  private lease: { readonly disk: object } | undefined
  /** Bytes of a page that nobody holds any more. */
  private spare: Uint8Array | undefined

  /**
   * @param pages belong to the row, though their bytes are changed by nobody
   * @param length in bytes; less than a page only if there is one, which is as short
   */
  constructor(pages: Page[], length: Bytes) {
    this.pages = pages
    this.length = length
  }

  /** @param bytes whole pages, or less than one; nobody changes them from now on */
  static of(bytes: Uint8Array): PageRow {
    const pages = Array.from({ length: Math.ceil(bytes.length / PAGE_BYTES) }, (_, i) => ({
      owner: undefined,
      bytes: bytes.subarray(i * PAGE_BYTES, (i + 1) * PAGE_BYTES),
    }))
    return new PageRow(pages, bytes.length)
  }

  /** Zeros. @param length in bytes: whole pages, or less than one */
  static zeros(length: Bytes): PageRow {
    return length < PAGE_BYTES
      ? PageRow.of(new Uint8Array(length))
      : new PageRow(
          Array.from({ length: length / PAGE_BYTES }, () => uniformPage(0)),
          length,
        )
  }

  /** Pages that a disk holds, and goes on to hold. @param disk owns those that it alone held until now */
  static lent(pages: Page[], length: Bytes, disk: object): PageRow {
    const row = new PageRow(pages, length)
    const lease = { disk }
    row.lease = lease
    for (const page of pages) if (page.owner) page.owner = page.owner === disk ? lease : undefined
    return row
  }

  getUint8(offset: Bytes): number {
    return this.pages[offset >>> PAGE_BITS]!.bytes[offset & IN_PAGE]!
  }

  /** @param offset a multiple of 2 */
  getUint16(offset: Bytes): number {
    const { bytes } = this.pages[offset >>> PAGE_BITS]!
    const at = offset & IN_PAGE
    return (bytes[at]! << 8) | bytes[at + 1]!
  }

  /** @param offset a multiple of 4 */
  getUint32(offset: Bytes): number {
    const { bytes } = this.pages[offset >>> PAGE_BITS]!
    const at = offset & IN_PAGE
    return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
  }

  setUint8(offset: Bytes, value: number): void {
    this.own(offset >>> PAGE_BITS)[offset & IN_PAGE] = value
  }

  /** @param offset a multiple of 2 */
  setUint16(offset: Bytes, value: number): void {
    const bytes = this.own(offset >>> PAGE_BITS)
    const at = offset & IN_PAGE
    bytes[at] = value >>> 8
    bytes[at + 1] = value
  }

  /** @param offset a multiple of 4 */
  setUint32(offset: Bytes, value: number): void {
    const bytes = this.own(offset >>> PAGE_BITS)
    const at = offset & IN_PAGE
    bytes[at] = value >>> 24
    bytes[at + 1] = value >>> 16
    bytes[at + 2] = value >>> 8
    bytes[at + 3] = value
  }

  /** An independent copy: the pages are shared until one side changes them. */
  clone(): PageRow {
    return new PageRow(this.share().slice(), this.length)
  }

  /** The pages, which others may hold from now on: the row copies each before it changes it again. */
  share(): readonly Page[] {
    for (const page of this.pages) if (page.owner) page.owner = undefined
    return this.pages
  }

  /**
   * The pages, for a disk that puts them in place of others. One that is free by that has room for the next change.
   * @param disk owns what the disk alone holds
   */
  handOver(disk: object, replaced: readonly (Page | undefined)[]): readonly Page[] {
    if (this.lease?.disk !== disk) this.lease = { disk }
    for (let i = 0; i < this.pages.length; i++) {
      const page = this.pages[i]!
      const old = replaced[i]
      if (page === old) continue
      if (page.owner !== this) {
        if (page.owner) page.owner = undefined
      } else {
        page.owner = this.lease
        if (old?.owner === this.lease) this.spare = old.bytes
      }
    }
    return this.pages
  }

  /** Comes after a row that nobody uses any more: what that one held with its disk is the disk's alone. */
  follow({ pages, lease, spare }: PageRow): void {
    this.spare ??= spare
    if (lease) for (const page of pages) if (page.owner === lease) page.owner = lease.disk
  }

  private own(index: number): Uint8Array {
    const page = this.pages[index]!
    if (page.owner === this) return page.bytes
    const bytes = this.spare ?? new Uint8Array(page.bytes.length)
    this.spare = undefined
    bytes.set(page.bytes)
    this.pages[index] = { owner: this, bytes }
    return bytes
  }
}
