/** The header, its extensions and the backing file's name, under the names of QEMU's docs/interop/qcow2.txt. */
import { formatCount } from '../../lib/sizes.ts'
import type { HostOffset } from '../../lib/units.ts'
import { FEATURES, type FeatureType } from '../features.ts'
import type { Qcow2Image } from '../image.ts'
import { CryptMethod } from '../luks.ts'
import { extensionFields } from './extension-fields.ts'
import { bytesText, extras, hex, type StructureField } from './field.ts'
import { FieldReader, plain, type Said } from './field-list.ts'
import { clusterPointerProblem } from './pointer.ts'

const CRYPT_NAMES: Readonly<Record<number, string>> = {
  [CryptMethod.none]: 'not encrypted',
  [CryptMethod.aes]: 'AES',
  [CryptMethod.luks]: 'LUKS',
}

/** @param cluster the image's first one */
export function headerFields(image: Qcow2Image, cluster: Uint8Array): StructureField[] {
  const { header } = image
  const reader = new FieldReader(cluster, 0n)
  firstFields(reader, image)
  if (header.version === 3) version3Fields(reader, header.headerLength)
  const { backingFileOffset, backingFileSize } = header
  const name = new FieldReader(cluster, 0n, Number(backingFileOffset))
  if (backingFileOffset !== 0n) name.text('backing file name', backingFileSize)
  return [...reader.fields, ...extensionFields(image, cluster), ...name.fields]
}

function firstFields(reader: FieldReader, image: Qcow2Image): void {
  const pointer =
    (what: string, none: string) =>
    (target: HostOffset): Said => ({
      meaning: target === 0n ? none : `${what} at ${hex(target)}`,
      ...extras(target === 0n ? undefined : target, clusterPointerProblem(target, image)),
    })
  reader.data('magic', 4, '“QFI\\xfb”: a qcow2 image')
  reader.number(
    'version',
    4,
    plain(version => `version ${version}`),
  )
  reader.number('backing_file_offset', 8, target => ({
    meaning: target === 0n ? 'no backing file' : `its name at ${hex(target)}`,
    ...extras(target === 0n ? undefined : target, undefined),
  }))
  reader.number(
    'backing_file_size',
    4,
    plain(size => `length of that name: ${bytesText(size)}`),
  )
  reader.number(
    'cluster_bits',
    4,
    plain(bits => `clusters of ${bytesText(1n << bits)}`),
  )
  reader.number(
    'size',
    8,
    plain(size => `virtual disk: ${bytesText(size)}`),
  )
  reader.number(
    'crypt_method',
    4,
    plain(method => CRYPT_NAMES[Number(method)] ?? 'unknown'),
  )
  reader.number(
    'l1_size',
    4,
    plain(entries => `entries of the active L1 table: ${formatCount(entries)}`),
  )
  reader.number('l1_table_offset', 8, pointer('active L1 table', 'no L1 table'))
  reader.number('refcount_table_offset', 8, pointer('refcount table', 'no refcount table'))
  reader.number(
    'refcount_table_clusters',
    4,
    plain(count => `clusters of it: ${formatCount(count)}`),
  )
  reader.number(
    'nb_snapshots',
    4,
    plain(count => `snapshots: ${formatCount(count)}`),
  )
  reader.number('snapshots_offset', 8, target =>
    image.header.nbSnapshots === 0 && target !== 0n
      ? { meaning: `${hex(target)}, not used: there are no snapshots` }
      : pointer('snapshot table', 'no snapshot table')(target),
  )
}

function version3Fields(reader: FieldReader, headerLength: number): void {
  reader.number('incompatible_features', 8, features('incompatible'))
  reader.number('compatible_features', 8, features('compatible'))
  reader.number('autoclear_features', 8, features('autoclear'))
  reader.number(
    'refcount_order',
    4,
    plain(order => `refcounts of ${1n << order} bits`),
  )
  reader.number('header_length', 4, plain(bytesText))
  if (headerLength > 104) {
    reader.number(
      'compression_type',
      1,
      plain(type => (type === 0n ? 'zlib' : 'zstd')),
    )
    const padding = Math.min(headerLength, 112) - reader.position
    reader.data('padding', padding, 'zeros')
  }
  reader.data('further fields', headerLength - reader.position, 'of a later version')
}

const features = (type: FeatureType) => plain(mask => featureText(type, mask))

/** The names of the bits that are set. */
function featureText(type: FeatureType, mask: bigint): string {
  const names: string[] = []
  for (let bit = 0; bit < 64; bit++)
    if ((mask >> BigInt(bit)) & 1n)
      names.push(FEATURES.find(each => each.type === type && each.bit === bit)?.name ?? `unknown bit ${bit}`)
  return names.length === 0 ? 'none set' : names.join(', ')
}
