/** Tables of pointers: refcount table, L1 tables, bitmap tables; and refcount blocks, which end their branch. */
import type { CancelSignal } from '../../lib/cancel.ts'
import { Owner } from '../../lib/owners.ts'
import { formatCount } from '../../lib/sizes.ts'
import {
  BITMAP_TABLE_OFFSET_MASK,
  BITMAP_TABLE_RESERVED_MASK,
  bitmapTableEntryOffset,
  l1EntryOffset,
  REFCOUNT_TABLE_RESERVED_MASK,
  refcountTableEntryOffset,
} from '../../qcow2/entries.ts'
import {
  L1_OFFSET_MASK,
  type PersistentBitmap,
  type Qcow2Image,
  REFCOUNT_TABLE_OFFSET_MASK,
  type Snapshot,
} from '../../qcow2/image.ts'
import { StoredRefcounts } from '../../qcow2/stored-refcounts.ts'
import { guestRangeOf, snapshotDiskSize } from '../../qcow2/structure-list.ts'
import type { StructureRow } from '../structure-page.ts'
import { type Branch, tableBranch } from './branch.ts'
import { PointerGroups, RefcountGroups } from './entry-groups.ts'
import { entriesName } from './names.ts'
import { makeRow, rangeText, type TreeContext } from './structure-facts.ts'
import { clusterTable, type EntryRow, heldTable, storedTable } from './table-rows.ts'

/** Bits of an L1 entry that must be zero. */
const L1_RESERVED_MASK = 0x7f000000000001ffn

/** @returns where the refcount block is that an entry names; 0 for none */
export const blockAt = ({ refcountTable }: Qcow2Image, index: number): bigint =>
  index >= 0 && 8 * index + 8 <= refcountTable.byteLength
    ? refcountTableEntryOffset(refcountTable.getBigUint64(8 * index))
    : 0n

/** @returns where the L2 table is that an entry names; 0 for none. @throws DiskError */
export const l2At = async (
  image: Qcow2Image,
  snapshot: Snapshot | undefined,
  index: number,
): Promise<bigint> => l1EntryOffset(await l1EntryAt(image, snapshot, index))

async function l1EntryAt(image: Qcow2Image, snapshot: Snapshot | undefined, index: number): Promise<bigint> {
  const { l1Size } = snapshot ?? image.header
  if (index < 0 || index >= l1Size) return 0n
  if (!snapshot) return image.l1Table.getBigUint64(8 * index)
  return entryAt(image, snapshot.l1TableOffset, index)
}

async function entryAt({ disk }: Qcow2Image, table: bigint, index: number): Promise<bigint> {
  const at = table + 8n * BigInt(index)
  // Past the end of the file everything reads as zero.
  if (at >= BigInt(disk.size)) return 0n
  const bytes = await disk.read(Number(at), 8)
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0)
}

/** Entries that name nothing. @param entry one of them; all are alike */
function emptyRow(context: TreeContext, id: string, { first, count }: EntryRow, entry: bigint): StructureRow {
  return makeRow(context, {
    id,
    name: entriesName(first, count, 'none'),
    problems: entry === 0n ? [] : ['names nothing, and is not zero'],
  })
}

export function refcountTableBranch(context: TreeContext, signal?: CancelSignal): Promise<Branch> {
  const { image } = context
  const table = heldTable(
    image.refcountTable,
    () => new PointerGroups(REFCOUNT_TABLE_OFFSET_MASK, 'refcount block'),
  )
  const perBlock = (image.clusterSize * 8) / 2 ** image.header.refcountOrder
  const describe = async (row: EntryRow) => {
    const entry = image.refcountTable.getBigUint64(8 * row.first)
    const offset = refcountTableEntryOffset(entry)
    const id = `refcount-table/${row.first}`
    if (offset === 0n) return emptyRow(context, id, row, entry)
    const first = row.first * perBlock
    return makeRow(context, {
      id,
      name: entriesName(row.first, 1, 'refcount block'),
      detail: `of clusters ${formatCount(first)} to ${formatCount(first + perBlock - 1)}`,
      owner: Owner.refcountBlock,
      offset,
      length: BigInt(image.clusterSize),
      isExpandable: isReadable(image, offset),
      isAligned: true,
      problems: entry & REFCOUNT_TABLE_RESERVED_MASK ? ['reserved bits set'] : [],
    })
  }
  return tableBranch(table, describe, signal)
}

/** Whether a table could be looked into: QEMU does not follow what is not aligned. */
const isReadable = ({ disk, clusterSize }: Qcow2Image, offset: bigint): boolean =>
  offset < BigInt(disk.size) && offset % BigInt(clusterSize) === 0n

/** @param index which part of the file the block counts */
export function refcountBlockBranch(
  context: TreeContext,
  id: string,
  offset: bigint,
  index: number,
  signal?: CancelSignal,
): Promise<Branch> {
  const { image } = context
  const order = image.header.refcountOrder
  const table = clusterTable(
    image.disk,
    offset,
    image.clusterSize,
    2 ** order,
    () => new RefcountGroups(order),
  )
  const refcounts = new StoredRefcounts(image)
  const describe = async ({ first, count }: EntryRow) => {
    const cluster = index * table.entries + first
    const last = cluster + count - 1
    const which =
      count === 1
        ? `Cluster ${formatCount(cluster)}`
        : `Clusters ${formatCount(cluster)} to ${formatCount(last)}`
    const refcount = await refcounts.exact(cluster)
    const inFile = Math.min(count, Math.max(0, image.fileClusters - cluster))
    return makeRow(context, {
      id: `${id}/${first}`,
      name: `${which}: refcount ${formatCount(refcount)}`,
      detail: inFile === count ? '' : inFile === 0 ? 'past the file’s end' : 'partly past the file’s end',
      ...(inFile > 0 && {
        offset: BigInt(cluster) * BigInt(image.clusterSize),
        length: BigInt(inFile) * BigInt(image.clusterSize),
      }),
    })
  }
  return tableBranch(table, describe, signal)
}

const l1Groups = () => new PointerGroups(L1_OFFSET_MASK, 'L2 table')

/** @param snapshot undefined for the active L1 table */
export function l1Branch(
  context: TreeContext,
  id: string,
  snapshot: Snapshot | undefined,
  signal?: CancelSignal,
): Promise<Branch> {
  const { image } = context
  const table = snapshot
    ? storedTable(image.disk, snapshot.l1TableOffset, snapshot.l1Size, l1Groups)
    : heldTable(image.l1Table, l1Groups)
  const diskSize = snapshot ? snapshotDiskSize(image, snapshot) : image.header.size
  const describe = async (row: EntryRow) => {
    const entry = await l1EntryAt(image, snapshot, row.first)
    const offset = l1EntryOffset(entry)
    const rowId = `${id}/${row.first}`
    if (offset === 0n) return emptyRow(context, rowId, row, entry)
    const guest = guestRangeOf(image, row.first, diskSize)
    return makeRow(context, {
      id: rowId,
      name: entriesName(row.first, 1, 'L2 table'),
      detail: guest ? `guest ${rangeText(guest.offset, guest.length)}` : 'past the end of the guest’s disk',
      owner: snapshot ? Owner.inactiveL2 : Owner.activeL2,
      offset,
      length: BigInt(image.clusterSize),
      isExpandable: offset < BigInt(image.disk.size),
      isAligned: true,
      problems: entry & L1_RESERVED_MASK ? ['reserved bits set'] : [],
    })
  }
  return tableBranch(table, describe, signal)
}

export function bitmapTableBranch(
  context: TreeContext,
  id: string,
  bitmap: PersistentBitmap,
  signal?: CancelSignal,
): Promise<Branch> {
  const { image } = context
  const { tableOffset, tableSize } = bitmap
  const table = storedTable(
    image.disk,
    tableOffset,
    tableSize,
    () => new PointerGroups(BITMAP_TABLE_OFFSET_MASK, 'data cluster'),
  )
  const describe = async (row: EntryRow) => {
    const entry = await entryAt(image, tableOffset, row.first)
    const offset = bitmapTableEntryOffset(entry)
    const problems = entry & BITMAP_TABLE_RESERVED_MASK ? ['reserved bits set'] : []
    const { first, count } = row
    const rowId = `${id}/${first}`
    if (offset === 0n)
      return makeRow(context, {
        id: rowId,
        name: entriesName(first, count, entry & 1n ? 'all ones' : 'all zeros'),
        problems,
      })
    return makeRow(context, {
      id: rowId,
      name: entriesName(first, 1, 'bitmap data'),
      owner: Owner.bitmapData,
      offset,
      length: BigInt(image.clusterSize),
      isAligned: true,
      problems: [...problems, ...(entry & 1n ? ['reserved bits set'] : [])],
    })
  }
  return tableBranch(table, describe, signal)
}
