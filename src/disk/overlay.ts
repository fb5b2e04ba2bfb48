/**
 * A file that can be written to without being touched: changes lie in pages above it. Copies share their pages,
 * so a copy costs nothing, and after it only what either side changes.
 */
import type { Bytes } from '../lib/units.ts'
import type { ByteSource } from './byte-source.ts'
import { PageRow } from './page-row.ts'
import { PAGE_BYTES, PagedBytes } from './paged-bytes.ts'
import type { SyncSource } from './sync-source.ts'

/** A stretch of a file, without `end`. */
export interface ByteRange {
  readonly start: Bytes
  readonly end: Bytes
}

/** A stretch of a file that was changed. */
export interface DirtyRange {
  readonly offset: Bytes
  readonly length: Bytes
}

export class Overlay implements SyncSource, ByteSource {
  /** Length of the file as it now is. */
  size: Bytes
  private readonly source: SyncSource
  private pages: PagedBytes
  /** What is left of the source: cutting the file short loses the rest for good. */
  private visible: { end: Bytes }

  constructor(source: SyncSource) {
    this.source = source
    this.size = source.size
    this.visible = { end: source.size }
    this.pages = new PagedBytes(pageOf(source, this.visible))
  }

  /** @throws DiskError */
  readSync(offset: Bytes, length: Bytes): Uint8Array {
    const bytes = new Uint8Array(length)
    this.pages.copyTo(offset, bytes)
    return bytes
  }

  /** @throws DiskError */
  async read(offset: Bytes, length: Bytes): Promise<Uint8Array> {
    return this.readSync(offset, length)
  }

  /** Writes; a write past the end makes the file longer, with zeros in between. */
  write(offset: Bytes, bytes: Uint8Array): void {
    this.pages.write(offset, bytes)
    this.size = Math.max(this.size, offset + bytes.length)
  }

  /**
   * A table as it stands, for as long as anybody likes: what is written here later does not change it. Whole pages
   * are shared, not copied.
   * @throws DiskError
   */
  readTable(offset: Bytes, length: Bytes): PageRow {
    if (!isInPages(offset, length)) return PageRow.of(this.readSync(offset, length))
    return this.pages.table(offset, length)
  }

  /** Writes a whole table, changed or not; whole pages are shared, not copied. */
  writeTable(offset: Bytes, table: PageRow): void {
    if (isInPages(offset, table.length)) this.pages.put(offset, table)
    else
      for (const [index, { bytes }] of table.share().entries())
        this.pages.write(offset + index * PAGE_BYTES, bytes)
    this.size = Math.max(this.size, offset + table.length)
  }

  /** Writes one byte many times. */
  fill(offset: Bytes, length: Bytes, byte: number): void {
    this.pages.fill(offset, length, byte)
    if (length > 0) this.size = Math.max(this.size, offset + length)
  }

  /** Cuts the file, or makes it longer with zeros. */
  truncate(size: Bytes): void {
    if (size < this.size) {
      const pageEnd = Math.ceil(size / PAGE_BYTES) * PAGE_BYTES
      if (pageEnd > size && this.pages.isChanged(size)) this.pages.fill(size, pageEnd - size, 0)
      this.pages.forgetFrom(pageEnd)
      this.visible.end = Math.min(this.visible.end, size)
    }
    this.size = size
  }

  /** What differs from the file below, ascending, in whole pages (the last one may be cut by the file's end). */
  *dirtyRanges(): Generator<DirtyRange> {
    let start = 0
    let end = 0
    for (const [offset] of this.pages.changed()) {
      if (offset !== end) {
        if (end > start) yield { offset: start, length: Math.min(end, this.size) - start }
        start = offset
      }
      end = offset + PAGE_BYTES
    }
    if (end > start) yield { offset: start, length: Math.min(end, this.size) - start }
  }

  /**
   * Stretches outside of which both files read the same, ascending, not overlapping, in whole pages. Takes as long as what
   * was changed since one was copied from the other.
   * @param before over the same file; undefined for that file itself
   */
  changedSince(before: Overlay = new Overlay(this.source)): ByteRange[] {
    const ranges: ByteRange[] = []
    const add = (start: Bytes, end: Bytes) => {
      const last = ranges.at(-1)
      if (last && start <= last.end)
        ranges[ranges.length - 1] = { start: last.start, end: Math.max(last.end, end) }
      else ranges.push({ start, end })
    }
    // Where the one was cut short and the other was not, the file below shows in the other only.
    const first = Math.min(this.visible.end, before.visible.end)
    const end = Math.max(this.visible.end, before.visible.end)
    let isCutTold = first === end
    const tellCut = (offset: Bytes) => {
      if (!isCutTold && offset >= first) add(first, end)
      isCutTold ||= offset >= first
    }
    for (const offset of this.pages.differing(before.pages)) {
      tellCut(offset)
      add(offset, offset + PAGE_BYTES)
    }
    tellCut(Infinity)
    return ranges
  }

  /** Bytes of the file below that still show, from its start; behind them come changes and zeros. */
  get visibleEnd(): Bytes {
    return this.visible.end
  }

  /** An independent copy, in no time. */
  clone(): Overlay {
    const copy = new Overlay(this.source)
    copy.size = this.size
    copy.visible.end = this.visible.end
    copy.pages = this.pages.clone(pageOf(this.source, copy.visible))
    return copy
  }
}

/** Tables are whole pages at page boundaries, unless clusters are smaller than pages. */
const isInPages = (offset: Bytes, length: Bytes): boolean =>
  offset % PAGE_BYTES === 0 && length % PAGE_BYTES === 0

function pageOf(source: SyncSource, visible: { readonly end: Bytes }): (offset: Bytes) => Uint8Array {
  return offset => {
    const there = Math.min(PAGE_BYTES, visible.end - offset)
    if (there === PAGE_BYTES) return source.readSync(offset, PAGE_BYTES)
    const page = new Uint8Array(PAGE_BYTES)
    if (there > 0) page.set(source.readSync(offset, there))
    return page
  }
}
