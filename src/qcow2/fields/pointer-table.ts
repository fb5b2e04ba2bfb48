/** Tables of 8-byte pointers: L1, refcount and bitmap tables, and L2 tables without subclusters. */
import type { HostOffset } from '../../lib/units.ts'
import { viewOf } from '../read-at.ts'
import type { EntryReader } from './entry-table.ts'
import type { Said } from './field-list.ts'
import type { StructureField } from './field.ts'

export interface PointerTable {
  /** "L1": its entries are L1[0], L1[1] … */
  readonly name: string
  /** Index of the cluster's first entry in its table. */
  readonly first: number
  readonly count: number
  /** @param index in the table */
  say(entry: bigint, index: number): Said
  /** What no entry means, of the entries from `first` to `last` of the table. */
  sayEmpty(first: number, last: number): string
}

/**
 * @param bytes of the cluster
 * @param start its host offset
 */
export function pointerEntries(table: PointerTable, bytes: Uint8Array, start: HostOffset): EntryReader {
  const view = viewOf(bytes)
  const isZero = (entry: number) => view.getUint32(8 * entry) === 0 && view.getUint32(8 * entry + 4) === 0
  const { name, first, count } = table
  return {
    bits: 64,
    count,
    parts: 1,
    joins: entry => isZero(entry) && isZero(entry - 1),
    fields(entry) {
      const raw = view.getBigUint64(8 * entry)
      const index = first + entry
      const said =
        raw === 0n ? { meaning: table.sayEmpty(index, index), empty: true as const } : table.say(raw, index)
      return [{ offset: start + BigInt(8 * entry), length: 8, name: `${name}[${index}]`, raw, ...said }]
    },
    folded: (from, to) => foldedEntries(table, from, to, start, 8),
  }
}

/** Entries that are all zero, as one field. @param from counted from the start of the cluster, like `to` */
export function foldedEntries(
  { name, first, sayEmpty }: Pick<PointerTable, 'name' | 'first' | 'sayEmpty'>,
  from: number,
  to: number,
  start: HostOffset,
  entryBytes: number,
): StructureField {
  return {
    offset: start + BigInt(entryBytes * from),
    length: entryBytes * (to - from + 1),
    name: `${name}[${first + from} to ${first + to}]`,
    meaning: `all zero: ${sayEmpty(first + from, first + to)}`,
    empty: true,
  }
}
