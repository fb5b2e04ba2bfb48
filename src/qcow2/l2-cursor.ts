import { COMPRESSED_FLAG } from './entries.ts'
import type { Qcow2Image } from './image.ts'

/** QEMU: QCow2ClusterType. */
export const ClusterKind = {
  unallocated: 0,
  zeroPlain: 1,
  zeroAlloc: 2,
  normal: 3,
  compressed: 4,
} as const

export type ClusterKindCode = (typeof ClusterKind)[keyof typeof ClusterKind]

const HIGH_COPIED = 0x80000000
const HIGH_COMPRESSED = Number(COMPRESSED_FLAG >> 32n)
const HIGH_OFFSET = 0x00ffffff
const HIGH_RESERVED = 0x3f000000
const LOW_OFFSET = 0xfffffe00
const LOW_RESERVED = 0x1fe

/**
 * Decodes L2 entries one after the other into its own fields, in 32-bit halves. `entries.ts` says the same
 * of a single entry; this is for walking millions of them without making a bigint or an object for each.
 */
export class L2Cursor {
  readonly #view: DataView
  readonly #entryBytes: number
  /** The same bytes, in whatever order; undefined where they do not start on a word. */
  readonly #words: Int32Array | undefined
  /** Entries have subclusters. */
  readonly extended: boolean
  readonly #dataFile: boolean
  /** Bits of a compressed descriptor's upper half that belong to the offset. */
  readonly #compressedHighBits: number
  readonly #compressedSizeMask: number
  readonly #clusterMask: number
  readonly length: number

  kind: ClusterKindCode = ClusterKind.unallocated
  copied = false
  /** A reserved bit of a standard entry is set. */
  reserved = false
  /** Host offset / 512; of a compressed cluster the sector in which it starts. */
  sector = 0
  /** Host offset within that sector; 0 unless compressed. */
  byteInSector = 0
  /** How many sectors a compressed cluster touches. */
  sectors = 0
  /** Whether the offset is on a cluster boundary. */
  aligned = true
  /** Subcluster bits of an extended entry: bit n speaks of subcluster n. */
  allocated = 0
  zero = 0

  constructor(image: Qcow2Image, view: DataView) {
    const bits = image.header.clusterBits
    this.#view = view
    this.extended = hasExtendedL2(image)
    this.#dataFile = hasDataFile(image)
    this.#entryBytes = this.extended ? 16 : 8
    if (view.byteOffset % 4 === 0)
      this.#words = new Int32Array(view.buffer, view.byteOffset, Math.floor(view.byteLength / 4))
    this.#compressedHighBits = 62 - (bits - 8) - 32
    this.#compressedSizeMask = (1 << (bits - 8)) - 1
    this.#clusterMask = image.clusterSize - 1
    this.length = Math.floor(view.byteLength / this.#entryBytes)
  }

  /** Whether a standard cluster holds something other than zeros, as far as its entry says. */
  get holdsData(): boolean {
    return this.extended ? this.allocated !== 0 : this.kind === ClusterKind.normal
  }

  /** The entry as it stands; for messages and reports. */
  entry(index: number): bigint {
    return this.#view.getBigUint64(index * this.#entryBytes)
  }

  /**
   * Passes over entries that are all zero, as most are in a table that is hardly used.
   * @returns the first entry from `index` on that may not be; `length` where there is none
   */
  nextUsed(index: number): number {
    const words = this.#words
    if (!words) return index
    const perEntry = this.#entryBytes / 4
    const stop = this.length * perEntry
    let at = index * perEntry
    // Four words a step where there are so many, which is a whole number of entries.
    while (at + 4 <= stop && (words[at]! | words[at + 1]! | words[at + 2]! | words[at + 3]!) === 0) at += 4
    while (at < stop && words[at] === 0) at++
    return Math.floor(at / perEntry)
  }

  /** @returns false if the entry is all zero */
  read(index: number): boolean {
    const at = index * this.#entryBytes
    const high = this.#view.getUint32(at)
    const low = this.#view.getUint32(at + 4)
    if (this.extended) {
      this.zero = this.#view.getUint32(at + 8)
      this.allocated = this.#view.getUint32(at + 12)
    }
    if (high === 0 && low === 0) {
      this.#clear()
      return this.zero !== 0 || this.allocated !== 0
    }
    this.copied = (high & HIGH_COPIED) !== 0
    if ((high & HIGH_COMPRESSED) !== 0) this.#readCompressed(high, low)
    else this.#readStandard(high, low)
    return true
  }

  /**
   * How many entries behind a standard one differ from the one before them in the offset alone, by a cluster. Not for
   * entries with subclusters.
   * @param most of them that are counted
   */
  following(index: number, most: number): number {
    const stop = Math.min(this.length, index + 1 + Math.max(0, most))
    let at = index * this.#entryBytes
    let high = this.#view.getUint32(at)
    let low = this.#view.getUint32(at + 4)
    let next = index + 1
    for (; next < stop; next++) {
      at += this.#entryBytes
      low += this.#clusterMask + 1
      if (low >= 2 ** 32) {
        low -= 2 ** 32
        high++
      }
      if (this.#view.getUint32(at + 4) !== low || this.#view.getUint32(at) !== high) break
    }
    return next - index - 1
  }

  #clear(): void {
    this.kind = ClusterKind.unallocated
    this.copied = false
    this.reserved = false
    this.sector = 0
    this.byteInSector = 0
    this.aligned = true
  }

  #readStandard(high: number, low: number): void {
    const highOffset = high & HIGH_OFFSET
    const lowOffset = (low & LOW_OFFSET) >>> 0
    const hasOffset = highOffset !== 0 || lowOffset !== 0
    this.reserved = (high & HIGH_RESERVED) !== 0 || (low & LOW_RESERVED) !== 0
    this.sector = highOffset * 2 ** 23 + (lowOffset >>> 9)
    this.byteInSector = 0
    this.aligned = (lowOffset & this.#clusterMask) === 0
    if ((low & 1) !== 0 && !this.extended)
      this.kind = hasOffset ? ClusterKind.zeroAlloc : ClusterKind.zeroPlain
    // In a data file, offset 0 is a place like any other; in the image it is the header's.
    else if (hasOffset || (this.#dataFile && this.copied)) this.kind = ClusterKind.normal
    else this.kind = ClusterKind.unallocated
  }

  #readCompressed(high: number, low: number): void {
    this.kind = ClusterKind.compressed
    this.reserved = false
    this.aligned = true
    this.sector = (high & ((1 << this.#compressedHighBits) - 1)) * 2 ** 23 + (low >>> 9)
    this.byteInSector = low & 511
    this.sectors = ((high >>> this.#compressedHighBits) & this.#compressedSizeMask) + 1
  }
}

/** Incompatible feature 4: L2 entries of 16 bytes with 32 subclusters. */
export const hasExtendedL2 = (image: Qcow2Image): boolean =>
  (image.header.incompatibleFeatures & (1n << 4n)) !== 0n

/** Incompatible feature 2: guest data lives in another file. */
export const hasDataFile = (image: Qcow2Image): boolean =>
  (image.header.incompatibleFeatures & (1n << 2n)) !== 0n

/** How many clusters one L2 table maps. */
export const l2Entries = (image: Qcow2Image): number => image.clusterSize / (hasExtendedL2(image) ? 16 : 8)
