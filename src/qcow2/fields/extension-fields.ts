/** Header extensions: their heads, and what those that QEMU knows say. */
import { formatCount } from '../../lib/sizes.ts'
import { ExtensionMagic } from '../extension-magic.ts'
import { FEATURE_TYPES } from '../features.ts'
import type { HeaderExtension, Qcow2Image } from '../image.ts'
import { cString } from '../read-at.ts'
import { bytesText, extras, hex, type StructureField } from './field.ts'
import { FieldReader } from './field-list.ts'
import { clusterPointerProblem } from './pointer.ts'

const NAMES: Readonly<Record<number, string>> = {
  [ExtensionMagic.backingFormat]: 'backing file format',
  [ExtensionMagic.featureNames]: 'feature name table',
  [ExtensionMagic.bitmaps]: 'bitmaps',
  [ExtensionMagic.cryptoHeader]: 'full disk encryption header',
  [ExtensionMagic.dataFile]: 'external data file name',
}

const HEAD_BYTES = 8
const FEATURE_NAME_BYTES = 48

/** @param cluster the image's first one */
export function extensionFields(image: Qcow2Image, cluster: Uint8Array): StructureField[] {
  const reader = new FieldReader(cluster, 0n, image.header.headerLength)
  for (const extension of image.extensions) {
    reader.position = Number(extension.offset)
    const name = NAMES[extension.magic] ?? 'unknown'
    head(reader, name)
    body(reader, extension, image)
    reader.padding()
  }
  const { backingFileOffset } = image.header
  const end = backingFileOffset === 0n ? cluster.length : Number(backingFileOffset)
  if (reader.position + HEAD_BYTES <= end) head(reader, 'end of the extensions')
  return reader.fields
}

function head(reader: FieldReader, name: string): void {
  reader.number('extension type', 4, () => ({ meaning: name }))
  reader.number('extension length', 4, length => ({ meaning: bytesText(length) }))
}

function body(reader: FieldReader, { magic, data }: HeaderExtension, image: Qcow2Image): void {
  switch (magic) {
    case ExtensionMagic.backingFormat:
    case ExtensionMagic.dataFile:
      return reader.text(NAMES[magic]!, data.length)
    case ExtensionMagic.featureNames:
      return featureNames(reader, data)
    case ExtensionMagic.bitmaps:
      return data.length === 24
        ? bitmaps(reader, image)
        : reader.data('data', data.length, bytesText(data.length))
    case ExtensionMagic.cryptoHeader:
      reader.number('offset', 8, target => ({
        meaning: `LUKS header at ${hex(target)}`,
        ...extras(target, clusterPointerProblem(target, image)),
      }))
      reader.number('length', 8, length => ({ meaning: bytesText(length) }))
      return
    default:
      reader.data('data', data.length, `${bytesText(data.length)}, kept as they are`)
  }
}

function featureNames(reader: FieldReader, data: Uint8Array): void {
  for (let at = 0; at < data.length; at += FEATURE_NAME_BYTES) {
    const entry = data.subarray(at, at + FEATURE_NAME_BYTES)
    const type = FEATURE_TYPES[entry[0] ?? 0] ?? `type ${entry[0]}`
    reader.data('feature name', entry.length, `${type} bit ${entry[1]}: “${cString(entry.subarray(2))}”`)
  }
}

function bitmaps(reader: FieldReader, image: Qcow2Image): void {
  reader.number('nb_bitmaps', 4, count => ({ meaning: `bitmaps: ${formatCount(count)}` }))
  reader.number('reserved', 4, () => ({ meaning: 'zero' }))
  reader.number('bitmap_directory_size', 8, size => ({ meaning: bytesText(size) }))
  reader.number('bitmap_directory_offset', 8, target => ({
    meaning: `bitmap directory at ${hex(target)}`,
    ...extras(target, clusterPointerProblem(target, image)),
  }))
}
