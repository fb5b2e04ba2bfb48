/** What of an image's tables was changed, found from the bytes of the file that were. */
import type { ByteSource } from '../disk/byte-source.ts'
import type { HostOffset } from '../lib/units.ts'
import { type Range, touches, within } from '../lib/ranges.ts'
import { refcountTableEntryOffset } from './entries.ts'
import type { Qcow2Image } from './image.ts'
import type { L2References } from './l2-references.ts'

/** Bytes that are compared at once: few, for what is looked for is where they differ. */
const PIECE_BYTES = 4096

/** Whether one of the structures that an opening reads may have changed. @param changed bytes of the file */
export function structuresChanged(image: Qcow2Image, changed: readonly Range[]): boolean {
  const { header, clusterSize, snapshots, snapshotTableLength, bitmapDirectory, luksHeader } = image
  const at = (offset: HostOffset, length: number): boolean =>
    touches(changed, { start: Number(offset), end: Number(offset) + length })
  return (
    at(0n, clusterSize) ||
    at(header.l1TableOffset, image.l1Table.byteLength) ||
    at(header.refcountTableOffset, image.refcountTable.byteLength) ||
    (snapshots.length > 0 && at(header.snapshotsOffset, snapshotTableLength)) ||
    snapshots.some(({ l1TableOffset, l1Size }) => at(l1TableOffset, l1Size * 8)) ||
    (luksHeader !== undefined && at(luksHeader.offset, Number(luksHeader.length))) ||
    (bitmapDirectory !== undefined &&
      (at(bitmapDirectory.offset, bitmapDirectory.size) ||
        bitmapDirectory.bitmaps.some(({ tableOffset, tableSize }) => at(tableOffset, tableSize * 8))))
  )
}

/** Whether two openings of a file read its tables in the same way, so that what changed is in the tables alone. */
export function sameFormat(one: Qcow2Image, other: Qcow2Image): boolean {
  const [a, b] = [one.header, other.header]
  return (
    a.version === b.version &&
    a.clusterBits === b.clusterBits &&
    a.refcountOrder === b.refcountOrder &&
    a.incompatibleFeatures === b.incompatibleFeatures &&
    a.cryptMethod === b.cryptMethod
  )
}

/**
 * L2 tables that say something else than before, or are referred to in other ways.
 * @param changed bytes of the file
 * @returns their sectors, ascending
 */
export async function changedTables(
  before: { readonly image: Qcow2Image; readonly references: L2References },
  after: { readonly image: Qcow2Image; readonly references: L2References },
  changed: readonly Range[],
): Promise<number[]> {
  const { clusterSize } = after.image
  const tables = new Set<number>()
  if (before.references !== after.references)
    for (const sector of otherGroups(before.references, after.references)) tables.add(sector)
  const { references } = after
  for (const { start, end } of changed) {
    const first = references.firstFrom((start - clusterSize) / 512 + 1)
    for (let group = Math.max(0, first); group < references.groupCount; group++) {
      const sector = references.groupSector(group)
      if (sector * 512 >= end) break
      if (tables.has(sector)) continue
      const table = { start: sector * 512, end: sector * 512 + clusterSize }
      const { done } = await differences(before.image.disk, after.image.disk, within(changed, table)).next()
      if (!done) tables.add(sector)
    }
  }
  return [...tables].toSorted((one, other) => one - other)
}

/** Sectors of the tables that are not referred to alike, by both walked in the order of the file. */
function* otherGroups(one: L2References, other: L2References): Generator<number> {
  let [a, b] = [0, 0]
  while (a < one.groupCount || b < other.groupCount) {
    const sector = a < one.groupCount ? one.groupSector(a) : Infinity
    const otherSector = b < other.groupCount ? other.groupSector(b) : Infinity
    if (sector !== otherSector || !one.sameGroup(a, other, b)) yield Math.min(sector, otherSector)
    if (sector <= otherSector) a++
    if (otherSector <= sector) b++
  }
}

/** Clusters whose stored refcounts may be others than before. @param changed bytes of the file */
export async function changedRefcounts(
  before: Qcow2Image,
  after: Qcow2Image,
  changed: readonly Range[],
): Promise<Range[]> {
  const bits = 2 ** after.header.refcountOrder
  const perBlock = (after.clusterSize * 8) / bits
  const clusters: Range[] = []
  const entries = Math.max(before.refcountTable.byteLength, after.refcountTable.byteLength) / 8
  for (let index = 0; index < entries; index++) {
    const offset = blockOffset(after.refcountTable, index)
    const first = index * perBlock
    if (offset !== blockOffset(before.refcountTable, index))
      clusters.push({ start: first, end: first + perBlock })
    else if (offset !== 0) {
      const touched = within(changed, { start: offset, end: offset + after.clusterSize })
      for await (const { start, end } of differences(before.disk, after.disk, touched))
        clusters.push({
          start: first + Math.floor(((start - offset) * 8) / bits),
          end: first + Math.ceil(((end - offset) * 8) / bits),
        })
    }
  }
  return clusters
}

/** Exact as far as a file can reach. */
function blockOffset(table: DataView, index: number): number {
  const at = 8 * index
  if (at + 8 > table.byteLength || (table.getUint32(at) === 0 && table.getUint32(at + 4) === 0)) return 0
  return Number(refcountTableEntryOffset(table.getBigUint64(at)))
}

/** Where two files differ within ranges: from the first to the last byte that does, a piece at a time. */
async function* differences(
  before: ByteSource,
  after: ByteSource,
  ranges: readonly Range[],
): AsyncGenerator<Range, void, void> {
  for (const { start, end } of ranges)
    for (let at = start; at < end; at += PIECE_BYTES) {
      const length = Math.min(PIECE_BYTES, end - at)
      const [one, other] = [await before.read(at, length), await after.read(at, length)]
      let first = 0
      while (first < length && one[first] === other[first]) first++
      if (first === length) continue
      let last = length - 1
      while (one[last] === other[last]) last--
      yield { start: at + first, end: at + last + 1 }
    }
}
