/** The unit in which changed bytes are kept, and shared among copies, caches and disks. */

export const PAGE_BYTES = 4096

/**
 * A page may be held by many: disks, their copies, tables in caches. Whoever wants to change one that others may hold
 * copies it first.
 */
export interface Page {
  /**
   * Who alone holds it, and may change it in place: a disk's or a table's token. A lease (page-row.ts) says that a
   * disk and one table hold it. undefined: nobody knows how many do.
   */
  owner: object | undefined
  readonly bytes: Uint8Array
}

const uniform: Page[] = []

/** All pages full of one byte are one. */
export const uniformPage = (byte: number): Page =>
  (uniform[byte] ??= { owner: undefined, bytes: new Uint8Array(PAGE_BYTES).fill(byte) })

/** Whether a whole page is one byte: zeros that are copied along with data would fill the memory otherwise. */
export function isUniform(page: Uint8Array): boolean {
  const first = page[0]!
  if (page[1] !== first || page[PAGE_BYTES - 1] !== first) return false
  if (page.byteOffset % 4 !== 0) return page.every(byte => byte === first)
  const words = new Int32Array(page.buffer, page.byteOffset, PAGE_BYTES / 4)
  const word = first * 0x01010101
  for (let i = 0; i < words.length; i++) if (words[i] !== (word | 0)) return false
  return true
}

/** A page of these bytes, which are copied: they may be a small part of a large buffer. */
export const sharedPage = (bytes: Uint8Array): Page =>
  isUniform(bytes) ? uniformPage(bytes[0]!) : { owner: undefined, bytes: bytes.slice() }
