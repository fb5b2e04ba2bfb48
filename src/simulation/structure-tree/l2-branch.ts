/** L2 tables, and the guest's clusters that they map. */
import type { CancelSignal } from '../../lib/cancel.ts'
import { Owner } from '../../lib/owners.ts'
import type { Qcow2Image } from '../../qcow2/image.ts'
import { ClusterKind, hasDataFile, L2Cursor, l2Entries } from '../../qcow2/l2-cursor.ts'
import type { StructureRow } from '../structure-page.ts'
import { type Branch, tableBranch } from './branch.ts'
import { isPartial, isUnused, L2Groups } from './entry-groups.ts'
import { entriesName } from './names.ts'
import { makeRow, rangeText, type TreeContext } from './structure-facts.ts'
import { clusterTable, type EntryRow } from './table-rows.ts'

/** @param offset of the table; @param l1Index which part of the guest's disk it maps */
export function l2Branch(
  context: TreeContext,
  id: string,
  offset: bigint,
  l1Index: number,
  signal?: CancelSignal,
): Promise<Branch> {
  const { image } = context
  const entryBits = (image.clusterSize * 8) / l2Entries(image)
  const table = clusterTable(image.disk, offset, image.clusterSize, entryBits, () => new L2Groups(image))
  const describe = async (row: EntryRow) => {
    const cursor = await readEntries(image, offset, row, entryBits / 8)
    return describeRun(context, `${id}/${row.first}`, cursor, row, l1Index)
  }
  return tableBranch(table, describe, signal)
}

/** A run's first and last entry. */
async function readEntries(image: Qcow2Image, offset: bigint, { first, count }: EntryRow, bytes: number) {
  const at = Number(offset) + first * bytes
  const read = await image.disk.read(at, count * bytes)
  return new L2Cursor(image, new DataView(read.buffer, read.byteOffset, read.byteLength))
}

function describeRun(
  context: TreeContext,
  id: string,
  cursor: L2Cursor,
  { first, count }: EntryRow,
  l1Index: number,
): StructureRow {
  const { image } = context
  const clusterSize = BigInt(image.clusterSize)
  cursor.read(0)
  const { kind } = cursor
  const reserved = cursor.reserved ? ['reserved bits set'] : []
  const name = (what: string) => entriesName(first, count, what)
  if (isUnused(cursor)) return makeRow(context, { id, name: name('none'), problems: reserved })
  const guestStart = (BigInt(l1Index) * BigInt(l2Entries(image)) + BigInt(first)) * clusterSize
  const range = `guest ${rangeText(guestStart, BigInt(count) * clusterSize)}`
  const guest =
    isPartial(cursor) && (cursor.allocated | cursor.zero) !== 0 ? `${range}, some subclusters` : range
  if (kind === ClusterKind.zeroPlain || kind === ClusterKind.unallocated)
    return makeRow(context, { id, name: name('zeros, no clusters'), detail: guest, problems: reserved })
  const offset = BigInt(cursor.sector) * 512n + BigInt(cursor.byteInSector)
  if (kind === ClusterKind.compressed) {
    cursor.read(count - 1)
    const end = BigInt(cursor.sector + cursor.sectors) * 512n
    const length = end - offset
    return makeRow(context, {
      id,
      name: name('compressed data'),
      detail: guest,
      owner: Owner.compressedData,
      offset,
      length,
    })
  }
  const isData = cursor.holdsData
  const isElsewhere = hasDataFile(image)
  return makeRow(context, {
    id,
    name: name(isData ? 'guest data' : setAside(cursor)),
    detail: isElsewhere ? `${guest}, in the data file` : guest,
    owner: isData ? Owner.guestData : Owner.zeroData,
    offset,
    length: BigInt(count) * clusterSize,
    isElsewhere,
    isAligned: true,
    problems: reserved,
  })
}

/** Clusters without data: subclusters may be neither data nor zeros. */
const setAside = ({ extended, zero }: L2Cursor): string =>
  extended && zero === 0 ? 'clusters set aside, not allocated' : 'zeros, with clusters'
