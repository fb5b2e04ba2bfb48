/** The fields and entries, one after the other, that lead from the header to a cluster. */
import type { HostOffset } from '../lib/units.ts'
import { refcountTableEntryOffset } from './entries.ts'
import { ExtensionMagic } from './extension-magic.ts'
import { HeaderField } from './header.ts'
import type { Qcow2Image } from './image.ts'
import { refcountsPerBlock } from './stored-refcounts.ts'

/** A place in the file that points on. */
export interface Pointer {
  /** "header field l1_table_offset", "L1[3]" */
  readonly name: string
  /** Where it stands. */
  readonly offset: HostOffset
}

const headerField = (name: string, offset: HostOffset): Pointer => ({ name: `header field ${name}`, offset })

export const l1Field = (): Pointer[] => [headerField('l1_table_offset', HeaderField.l1TableOffset)]

export const refcountTableField = (): Pointer[] => [
  headerField('refcount_table_offset', HeaderField.refcountTableOffset),
]

export const snapshotTableField = (): Pointer[] => [
  headerField('snapshots_offset', HeaderField.snapshotsOffset),
]

/** Bytes of an extension before its data. */
const EXTENSION_HEAD = 8n

function extensionField(image: Qcow2Image, magic: number, name: string, offset: HostOffset): Pointer[] {
  // Where an extension occurs twice, the last one counts.
  const extension = image.extensions.findLast(each => each.magic === magic)
  return extension ? [{ name, offset: extension.offset + EXTENSION_HEAD + offset }] : []
}

export const luksField = (image: Qcow2Image): Pointer[] =>
  extensionField(image, ExtensionMagic.cryptoHeader, 'encryption extension’s offset', 0n)

export const bitmapDirectoryField = (image: Qcow2Image): Pointer[] =>
  extensionField(image, ExtensionMagic.bitmaps, 'bitmaps extension’s bitmap_directory_offset', 16n)

export function snapshotL1Field(image: Qcow2Image, snapshot: number): Pointer[] {
  const { entryOffset, name, id } = image.snapshots[snapshot]!
  return [...snapshotTableField(), { name: `l1_table_offset of snapshot ${name || id}`, offset: entryOffset }]
}

export function bitmapTableField(image: Qcow2Image, bitmap: number): Pointer[] {
  const { entryOffset, name } = image.bitmapDirectory!.bitmaps[bitmap]!
  const field = { name: `bitmap_table_offset of bitmap ${name}`, offset: entryOffset }
  return [...bitmapDirectoryField(image), field]
}

export function bitmapTableEntry(image: Qcow2Image, bitmap: number, index: number): Pointer[] {
  const { tableOffset } = image.bitmapDirectory!.bitmaps[bitmap]!
  const entry = { name: `entry ${index} of its table`, offset: tableOffset + 8n * BigInt(index) }
  return [...bitmapTableField(image, bitmap), entry]
}

export function refcountTableEntry(image: Qcow2Image, index: number): Pointer[] {
  const offset = image.header.refcountTableOffset + 8n * BigInt(index)
  return [...refcountTableField(), { name: `refcount table[${index}]`, offset }]
}

/** @param snapshot -1 for the active L1 table */
export function l1Entry(image: Qcow2Image, index: number, snapshot: number): Pointer[] {
  const table = snapshot < 0 ? image.header.l1TableOffset : image.snapshots[snapshot]!.l1TableOffset
  const above = snapshot < 0 ? l1Field() : snapshotL1Field(image, snapshot)
  return [...above, { name: `L1[${index}]`, offset: table + 8n * BigInt(index) }]
}

export const l2Entry = (table: HostOffset, index: number, entryBytes: number): Pointer => ({
  name: `entry ${index} of L2 at 0x${table.toString(16)}`,
  offset: table + BigInt(index) * BigInt(entryBytes),
})

/** Where a cluster's refcount stands. */
export interface RefcountPlace {
  readonly tableIndex: number
  /** Where that entry of the refcount table stands; undefined where the table ends before it. */
  readonly tableEntry: HostOffset | undefined
  /** The refcount block; undefined where there is none, and the refcount is 0. */
  readonly block: HostOffset | undefined
  /** Index in the block. */
  readonly index: number
  /** The (first) byte that holds it; undefined without a block. */
  readonly offset: HostOffset | undefined
}

export function refcountPlace(image: Qcow2Image, cluster: number): RefcountPlace {
  const { refcountTable: table, header } = image
  const bits = 2 ** header.refcountOrder
  const perBlock = refcountsPerBlock(image)
  const tableIndex = Math.floor(cluster / perBlock)
  const index = cluster % perBlock
  if (tableIndex >= Math.floor(table.byteLength / 8))
    return { tableIndex, tableEntry: undefined, block: undefined, index, offset: undefined }
  const tableEntry = header.refcountTableOffset + 8n * BigInt(tableIndex)
  const block = refcountTableEntryOffset(table.getBigUint64(8 * tableIndex))
  if (block === 0n) return { tableIndex, tableEntry, block: undefined, index, offset: undefined }
  return { tableIndex, tableEntry, block, index, offset: block + BigInt(Math.floor((index * bits) / 8)) }
}
