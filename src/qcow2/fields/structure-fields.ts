/** Chooses how to read a cluster's bytes, by what its owner is and where in that it lies. */
import { Owner } from '../../lib/owners.ts'
import type { Bytes, HostOffset } from '../../lib/units.ts'
import type { Qcow2Image, Snapshot } from '../image.ts'
import type { ClusterReport } from '../owner-map.ts'
import { bitmapDirectoryFields, bitmapTable } from './bitmap-fields.ts'
import { type EntryReader, entryTable } from './entry-table.ts'
import type { FieldLayout } from './field.ts'
import { fieldList, unclaimed } from './field-list.ts'
import { headerFields } from './header-fields.ts'
import { l1Table } from './l1-fields.ts'
import { l2Table } from './l2-fields.ts'
import { luksFields } from './luks-fields.ts'
import { type PointerTable, pointerEntries } from './pointer-table.ts'
import { refcountBlock, refcountTable } from './refcount-fields.ts'
import { snapshotFields } from './snapshot-fields.ts'

/**
 * @param bytes the whole cluster's; zeros past the end of the file
 * @returns undefined for clusters without fields: data, free ones, and what is claimed but not where it could be read
 */
export async function structureFields(
  image: Qcow2Image,
  { cluster, owner, claims }: ClusterReport,
  bytes: Uint8Array,
): Promise<FieldLayout | undefined> {
  const { header, clusterSize } = image
  const start = BigInt(cluster) * BigInt(clusterSize)
  const end = start + BigInt(clusterSize)
  const claim = claims.find(each => each.owner === owner)
  const table = (reader: EntryReader): FieldLayout => {
    const used = (reader.count * reader.bits) / 8
    const rest = used < clusterSize ? unclaimed(start + BigInt(used), bytes.subarray(used)) : undefined
    return entryTable(reader, rest, start)
  }
  const pointers = (from: PointerTable) => table(pointerEntries(from, bytes, start))
  const l1 = (offset: HostOffset, entries: number) => {
    const part = partOf(offset, entries, start, clusterSize)
    return part && pointers(l1Table(image, part.first, part.count))
  }
  switch (owner) {
    case Owner.header:
      return fieldList(headerFields(image, bytes), start, bytes)
    case Owner.refcountTable:
      return pointers(refcountTable(image, Number(start - header.refcountTableOffset) / 8))
    case Owner.refcountBlock:
      return claim?.tableIndex === undefined
        ? undefined
        : table(refcountBlock(image, claim.tableIndex, bytes, start))
    case Owner.activeL1:
      return l1(header.l1TableOffset, header.l1Size)
    case Owner.inactiveL1: {
      const snapshot = snapshotAt(image, start)
      return snapshot && l1(snapshot.l1TableOffset, snapshot.l1Size)
    }
    case Owner.activeL2:
    case Owner.inactiveL2:
      return table(l2Table(image, bytes, start, claim?.guestOffset))
    case Owner.snapshotTable:
      return fieldList(await snapshotFields(image, start, end), start, bytes)
    case Owner.bitmapDirectory:
      return fieldList(await bitmapDirectoryFields(image, start, end), start, bytes)
    case Owner.bitmapTable: {
      for (const bitmap of image.bitmapDirectory?.bitmaps ?? []) {
        const part = partOf(bitmap.tableOffset, bitmap.tableSize, start, clusterSize)
        if (part) return pointers(bitmapTable(image, bitmap, part.first, part.count))
      }
      return undefined
    }
    case Owner.luksHeader:
      return fieldList(await luksFields(image), start, bytes)
    default:
      return undefined
  }
}

/** Which entries of a table of 8-byte entries a cluster holds; undefined for none. */
function partOf(
  offset: HostOffset,
  entries: number,
  start: HostOffset,
  clusterSize: Bytes,
): { first: number; count: number } | undefined {
  if (start < offset || start >= offset + 8n * BigInt(entries)) return undefined
  const first = Number(start - offset) / 8
  return { first, count: Math.min(entries - first, clusterSize / 8) }
}

const snapshotAt = ({ snapshots }: Qcow2Image, start: HostOffset): Snapshot | undefined =>
  snapshots.find(
    ({ l1TableOffset, l1Size }) => start >= l1TableOffset && start < l1TableOffset + 8n * BigInt(l1Size),
  )
