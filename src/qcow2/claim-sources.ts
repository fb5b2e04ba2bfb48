import { grown } from '../lib/grow.ts'
import { PackedColumn } from '../lib/packed-column.ts'

/** A structure that claims clusters by itself, not through an L2 table. */
export type Structure =
  | { readonly kind: 'header' }
  | { readonly kind: 'refcount-table' }
  | { readonly kind: 'refcount-block' }
  | { readonly kind: 'active-l1' }
  | { readonly kind: 'snapshot-table' }
  | { readonly kind: 'snapshot-l1'; readonly snapshot: number }
  | { readonly kind: 'bitmap-directory' }
  | { readonly kind: 'bitmap-table'; readonly bitmap: number }
  | { readonly kind: 'bitmap-data'; readonly bitmap: number }
  | { readonly kind: 'luks-header' }

/**
 * Where claims come from, one element a source: a structure, or a set of references to one L2 table. An
 * L2 table that is reached twice (by a snapshot, or by mistake) is walked once; everything it claims
 * counts as often as the table is referred to.
 */
export class ClaimSources {
  count = 0
  /** References from the active state, and from snapshots. */
  active = new Uint32Array(256)
  inactive = new Uint32Array(256)
  /** Offset of the L2 table / 512; -1 for a structure. */
  table = new Float64Array(256)
  /** By source; none for an L2 table's. */
  readonly structures = new Map<number, Structure>()

  addStructure(structure: Structure): number {
    const snapshot = structure.kind === 'snapshot-l1'
    const source = this.addReferences(-1, snapshot ? 0 : 1, snapshot ? 1 : 0)
    this.structures.set(source, structure)
    return source
  }

  addReferences(table: number, active: number, inactive: number): number {
    const at = this.count
    if (at === this.active.length) {
      this.active = grown(this.active, 2 * at)
      this.inactive = grown(this.inactive, 2 * at)
      this.table = grown(this.table, 2 * at)
    }
    this.active[at] = active
    this.inactive[at] = inactive
    this.table[at] = table
    this.count = at + 1
    return at
  }
}

/** Sources to which none is added any more, packed. */
export class KeptSources {
  readonly count: number
  readonly #table: PackedColumn
  readonly #active: PackedColumn
  readonly #inactive: PackedColumn
  readonly #structures: ReadonlyMap<number, Structure>

  constructor({ count, table, active, inactive, structures }: ClaimSources) {
    this.count = count
    this.#table = new PackedColumn(table, count)
    this.#active = new PackedColumn(active, count)
    this.#inactive = new PackedColumn(inactive, count)
    this.#structures = structures
  }

  /** Sector of the L2 table; -1 for a structure. */
  table(source: number): number {
    return this.#table.at(source)
  }

  /** References from the active state, and from snapshots. */
  active(source: number): number {
    return this.#active.at(source)
  }

  inactive(source: number): number {
    return this.#inactive.at(source)
  }

  /** @returns undefined for an L2 table's source */
  structure(source: number): Structure | undefined {
    return this.#structures.get(source)
  }

  /** Adds one of them to other ones. @returns its number there */
  addTo(others: ClaimSources, source: number): number {
    const structure = this.structure(source)
    return structure
      ? others.addStructure(structure)
      : others.addReferences(this.table(source), this.active(source), this.inactive(source))
  }

  /** What it keeps in memory, but for the few structures. */
  get byteLength(): number {
    return this.#table.byteLength + this.#active.byteLength + this.#inactive.byteLength
  }
}
