/** The directory of persistent dirty bitmaps, with the checks of QEMU's bitmap_list_load. */
import type { ByteSource } from '../disk/byte-source.ts'
import type { BitmapsExtension } from './bitmaps-extension.ts'
import { Qcow2Error } from './errors.ts'
import type { BitmapDirectory, Header, PersistentBitmap } from './image.ts'
import { cString, readAt, viewOf } from './read-at.ts'

const ENTRY_HEADER_LENGTH = 24
const MAX_TABLE_SIZE = 0x8000000
/** Bytes of a bitmap on disk. */
const MAX_PHYSICAL_SIZE = 0x20000000
const MIN_GRANULARITY_BITS = 9
const MAX_GRANULARITY_BITS = 31
const MAX_NAME_SIZE = 1023
const TYPE_DIRTY_TRACKING = 1

export const BitmapFlag = {
  /** Was not saved properly: its data are worthless. */
  inUse: 1,
  /** Records from the start. */
  auto: 2,
} as const
const RESERVED_FLAGS = ~(BitmapFlag.inUse | BitmapFlag.auto)

/** @throws Qcow2Error for what QEMU refuses */
export async function readBitmapDirectory(
  disk: ByteSource,
  header: Header,
  extension: BitmapsExtension,
): Promise<BitmapDirectory> {
  const { count, directorySize: size, directoryOffset: offset, consistent } = extension
  if (size === 0) throw new Qcow2Error('Requested bitmap directory size is zero', extension.offset + 8n)
  const field = extension.offset + 16n
  const directory = await readAt(disk, offset, size, 'Failed to read bitmap directory', field)
  const view = viewOf(directory)
  const bitmaps: PersistentBitmap[] = []
  for (let start = 0; start < size; ) {
    const at = offset + BigInt(start)
    if (start + ENTRY_HEADER_LENGTH > size) throw new Qcow2Error('Broken bitmap directory', at)
    if (bitmaps.length === count)
      throw new Qcow2Error('More bitmaps found than specified in header extension', at)
    const nameSize = view.getUint16(start + 18)
    const extraSize = view.getUint32(start + 20)
    // A 32-bit sum, as in QEMU: extra data past 2^31 make it negative, and are then refused as such.
    const length = (ENTRY_HEADER_LENGTH + nameSize + extraSize + 7) & ~7
    if (start + length > size) throw new Qcow2Error('Broken bitmap directory', at)
    if (extraSize !== 0) throw new Qcow2Error('Bitmap extra data is not supported', at + 20n)
    const nameStart = start + ENTRY_HEADER_LENGTH
    const bitmap: PersistentBitmap = {
      name: cString(directory.subarray(nameStart, nameStart + nameSize)),
      tableOffset: view.getBigUint64(start),
      tableSize: view.getUint32(start + 8),
      flags: view.getUint32(start + 12),
      granularityBits: view.getUint8(start + 17),
      entryOffset: at,
      entryLength: length,
    }
    if (!isSound(bitmap, view.getUint8(start + 16), nameSize, header))
      throw new Qcow2Error(`Bitmap '${bitmap.name}' doesn't satisfy the constraints`, at)
    bitmaps.push(bitmap)
    start += length
  }
  if (bitmaps.length !== count)
    throw new Qcow2Error('Less bitmaps found than specified in header extension', extension.offset)
  return { offset, size, bitmaps, consistent }
}

/** QEMU: check_dir_entry. */
function isSound(bitmap: PersistentBitmap, type: number, nameSize: number, header: Header): boolean {
  const { tableOffset, tableSize, flags, granularityBits } = bitmap
  const clusterSize = 2 ** header.clusterBits
  if (tableSize === 0 || tableSize > MAX_TABLE_SIZE) return false
  if (tableOffset === 0n || tableOffset % BigInt(clusterSize) !== 0n) return false
  if (granularityBits < MIN_GRANULARITY_BITS || granularityBits > MAX_GRANULARITY_BITS) return false
  if ((flags & RESERVED_FLAGS) !== 0 || type !== TYPE_DIRTY_TRACKING) return false
  if (nameSize > MAX_NAME_SIZE) return false
  const physicalSize = tableSize * clusterSize
  if (physicalSize > MAX_PHYSICAL_SIZE) return false
  // A bitmap that was not saved properly may be shorter than the disk: nobody reads it.
  if ((flags & BitmapFlag.inUse) !== 0) return true
  return header.size <= BigInt(physicalSize * 8) << BigInt(granularityBits)
}
