/** A node's children, whether they are known or have to be looked up in a table. */
import type { CancelSignal } from '../../lib/cancel.ts'
import type { StructureRow } from '../structure-page.ts'
import { type EntryRow, type Table, TableRows } from './table-rows.ts'

export interface Branch {
  readonly total: number
  /** What the children come to, a few words; '' where there is nothing to say. */
  readonly summary: string
  rows(from: number, count: number, signal?: CancelSignal): Promise<StructureRow[]>
  /** @param key the last part of a child's id; of a table's, any entry of the row. @returns -1 for none */
  rowOf(key: string, signal?: CancelSignal): Promise<number>
}

/** Children that are few, and known. */
export function fixedBranch(rows: readonly StructureRow[], summary = ''): Branch {
  return {
    total: rows.length,
    summary,
    rows: async (from, count) => rows.slice(from, from + count),
    rowOf: async key => rows.findIndex(({ id }) => id === key || id.endsWith(`/${key}`)),
  }
}

/**
 * @param describe makes the row of some entries; reads what it needs
 * @throws Cancelled, DiskError
 */
export async function tableBranch(
  table: Table,
  describe: (row: EntryRow) => Promise<StructureRow>,
  signal?: CancelSignal,
): Promise<Branch> {
  const index = await TableRows.of(table, signal)
  return {
    total: index.total,
    summary: index.tally,
    async rows(from, count, stop) {
      const rows: StructureRow[] = []
      for (const row of await index.rows(from, count, stop)) rows.push(await describe(row))
      return rows
    },
    async rowOf(key, stop) {
      const entry = Number(key)
      return Number.isInteger(entry) && entry >= 0 && entry < table.entries ? index.rowOf(entry, stop) : -1
    },
  }
}
