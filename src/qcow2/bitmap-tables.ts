/** The tables of persistent bitmaps: QEMU reads those of all usable bitmaps when it opens an image. */
import type { ByteSource } from '../disk/byte-source.ts'
import { type CancelSignal, throwIfCancelled } from '../lib/cancel.ts'
import { BITMAP_TABLE_RESERVED_MASK, bitmapTableEntryOffset } from './entries.ts'
import { Qcow2Error } from './errors.ts'
import { BitmapFlag } from './bitmap-directory.ts'
import type { BitmapDirectory, Header, PersistentBitmap, Problem } from './image.ts'
import { readAt, viewOf } from './read-at.ts'

/**
 * How many bytes of tables are checked. A terabyte's bitmap needs 256 bytes; hostile directories let
 * 65535 bitmaps share one table of 8 MiB.
 */
const MAX_CHECKED_BYTES = 64 * 2 ** 20

/** @throws Qcow2Error if a usable bitmap's name occurs twice, or its table is malformed */
export async function checkBitmapTables(
  disk: ByteSource,
  header: Header,
  directory: BitmapDirectory,
  problems: Problem[],
  signal?: CancelSignal,
): Promise<void> {
  const clusterSize = 2 ** header.clusterBits
  const names = new Set<string>()
  let checkedBytes = 0
  for (const bitmap of directory.bitmaps) {
    throwIfCancelled(signal)
    if (names.has(bitmap.name))
      throw new Qcow2Error(`Bitmap already exists: ${bitmap.name}`, bitmap.entryOffset)
    names.add(bitmap.name)
    if ((bitmap.flags & BitmapFlag.inUse) !== 0) continue
    checkedBytes += bitmap.tableSize * 8
    if (checkedBytes > MAX_CHECKED_BYTES) {
      problems.push({
        message: `The bitmap tables are longer than ${MAX_CHECKED_BYTES} bytes together: those from bitmap '${bitmap.name}' on were not checked`,
        offset: bitmap.entryOffset,
      })
      return
    }
    await checkTable(disk, bitmap, clusterSize)
    if (bitmap.tableSize !== tableSizeOf(header.size, bitmap.granularityBits, clusterSize))
      throw new Qcow2Error(
        `Could not read bitmap '${bitmap.name}' from image: Invalid argument`,
        bitmap.entryOffset + 8n,
        `Its table has ${bitmap.tableSize} entries, which is not what the disk's size asks for.`,
      )
  }
}

/** @returns how many clusters a bitmap of the whole disk takes: one bit a granule, in words of 64 bits */
function tableSizeOf(diskSize: bigint, granularityBits: number, clusterSize: number): number {
  const granules = (diskSize + (1n << BigInt(granularityBits)) - 1n) >> BigInt(granularityBits)
  const bytes = ((granules + 63n) / 64n) * 8n
  return Number((bytes + BigInt(clusterSize) - 1n) / BigInt(clusterSize))
}

async function checkTable(disk: ByteSource, bitmap: PersistentBitmap, clusterSize: number): Promise<void> {
  const failed = `Could not read bitmap_table table from image for bitmap '${bitmap.name}'`
  const { tableOffset, tableSize, entryOffset } = bitmap
  if (tableOffset >= BigInt(disk.size) && tableOffset < 1n << 62n) return
  const view = viewOf(await readAt(disk, tableOffset, tableSize * 8, failed, entryOffset))
  for (let index = 0; index < tableSize; index++) {
    const high = view.getUint32(index * 8)
    const low = view.getUint32(index * 8 + 4)
    if ((high | low) === 0) continue
    if (!isSound(view.getBigUint64(index * 8), BigInt(clusterSize)))
      throw new Qcow2Error(`${failed}: Invalid argument`, tableOffset + BigInt(index * 8))
  }
}

/** QEMU: check_table_entry. Bit 0 means all ones, and only where there is no offset. */
function isSound(entry: bigint, clusterSize: bigint): boolean {
  if ((entry & BITMAP_TABLE_RESERVED_MASK) !== 0n) return false
  const offset = bitmapTableEntryOffset(entry)
  return offset === 0n || ((entry & 1n) === 0n && offset % clusterSize === 0n)
}
