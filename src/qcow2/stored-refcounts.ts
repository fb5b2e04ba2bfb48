import { bytesOf, type Reading, readMany } from '../disk/byte-source.ts'
import type { Bytes, ClusterIndex } from '../lib/units.ts'
import { type BlockSpan, BlocksInTurn } from './blocks-in-turn.ts'
import { refcountTableEntryOffset } from './entries.ts'
import type { Qcow2Image } from './image.ts'
import type { WorkBudget } from './work-budget.ts'

/** Refcounts held unpacked at a time; a block of 2 MiB may hold 16 million. */
const WINDOW_ENTRIES = 1 << 15

/** Blocks of so many bytes are kept at most: those of a file of 2 TiB in clusters of 64 KiB, just about. */
const MAX_KEPT_BYTES = 2 ** 26

/**
 * The refcounts as the image has them, one stretch of clusters at a time. Where there is no refcount
 * block every refcount is 0, which costs nothing however long the stretch is.
 */
export class StoredRefcounts {
  /** The loaded stretch: from `base` up to and without `end`. */
  base: ClusterIndex = 0
  end: ClusterIndex = 0
  /** Set if all of the stretch has no refcount block. */
  empty = true
  /** Set if the refcount block cannot be read: it is unaligned, or lies where no file reaches. */
  failed = false
  /** Set if all of the stretch is known to have the same refcount, as most of an image has. */
  uniform = false
  /** The stretch's refcounts, valid unless empty or failed. Exact below 2^53. */
  readonly values = new Float64Array(WINDOW_ENTRIES)
  readonly #image: Qcow2Image
  readonly #budget: WorkBudget | undefined
  readonly #perBlock: number
  readonly #tableEntries: number
  /** Blocks that were read along with something else, by their offset. */
  readonly #kept = new Map<Bytes, Uint8Array>()
  #inTurn: BlocksInTurn | undefined

  constructor(image: Qcow2Image, budget?: WorkBudget) {
    this.#image = image
    this.#budget = budget
    this.#perBlock = refcountsPerBlock(image)
    this.#tableEntries = Math.floor(image.refcountTable.byteLength / 8)
  }

  /**
   * Blocks that may as well be read along with something else, and are going to be loaded then.
   * @returns as many as may be kept, each once, in the order of the file
   */
  blocksToKeep(): BlockSpan[] {
    const blocks = new Map<Bytes, BlockSpan>()
    for (const block of this.#blocksBefore(this.#image.fileClusters)) blocks.set(block.offset, block)
    return [...blocks.values()]
      .toSorted((one, other) => one.offset - other.offset)
      .slice(0, MAX_KEPT_BYTES / this.#image.clusterSize)
  }

  /** @param reading of the block; one that failed is tried again, and told of, when the block is loaded */
  keep({ offset }: BlockSpan, reading: Reading): void {
    if (!(reading instanceof Uint8Array)) return
    // What it was read along with is not to be kept.
    const isAlone = reading.length === reading.buffer.byteLength
    this.#kept.set(offset, isAlone ? reading : reading.slice())
  }

  /** Stretch after stretch is going to be loaded, up to a cluster: blocks that are not kept are read before they are needed. */
  startLoading(end: ClusterIndex): void {
    this.#inTurn = new BlocksInTurn(this.#image.disk, this.#blocksNotKept(end))
  }

  /** Nothing is going to be loaded in a while. */
  endLoading(): void {
    this.#inTurn = undefined
    this.#kept.clear()
  }

  /**
   * Loads a stretch that starts at `cluster` or before, and goes past it.
   * @throws UserError when the budget is spent
   */
  async load(cluster: ClusterIndex): Promise<void> {
    this.failed = false
    const index = Math.floor(cluster / this.#perBlock)
    const offset = this.#blockOffset(index)
    this.empty = offset === 0n
    if (this.empty) return this.#loadNothing(index)
    if (this.#unreadable(offset)) {
      this.failed = true
      this.base = index * this.#perBlock
      this.end = this.base + this.#perBlock
      return
    }
    const entries = Math.min(this.#perBlock, WINDOW_ENTRIES)
    const inBlock = Math.floor((cluster % this.#perBlock) / entries) * entries
    this.base = index * this.#perBlock + inBlock
    this.end = this.base + entries
    const bits = 2 ** this.#image.header.refcountOrder
    const length = (entries * bits) / 8
    this.#budget?.spend(Math.max(length, entries))
    const start = (inBlock * bits) / 8
    const block = this.#kept.get(Number(offset)) ?? (await this.#inTurn?.block(index))
    const bytes =
      block?.subarray(start, start + length) ?? (await this.#readAlone(Number(offset) + start, length))
    this.#unpack(bytes)
  }

  /** @returns the refcount of a cluster in the loaded stretch */
  at(cluster: ClusterIndex): number {
    return this.empty || this.failed ? 0 : this.values[cluster - this.base]!
  }

  /** @returns one refcount, exactly; 0 where its block is missing or cannot be read */
  async exact(cluster: ClusterIndex): Promise<bigint> {
    const offset = this.#blockOffset(Math.floor(cluster / this.#perBlock))
    if (offset === 0n || this.#unreadable(offset)) return 0n
    const inBlock = cluster % this.#perBlock
    const order = this.#image.header.refcountOrder
    if (order === 6) {
      const bytes = await this.#read(Number(offset) + inBlock * 8, 8)
      return new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0)
    }
    const perByte = order < 3 ? 8 >> order : 1
    const width = order < 3 ? 1 : 2 ** (order - 3)
    const bytes = await this.#read(Number(offset) + Math.floor(inBlock / perByte) * width, width)
    const values = new Float64Array(perByte)
    unpackRefcounts(bytes, order, values)
    return BigInt(values[inBlock % perByte]!)
  }

  /** @returns false where the cluster's refcount block cannot be read */
  isReadable(cluster: ClusterIndex): boolean {
    const offset = this.#blockOffset(Math.floor(cluster / this.#perBlock))
    return offset === 0n || !this.#unreadable(offset)
  }

  #unpack(bytes: Uint8Array): void {
    const { values } = this
    const order = this.#image.header.refcountOrder
    this.uniform = false
    if (!isRepeated(bytes)) return unpackRefcounts(bytes, order, values)
    unpackRefcounts(bytes.subarray(0, REPEATED_BYTES), order, values)
    const first = values[0]!
    const different = values.subarray(0, (REPEATED_BYTES * 8) / 2 ** order).some(value => value !== first)
    if (different) return unpackRefcounts(bytes, order, values)
    values.fill(first)
    this.uniform = true
  }

  #loadNothing(index: number): void {
    let next = index + 1
    while (next < this.#tableEntries && this.#blockOffset(next) === 0n) next++
    this.base = index * this.#perBlock
    this.end = next < this.#tableEntries ? next * this.#perBlock : Infinity
  }

  /** Blocks in the file that count clusters up to one, in the order of the refcount table. */
  *#blocksBefore(end: ClusterIndex): Generator<BlockSpan> {
    const { disk, clusterSize: length } = this.#image
    const blocks = Math.min(Math.ceil(end / this.#perBlock), this.#tableEntries)
    for (let index = 0; index < blocks; index++) {
      const offset = this.#blockOffset(index)
      if (offset !== 0n && !this.#unreadable(offset) && offset < disk.size)
        yield { offset: Number(offset), length, index }
    }
  }

  *#blocksNotKept(end: ClusterIndex): Generator<BlockSpan> {
    for (const block of this.#blocksBefore(end)) if (!this.#kept.has(block.offset)) yield block
  }

  #blockOffset(index: number): bigint {
    if (index < 0 || index >= this.#tableEntries) return 0n
    const table = this.#image.refcountTable
    if (table.getUint32(8 * index) === 0 && table.getUint32(8 * index + 4) === 0) return 0n
    return refcountTableEntryOffset(table.getBigUint64(8 * index))
  }

  /** QEMU fails on these two; a block past the end of the file reads as zeros. */
  #unreadable(offset: bigint): boolean {
    return offset % BigInt(this.#image.clusterSize) !== 0n || offset >= 1n << 63n
  }

  /** What is around it is not going to be read next. */
  async #readAlone(offset: number, length: number): Promise<Uint8Array> {
    const { disk } = this.#image
    if (offset >= disk.size) return new Uint8Array(length)
    const [reading] = await readMany(disk, [{ offset, length }])
    return bytesOf(reading!)
  }

  async #read(offset: number, length: number): Promise<Uint8Array> {
    const { disk } = this.#image
    return offset < disk.size ? await disk.read(offset, length) : new Uint8Array(length)
  }
}

const REPEATED_BYTES = 8

/** Whether they are the same eight bytes again and again. Looking is faster than unpacking all of them. */
function isRepeated(bytes: Uint8Array): boolean {
  if (bytes.byteOffset % 4 !== 0) return false
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
  const [first, second] = words
  for (let i = 2; i < words.length; i += 2) if (words[i] !== first || words[i + 1] !== second) return false
  return true
}

/** How many clusters one refcount block counts. */
export const refcountsPerBlock = ({ clusterSize, header }: Qcow2Image): number =>
  (clusterSize * 8) / 2 ** header.refcountOrder

/**
 * @param order 0 to 6: refcounts are 2^order bits wide; those narrower than a byte are packed from the
 *   least significant bit
 * @param into as many refcounts as `bytes` holds
 */
export function unpackRefcounts(bytes: Uint8Array, order: number, into: Float64Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = (bytes.byteLength * 8) / 2 ** order
  switch (order) {
    case 3:
      for (let i = 0; i < count; i++) into[i] = bytes[i]!
      break
    case 4:
      for (let i = 0; i < count; i++) into[i] = view.getUint16(2 * i)
      break
    case 5:
      for (let i = 0; i < count; i++) into[i] = view.getUint32(4 * i)
      break
    case 6:
      for (let i = 0; i < count; i++) into[i] = view.getUint32(8 * i) * 2 ** 32 + view.getUint32(8 * i + 4)
      break
    default: {
      const mask = (1 << (1 << order)) - 1
      const perByteBits = 3 - order
      for (let i = 0; i < count; i++)
        into[i] = (bytes[i >> perByteBits]! >> ((i & ((1 << perByteBits) - 1)) << order)) & mask
    }
  }
}
