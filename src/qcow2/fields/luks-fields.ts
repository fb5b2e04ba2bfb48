/** The LUKS (version 1) header and its key slots, under the names of its specification. */
import { formatCount } from '../../lib/sizes.ts'
import type { Qcow2Image } from '../image.ts'
import { readAt } from '../read-at.ts'
import { bytesText, hex, type StructureField } from './field.ts'
import { FieldReader } from './field-list.ts'

const HEADER_BYTES = 592
const KEY_SLOTS = 8
const ACTIVE = 0x00ac71f3n
const SECTOR = 512n

/** @returns the header's fields, and what follows it in the clusters that are set aside for it */
export async function luksFields(image: Qcow2Image): Promise<StructureField[]> {
  const luks = image.luksHeader
  if (!luks) return []
  const bytes = await readAt(image.disk, luks.offset, HEADER_BYTES, 'Could not read encryption header', 32n)
  const reader = new FieldReader(bytes, luks.offset)
  reader.data('magic', 6, 'LUKS')
  reader.number('version', 2, version => ({ meaning: `LUKS version ${version}` }))
  reader.text('cipher-name', 32)
  reader.text('cipher-mode', 32)
  reader.text('hash-spec', 32)
  reader.number('payload-offset', 4, sectors => ({
    meaning: `sector ${formatCount(sectors)}: where its data would begin, were it not in a qcow2 image`,
  }))
  reader.number('key-bytes', 4, size => ({ meaning: `master key of ${bytesText(size)}` }))
  reader.data('mk-digest', 20, 'digest of the master key')
  reader.data('mk-digest-salt', 32, 'its salt')
  reader.number('mk-digest-iterations', 4, count => ({ meaning: `${formatCount(count)} rounds` }))
  reader.text('uuid', 40)
  for (let slot = 0; slot < KEY_SLOTS; slot++) keySlot(reader, slot, luks.offset)
  const rest = luks.length - BigInt(HEADER_BYTES)
  if (rest <= 0n || rest > BigInt(Number.MAX_SAFE_INTEGER)) return reader.fields
  const material: StructureField = {
    offset: luks.offset + BigInt(HEADER_BYTES),
    length: Number(rest),
    name: 'key material',
    meaning: `of the key slots: ${bytesText(rest)}`,
  }
  return [...reader.fields, material]
}

function keySlot(reader: FieldReader, slot: number, luksOffset: bigint): void {
  const name = (field: string) => `key slot ${slot} ${field}`
  reader.number(name('active'), 4, state => ({ meaning: state === ACTIVE ? 'in use' : 'not in use' }))
  reader.number(name('iterations'), 4, count => ({ meaning: `${formatCount(count)} rounds` }))
  reader.data(name('salt'), 32, 'salt')
  reader.number(name('key-material-offset'), 4, sector => ({
    meaning: `sector ${formatCount(sector)} from the header on, at ${hex(luksOffset + sector * SECTOR)}`,
    target: luksOffset + sector * SECTOR,
  }))
  reader.number(name('stripes'), 4, count => ({ meaning: `split into ${formatCount(count)} stripes` }))
}
