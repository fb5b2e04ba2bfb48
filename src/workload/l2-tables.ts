import type { ClusterIndex } from '../lib/units.ts'
import { NumberList } from './number-list.ts'

/**
 * All L2 tables of an image, in the order in which they were made: for each entry of the L1 table a chain of them,
 * since the first write after a snapshot gives the active state a copy of its own.
 */
export class L2Tables {
  readonly #host = new NumberList()
  readonly #l1Index = new NumberList()
  readonly #madeIn = new NumberList()
  readonly #replacedIn = new NumberList()
  readonly #previous = new NumberList()
  readonly #newest: Int32Array
  readonly #never: number

  /** @param snapshots how many will be taken in all */
  constructor(l1Entries: number, snapshots: number) {
    this.#newest = new Int32Array(l1Entries).fill(-1)
    // As if the active state were one more snapshot, taken last: then replacedIn - madeIn is the refcount.
    this.#never = snapshots + 1
  }

  get count(): number {
    return this.#host.length
  }

  /** @returns number of the active table at an L1 index, -1 for none */
  active(l1Index: number): number {
    return this.#newest[l1Index] ?? -1
  }

  /** @returns number of the table that snapshot `snapshot` (from 0) has at an L1 index, -1 for none */
  inSnapshot(l1Index: number, snapshot: number): number {
    let table = this.active(l1Index)
    while (table >= 0 && this.madeIn(table) > snapshot) table = this.#previous.at(table)
    return table
  }

  /** Makes the active table of an L1 index; the one before it stays with the snapshots. @returns its number */
  make(l1Index: number, host: ClusterIndex, epoch: number): number {
    const table = this.#host.length
    const previous = this.active(l1Index)
    if (previous >= 0) this.#replacedIn.set(previous, epoch)
    this.#host.push(host)
    this.#l1Index.push(l1Index)
    this.#madeIn.push(epoch)
    this.#replacedIn.push(this.#never)
    this.#previous.push(previous)
    this.#newest[l1Index] = table
    return table
  }

  host(table: number): ClusterIndex {
    return this.#host.at(table)
  }

  l1Index(table: number): number {
    return this.#l1Index.at(table)
  }

  madeIn(table: number): number {
    return this.#madeIn.at(table)
  }

  /** The epoch in which a copy took its place; undefined for an active table. */
  replacedIn(table: number): number | undefined {
    const epoch = this.#replacedIn.at(table)
    return epoch === this.#never ? undefined : epoch
  }

  refcount(table: number): number {
    return this.#replacedIn.at(table) - this.#madeIn.at(table)
  }
}
