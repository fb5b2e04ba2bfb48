/**
 * Claims of everything but L2 tables and guest data. What is counted and what is a corruption follows
 * QEMU 7.2, block/qcow2-refcount.c: calculate_refcounts, check_refcounts_l1, check_refblocks; bitmaps:
 * block/qcow2-bitmap.c, qcow2_check_bitmaps_refcounts.
 */
import { throwIfCancelled } from '../lib/cancel.ts'
import { Owner } from '../lib/owners.ts'
import type { ClaimWalk } from './claim-walk.ts'
import {
  BITMAP_TABLE_RESERVED_MASK,
  bitmapTableEntryOffset,
  REFCOUNT_TABLE_RESERVED_MASK,
  refcountTableEntryOffset,
} from './entries.ts'
import type { PersistentBitmap, Snapshot } from './image.ts'
import { hasDataFile } from './l2-cursor.ts'
import { tablePieces } from './table-pieces.ts'

const MAX_L1_ENTRIES = (32 << 20) / 8
const hex = (value: bigint | number): string => value.toString(16)

/** @throws UserError, Cancelled */
export async function walkStructures(walk: ClaimWalk): Promise<void> {
  const { image, sources } = walk
  const { header } = image
  walk.region(0n, BigInt(image.clusterSize), sources.addStructure({ kind: 'header' }), Owner.header)
  walk.region(
    header.l1TableOffset,
    BigInt(header.l1Size) * 8n,
    sources.addStructure({ kind: 'active-l1' }),
    Owner.activeL1,
  )
  addL1Entries(walk, image.l1Table, 0, -1)
  await walkSnapshots(walk)
  walk.region(
    header.refcountTableOffset,
    BigInt(header.refcountTableClusters) * BigInt(image.clusterSize),
    sources.addStructure({ kind: 'refcount-table' }),
    Owner.refcountTable,
  )
  if (image.luksHeader)
    walk.region(
      image.luksHeader.offset,
      image.luksHeader.length,
      sources.addStructure({ kind: 'luks-header' }),
      Owner.luksHeader,
    )
  await walkBitmaps(walk)
  walkRefcountTable(walk)
}

async function walkSnapshots(walk: ClaimWalk): Promise<void> {
  const { image, findings, sources } = walk
  if (hasDataFile(image) && image.snapshots.length > 0)
    findings.corruption(() => `ERROR ${image.snapshots.length} snapshots in image with data file`)
  for (const [number, snapshot] of image.snapshots.entries()) await walkSnapshot(walk, snapshot, number)
  walk.region(
    image.header.snapshotsOffset,
    BigInt(image.snapshotTableLength),
    sources.addStructure({ kind: 'snapshot-table' }),
    Owner.snapshotTable,
  )
}

async function walkSnapshot(walk: ClaimWalk, snapshot: Snapshot, number: number): Promise<void> {
  const { image, findings } = walk
  const { l1TableOffset: offset, l1Size } = snapshot
  const name = `ERROR snapshot ${snapshot.id} (${snapshot.name})`
  if (image.header.version >= 3 && snapshot.diskSize === undefined)
    findings.corruption(() => `ERROR snapshot table entry ${number} is incomplete`, snapshot.entryOffset)
  if (offset % BigInt(image.clusterSize) !== 0n)
    return findings.corruption(
      () =>
        `${name} l1_offset=0x${hex(offset)}: L1 table is not cluster aligned; snapshot table entry corrupted`,
      snapshot.entryOffset,
    )
  if (l1Size > MAX_L1_ENTRIES)
    return findings.corruption(
      () => `${name} l1_size=0x${hex(l1Size)}: L1 table is too large; snapshot table entry corrupted`,
      snapshot.entryOffset,
    )
  const source = walk.sources.addStructure({ kind: 'snapshot-l1', snapshot: number })
  walk.region(offset, BigInt(l1Size) * 8n, source, Owner.inactiveL1)
  for await (const piece of tablePieces(image.disk, offset, l1Size * 8, walk.signal)) {
    walk.budget.spend(piece.view.byteLength)
    addL1Entries(walk, piece.view, piece.position / 8, number)
  }
}

/** References to L2 tables. QEMU looks at every entry that is not zero, even where its offset is. */
function addL1Entries(walk: ClaimWalk, table: DataView, first: number, snapshot: number): void {
  const entries = Math.floor(table.byteLength / 8)
  for (let i = 0; i < entries; i++) {
    const high = table.getUint32(8 * i)
    const low = table.getUint32(8 * i + 4)
    if (high === 0 && low === 0) continue
    if ((high & 0x7f000000) !== 0 || (low & 0x1ff) !== 0)
      walk.findings.corruption(
        () => `ERROR found L1 entry with reserved bits set: ${hex(table.getBigUint64(8 * i))}`,
      )
    const sector = (high & 0x00ffffff) * 2 ** 23 + (low >>> 9)
    walk.references.add(sector, first + i, snapshot, (high & 0x80000000) !== 0)
  }
}

async function walkBitmaps(walk: ClaimWalk): Promise<void> {
  const directory = walk.image.bitmapDirectory
  // After a program without bitmap support has written, QEMU lets go of the bitmaps: they are leaked.
  if (!directory?.consistent) return
  walk.region(
    directory.offset,
    BigInt(directory.size),
    walk.sources.addStructure({ kind: 'bitmap-directory' }),
    Owner.bitmapDirectory,
  )
  for (const [number, bitmap] of directory.bitmaps.entries()) await walkBitmap(walk, bitmap, number)
}

async function walkBitmap(walk: ClaimWalk, bitmap: PersistentBitmap, number: number): Promise<void> {
  const { image, sources } = walk
  const clusterSize = BigInt(image.clusterSize)
  const length = bitmap.tableSize * 8
  const table = sources.addStructure({ kind: 'bitmap-table', bitmap: number })
  const data = sources.addStructure({ kind: 'bitmap-data', bitmap: number })
  walk.region(bitmap.tableOffset, BigInt(length), table, Owner.bitmapTable)
  for await (const { view } of tablePieces(image.disk, bitmap.tableOffset, length, walk.signal)) {
    walk.budget.spend(view.byteLength)
    for (let at = 0; at + 8 <= view.byteLength; at += 8) {
      const entry = view.getBigUint64(at)
      const offset = bitmapTableEntryOffset(entry)
      // Bit 0 says "all ones" where there is no data, and is reserved where there is.
      const broken =
        (entry & BITMAP_TABLE_RESERVED_MASK) !== 0n ||
        (offset !== 0n && ((entry & 1n) !== 0n || offset % clusterSize !== 0n))
      if (broken)
        walk.findings.corruption(
          () => `Bitmap '${bitmap.name}': bitmap table entry 0x${hex(entry)} is invalid`,
          bitmap.tableOffset,
        )
      else if (offset !== 0n) walk.region(offset, clusterSize, data, Owner.bitmapData)
    }
  }
}

function walkRefcountTable(walk: ClaimWalk): void {
  const { image, findings } = walk
  const table = image.refcountTable
  const clusterSize = BigInt(image.clusterSize)
  const source = walk.sources.addStructure({ kind: 'refcount-block' })
  const entries = Math.floor(table.byteLength / 8)
  for (let i = 0; i < entries; i++) {
    if (table.getUint32(8 * i) === 0 && table.getUint32(8 * i + 4) === 0) continue
    if ((i & 0xffff) === 0) throwIfCancelled(walk.signal)
    const entry = table.getBigUint64(8 * i)
    const offset = refcountTableEntryOffset(entry)
    if ((entry & REFCOUNT_TABLE_RESERVED_MASK) !== 0n)
      findings.corruption(() => `ERROR refcount table entry ${i} has reserved bits set`)
    else if (offset % clusterSize !== 0n)
      findings.corruption(
        () => `ERROR refcount block ${i} is not cluster aligned; refcount table entry corrupted`,
        offset,
      )
    else if (offset >= BigInt(image.disk.size))
      findings.corruption(() => `ERROR refcount block ${i} is outside image`, offset)
    else walk.region(offset, clusterSize, source, Owner.refcountBlock)
  }
}
