/**
 * A layout of a table of entries of one width. Runs of entries that say the same (mostly: nothing) are told as one
 * field, so that a table of 262144 entries of which three are used has seven fields:
 *
 *     entries    0 0 0 0 0 A B 0 0 0 0 0 0 C 0 0 0 0 …
 *     fields     [0 to 4 ] A B [7 to 12  ] C [14 to … ]
 */
import { grown } from '../../lib/grow.ts'
import { lastAtMost } from '../../lib/last-at-most.ts'
import type { Bytes, HostOffset } from '../../lib/units.ts'
import type { FieldLayout, StructureField } from './field.ts'

/** What tables of a kind know of their entries. Entries are counted from the start of the cluster. */
export interface EntryReader {
  /** Width of an entry; 1 to 128. */
  readonly bits: number
  /** Entries of the table in this cluster. */
  readonly count: number
  /** Fields of a single entry. */
  readonly parts: number
  /** Whether an entry, not the first, is told as one with the entry before it. */
  joins(entry: number): boolean
  /** The fields of a single entry, in order. */
  fields(entry: number): readonly StructureField[]
  /** Entries from `first` to `last`, told as one. */
  folded(first: number, last: number): StructureField
}

/**
 * @param rest what the table leaves of the cluster, if anything
 * @param start host offset of the cluster
 */
export function entryTable(
  reader: EntryReader,
  rest: StructureField | undefined,
  start: HostOffset,
): FieldLayout {
  const { entries, rows } = indexRows(reader)
  const tableBytes = (reader.count * reader.bits) / 8
  const rowOf = (byte: Bytes): number => {
    const entry = Math.floor((byte * 8) / reader.bits)
    let low = lastAtMost(entries, rows, entry)
    // The last row of its entry; an earlier one where the byte lies before that.
    while (low > 0 && entries[low - 1] === entries[low] && at(low).offset > start + BigInt(byte)) low--
    return low
  }
  const at = (row: number): StructureField => {
    if (row === rows) return rest!
    const first = entries[row]!
    let part = 0
    while (row - part > 0 && entries[row - part - 1] === first) part++
    let next = row + 1
    while (next < rows && entries[next] === first) next++
    const last = (next < rows ? entries[next]! : reader.count) - 1
    return last > first ? reader.folded(first, last) : reader.fields(first)[part]!
  }
  return {
    count: rows + (rest ? 1 : 0),
    at,
    indexOf: byte => (byte >= tableBytes ? rows : rowOf(byte)),
  }
}

/** The (first) entry of each row. */
function indexRows(reader: EntryReader): { entries: Uint32Array; rows: number } {
  let entries = new Uint32Array(64)
  let rows = 0
  for (let entry = 0; entry < reader.count; ) {
    let next = entry + 1
    while (next < reader.count && reader.joins(next)) next++
    const parts = next - entry > 1 ? 1 : reader.parts
    if (rows + parts > entries.length) entries = grown(entries, 2 * entries.length)
    for (let part = 0; part < parts; part++) entries[rows++] = entry
    entry = next
  }
  return { entries, rows }
}
