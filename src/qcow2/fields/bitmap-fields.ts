/** Persistent dirty bitmaps: their directory (QEMU: Qcow2BitmapDirEntry) and their tables. */
import { formatCount } from '../../lib/sizes.ts'
import type { HostOffset } from '../../lib/units.ts'
import { BitmapFlag } from '../bitmap-directory.ts'
import { BITMAP_TABLE_RESERVED_MASK, bitmapTableEntryOffset } from '../entries.ts'
import type { PersistentBitmap, Qcow2Image } from '../image.ts'
import { readAt } from '../read-at.ts'
import { bytesText, extras, hex, type StructureField } from './field.ts'
import { FieldReader } from './field-list.ts'
import { clusterPointerProblem } from './pointer.ts'
import type { PointerTable } from './pointer-table.ts'

/** @returns the fields of every entry of the directory that touches the range */
export async function bitmapDirectoryFields(
  image: Qcow2Image,
  start: HostOffset,
  end: HostOffset,
): Promise<StructureField[]> {
  const fields: StructureField[] = []
  for (const { entryOffset, entryLength, name } of image.bitmapDirectory?.bitmaps ?? []) {
    if (entryOffset + BigInt(entryLength) <= start || entryOffset >= end) continue
    const bytes = await readAt(image.disk, entryOffset, entryLength, 'Failed to read bitmap directory', 0n)
    fields.push(...entryFields(image, name, new FieldReader(bytes, entryOffset)))
  }
  return fields
}

/** @param name of the bitmap: the first of an entry's fields says whose they are */
function entryFields(image: Qcow2Image, name: string, reader: FieldReader): StructureField[] {
  reader.number('bitmap_table_offset', 8, target => ({
    meaning: `bitmap “${name}”: table at ${hex(target)}`,
    ...extras(target, clusterPointerProblem(target, image)),
  }))
  reader.number('bitmap_table_size', 4, size => ({ meaning: `entries of its table: ${formatCount(size)}` }))
  reader.number('flags', 4, flags => ({ meaning: flagText(Number(flags)) }))
  reader.number('type', 1, type => ({ meaning: type === 1n ? 'dirty tracking bitmap' : 'unknown type' }))
  reader.number('granularity_bits', 1, bits => ({
    meaning: `a bit for each ${bytesText(1n << bits)} of the disk`,
  }))
  const nameSize = reader.number('name_size', 2, size => ({ meaning: bytesText(size) }))
  const extraSize = Number(reader.number('extra_data_size', 4, size => ({ meaning: bytesText(size) })))
  reader.data('extra data', extraSize, bytesText(extraSize))
  reader.text('name', Number(nameSize))
  reader.padding()
  return reader.fields
}

function flagText(flags: number): string {
  const names = [
    flags & BitmapFlag.inUse ? 'in use (not saved properly)' : '',
    flags & BitmapFlag.auto ? 'records from the start' : '',
  ].filter(Boolean)
  return names.length === 0 ? 'none set' : names.join(', ')
}

/**
 * @param first index of the cluster's first entry
 * @param count entries in the cluster
 */
export function bitmapTable(
  image: Qcow2Image,
  { granularityBits }: PersistentBitmap,
  first: number,
  count: number,
): PointerTable {
  /** Bytes of the disk that a cluster of bits speaks of. */
  const covered = BigInt(image.clusterSize * 8) << BigInt(granularityBits)
  return {
    name: 'bitmap table',
    first,
    count,
    say(entry, index) {
      const target = bitmapTableEntryOffset(entry)
      const ones = (entry & 1n) !== 0n
      const state = target !== 0n ? `bits at ${hex(target)}` : ones ? 'all dirty, not stored' : 'nothing'
      const problem = clusterPointerProblem(target, image, [
        (entry & BITMAP_TABLE_RESERVED_MASK) !== 0n && 'reserved bits are set',
        ones && target !== 0n && 'bit 0 must be clear where there is an offset',
      ])
      return {
        meaning: `${state}; guest ${hex(BigInt(index) * covered)} on`,
        ...extras(target === 0n ? undefined : target, problem),
      }
    },
    sayEmpty: () => 'all clean, not stored',
  }
}
