/** Entries of the snapshot table, under the names of QEMU's QCowSnapshotHeader and QCowSnapshotExtraData. */
import { formatCount } from '../../lib/sizes.ts'
import type { HostOffset } from '../../lib/units.ts'
import type { Qcow2Image } from '../image.ts'
import { readAt } from '../read-at.ts'
import { bytesText, extras, hex, type StructureField } from './field.ts'
import { FieldReader, plain } from './field-list.ts'
import { clusterPointerProblem } from './pointer.ts'

/** @returns the fields of every entry that touches the range */
export async function snapshotFields(
  image: Qcow2Image,
  start: HostOffset,
  end: HostOffset,
): Promise<StructureField[]> {
  const fields: StructureField[] = []
  for (const { entryOffset, entryLength, name, id } of image.snapshots) {
    const padded = Math.ceil(entryLength / 8) * 8
    if (entryOffset + BigInt(padded) <= start || entryOffset >= end) continue
    const bytes = await readAt(image.disk, entryOffset, padded, 'Failed to read snapshot table', 64n)
    fields.push(...entryFields(image, name || id, new FieldReader(bytes, entryOffset)))
  }
  return fields
}

/** @param name of the snapshot: the entries of a table have the same fields, and the first says whose they are */
function entryFields(image: Qcow2Image, name: string, reader: FieldReader): StructureField[] {
  reader.number('l1_table_offset', 8, target => ({
    meaning: `snapshot “${name}”: ${target === 0n ? 'no L1 table' : `L1 table at ${hex(target)}`}`,
    ...extras(target === 0n ? undefined : target, clusterPointerProblem(target, image)),
  }))
  reader.number(
    'l1_size',
    4,
    plain(entries => `entries of its L1 table: ${formatCount(entries)}`),
  )
  const idSize = reader.number('id_str_size', 2, plain(bytesText))
  const nameSize = reader.number('name_size', 2, plain(bytesText))
  reader.number(
    'date_sec',
    4,
    plain(seconds => new Date(Number(seconds) * 1000).toISOString()),
  )
  reader.number(
    'date_nsec',
    4,
    plain(count => `${formatCount(count)} ns after that second`),
  )
  reader.number(
    'vm_clock_nsec',
    8,
    plain(count => `the guest had run for ${formatCount(count)} ns`),
  )
  reader.number(
    'vm_state_size',
    4,
    plain(size => (size === 0n ? 'no VM state, or see below' : bytesText(size))),
  )
  const extraSize = Number(reader.number('extra_data_size', 4, plain(bytesText)))
  if (extraSize >= 8)
    reader.number(
      'vm_state_size_large',
      8,
      plain(size => (size === 0n ? 'no VM state' : bytesText(size))),
    )
  if (extraSize >= 16)
    reader.number(
      'disk_size',
      8,
      plain(size => `virtual disk: ${bytesText(size)}`),
    )
  if (extraSize >= 24)
    reader.number(
      'icount',
      8,
      plain(count => (count === NOT_COUNTED ? 'not counted' : formatCount(count))),
    )
  const known = extraSize >= 24 ? 24 : extraSize & ~7
  reader.data(
    'extra data',
    extraSize - known,
    `${bytesText(extraSize - known)} that QEMU keeps and does not read`,
  )
  reader.text('id_str', Number(idSize), id => `ID “${id}”`)
  reader.text('name', Number(nameSize))
  reader.padding()
  return reader.fields
}

const NOT_COUNTED = 2n ** 64n - 1n
