/**
 * A table's entries as numbered rows, of which any can be had at once: one pass counts them and remembers where
 * every STRIDEth begins, and a look-up walks on from there. The table itself is not kept.
 */
import type { ByteSource } from '../../disk/byte-source.ts'
import { type CancelSignal, throwIfCancelled } from '../../lib/cancel.ts'
import { tablePieces } from '../../qcow2/table-pieces.ts'
import type { Grouping } from './entry-groups.ts'

export interface Table {
  readonly entries: number
  /** A fresh one for each walk. */
  grouping(): Grouping
  /**
   * The table in pieces, the first of which holds the entry `from`; what is missing at the end is zero.
   * @throws DiskError
   */
  pieces(from: number, signal?: CancelSignal): AsyncIterable<TablePart> | Iterable<TablePart>
}

export interface TablePart {
  readonly view: DataView
  /** The view's first entry, and how many it has. */
  readonly base: number
  readonly entries: number
}

/** Entries [first, first + count) of a table. */
export interface EntryRow {
  readonly first: number
  readonly count: number
}

/** Rows between two places that are remembered. */
const STRIDE = 512

const NOTHING = new DataView(new ArrayBuffer(16))

export class TableRows {
  readonly total: number
  /** What the table holds, counted. */
  readonly tally: string
  readonly #table: Table
  /** First entry of every STRIDEth row. */
  readonly #places: readonly number[]

  private constructor(table: Table, places: readonly number[], total: number, tally: string) {
    this.#table = table
    this.#places = places
    this.total = total
    this.tally = tally
  }

  /** @throws Cancelled, DiskError */
  static async of(table: Table, signal?: CancelSignal): Promise<TableRows> {
    const places: number[] = []
    let total = 0
    const tally = await walk(table, 0, signal, first => {
      if (total % STRIDE === 0) places.push(first)
      total++
      return true
    })
    return new TableRows(table, places, total, tally)
  }

  async rows(from: number, count: number, signal?: CancelSignal): Promise<EntryRow[]> {
    const starts: number[] = []
    const end = Math.min(this.total, from + count)
    if (from >= end) return []
    let row = Math.floor(from / STRIDE) * STRIDE
    // One more than asked for: where it begins, the last one ends.
    await walk(this.#table, this.#places[row / STRIDE]!, signal, first => {
      if (row >= from) starts.push(first)
      return row++ < end
    })
    if (starts.length === end - from) starts.push(this.#table.entries)
    return starts.slice(0, end - from).map((first, i) => ({ first, count: starts[i + 1]! - first }))
  }

  /** @returns the row that holds an entry */
  async rowOf(entry: number, signal?: CancelSignal): Promise<number> {
    const place = this.#places.findLastIndex(first => first <= entry)
    let row = place * STRIDE - 1
    await walk(this.#table, this.#places[place]!, signal, first => {
      if (first > entry) return false
      row++
      return true
    })
    return row
  }
}

/**
 * Goes through entries from one on that begins a row.
 * @param onRow told where each row begins; returns whether to go on
 * @returns what was gone through, counted
 */
async function walk(
  table: Table,
  from: number,
  signal: CancelSignal | undefined,
  onRow: (first: number) => boolean,
): Promise<string> {
  const grouping = table.grouping()
  let next = from
  for await (const { view, base, entries } of table.pieces(from, signal)) {
    throwIfCancelled(signal)
    const end = Math.min(base + entries, table.entries)
    for (let entry = Math.max(from, base); entry < end; entry++)
      if (!grouping.continues(view, entry - base) && !onRow(entry)) return grouping.tally()
    next = end
  }
  // All that is missing is alike.
  if (next < table.entries && !grouping.continues(NOTHING, 0)) onRow(next)
  return grouping.tally()
}

/** A table of 64-bit entries that is held already. */
export const heldTable = (view: DataView, grouping: () => Grouping): Table => {
  const entries = Math.floor(view.byteLength / 8)
  return { entries, grouping, pieces: () => [{ view, base: 0, entries }] }
}

/** A table of 64-bit entries that is read when it is looked at. */
export const storedTable = (
  disk: ByteSource,
  offset: bigint,
  entries: number,
  grouping: () => Grouping,
): Table => ({
  entries,
  grouping,
  async *pieces(from, signal) {
    const start = offset + 8n * BigInt(from)
    for await (const { view, position } of tablePieces(disk, start, (entries - from) * 8, signal))
      yield { view, base: from + position / 8, entries: Math.floor(view.byteLength / 8) }
  },
})

/** A table of one cluster, of entries of any width. */
export const clusterTable = (
  disk: ByteSource,
  offset: bigint,
  clusterSize: number,
  entryBits: number,
  grouping: () => Grouping,
): Table => {
  const entries = (clusterSize * 8) / entryBits
  return {
    entries,
    grouping,
    async *pieces() {
      if (offset >= BigInt(disk.size)) return
      const bytes = await disk.read(Number(offset), clusterSize)
      yield { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), base: 0, entries }
    },
  }
}
