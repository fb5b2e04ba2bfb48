/** Single refcounts in a refcount block (specification: "Refcount blocks"), 1 to 64 bits wide. */
import type { PageRow } from '../disk/page-row.ts'

/** What a block is read from: a cached table, or bytes of the file. */
export type BlockReader = Pick<DataView, 'getUint8' | 'getUint16' | 'getUint32'>

/** @param order log2 of the width in bits. @returns 64-bit refcounts past 2^53 are rounded */
export function refcountAt(block: BlockReader, order: number, index: number): number {
  switch (order) {
    case 3:
      return block.getUint8(index)
    case 4:
      return block.getUint16(index * 2)
    case 5:
      return block.getUint32(index * 4)
    case 6:
      return block.getUint32(index * 8) * 2 ** 32 + block.getUint32(index * 8 + 4)
    default: {
      const bit = index << order
      return (block.getUint8(bit >> 3) >> (bit & 7)) & ((1 << (1 << order)) - 1)
    }
  }
}

/** @param count not larger than the width allows */
export function setRefcountAt(block: PageRow, order: number, index: number, count: number): void {
  switch (order) {
    case 3:
      block.setUint8(index, count)
      break
    case 4:
      block.setUint16(index * 2, count)
      break
    case 5:
      block.setUint32(index * 4, count)
      break
    case 6:
      block.setUint32(index * 8, Math.floor(count / 2 ** 32))
      block.setUint32(index * 8 + 4, count >>> 0)
      break
    default: {
      const bit = index << order
      const mask = (1 << (1 << order)) - 1
      const rest = block.getUint8(bit >> 3) & ~(mask << (bit & 7))
      block.setUint8(bit >> 3, rest | (count << (bit & 7)))
    }
  }
}
