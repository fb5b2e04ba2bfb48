/** The refcount table, and refcount blocks of any width. */
import { formatCount } from '../../lib/sizes.ts'
import type { HostOffset } from '../../lib/units.ts'
import { REFCOUNT_TABLE_RESERVED_MASK, refcountTableEntryOffset } from '../entries.ts'
import type { Qcow2Image } from '../image.ts'
import { refcountsPerBlock } from '../stored-refcounts.ts'
import { viewOf } from '../read-at.ts'
import type { EntryReader } from './entry-table.ts'
import { extras, hex, type StructureField } from './field.ts'
import { clusterPointerProblem } from './pointer.ts'
import type { PointerTable } from './pointer-table.ts'

/** @param first index of the cluster's first entry */
export function refcountTable(image: Qcow2Image, first: number): PointerTable {
  const perBlock = BigInt(refcountsPerBlock(image))
  const counted = (from: number, to: number) =>
    `clusters ${formatCount(BigInt(from) * perBlock)} to ${formatCount(BigInt(to + 1) * perBlock - 1n)}`
  return {
    name: 'refcount table',
    first,
    count: image.clusterSize / 8,
    say(entry, index) {
      const target = refcountTableEntryOffset(entry)
      const reserved = (entry & REFCOUNT_TABLE_RESERVED_MASK) !== 0n && 'reserved bits are set'
      const block = target === 0n ? 'no refcount block' : `refcount block at ${hex(target)}`
      return {
        meaning: `${block}; ${counted(index, index)}`,
        ...extras(target === 0n ? undefined : target, clusterPointerProblem(target, image, [reserved])),
      }
    },
    sayEmpty: (from, to) => `no refcount block; ${counted(from, to)}`,
  }
}

/**
 * @param block its index in the refcount table, which says whose refcounts these are
 * @param bytes the block's
 */
export function refcountBlock(
  image: Qcow2Image,
  block: number,
  bytes: Uint8Array,
  start: HostOffset,
): EntryReader {
  const { refcountOrder } = image.header
  const bits = 2 ** refcountOrder
  const count = refcountsPerBlock(image)
  const first = BigInt(block) * BigInt(count)
  const view = viewOf(bytes)
  const read = reader(view, refcountOrder)
  const placeOf = (from: number, to: number): Pick<StructureField, 'offset' | 'length' | 'bits'> => {
    const firstBit = from * bits
    const startByte = Math.floor(firstBit / 8)
    const length = Math.ceil(((to + 1) * bits) / 8) - startByte
    const place = { offset: start + BigInt(startByte), length }
    return bits >= 8 ? place : { ...place, bits: { first: firstBit % 8, count: (to - from + 1) * bits } }
  }
  const say = (
    entry: number,
    raw: bigint,
    each: string,
  ): Pick<StructureField, 'meaning' | 'target' | 'empty'> => {
    const target = (first + BigInt(entry)) << BigInt(image.header.clusterBits)
    // What lies past the end is counted, but not there to go to.
    const isThere = target < BigInt(image.disk.size)
    return {
      meaning: `refcount ${formatCount(raw)}${each}`,
      ...(isThere ? { target } : {}),
      ...(raw === 0n ? { empty: true } : {}),
    }
  }
  return {
    bits,
    count,
    parts: 1,
    joins: entry => read.same(entry),
    fields(entry) {
      const raw = read.exact(entry)
      return [
        { ...placeOf(entry, entry), name: `cluster ${first + BigInt(entry)}`, raw, ...say(entry, raw, '') },
      ]
    },
    folded(from, to) {
      return {
        ...placeOf(from, to),
        name: `clusters ${first + BigInt(from)} to ${first + BigInt(to)}`,
        ...say(from, read.exact(from), ' each'),
      }
    },
  }
}

/** Refcounts of one width: whether one is like the one before, and its value. */
function reader(
  view: DataView,
  order: number,
): { same(entry: number): boolean; exact(entry: number): bigint } {
  switch (order) {
    case 6:
      return {
        same: entry =>
          view.getUint32(8 * entry) === view.getUint32(8 * entry - 8) &&
          view.getUint32(8 * entry + 4) === view.getUint32(8 * entry - 4),
        exact: entry => view.getBigUint64(8 * entry),
      }
    case 5:
      return byValue(entry => view.getUint32(4 * entry))
    case 4:
      return byValue(entry => view.getUint16(2 * entry))
    case 3:
      return byValue(entry => view.getUint8(entry))
    default: {
      const perByte = 3 - order
      const inByte = (1 << perByte) - 1
      const mask = (1 << (1 << order)) - 1
      return byValue(entry => (view.getUint8(entry >> perByte) >> ((entry & inByte) << order)) & mask)
    }
  }
}

const byValue = (value: (entry: number) => number) => ({
  same: (entry: number) => value(entry) === value(entry - 1),
  exact: (entry: number) => BigInt(value(entry)),
})
