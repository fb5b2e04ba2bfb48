import { grown } from '../lib/grow.ts'

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
  active: Uint32Array
  inactive: Uint32Array
  /** Offset of the L2 table / 512; -1 for a structure. */
  table: Float64Array
  readonly #structures = new Map<number, Structure>()

  /** @param room for so many, until more is needed */
  constructor(room = 256) {
    this.active = new Uint32Array(room)
    this.inactive = new Uint32Array(room)
    this.table = new Float64Array(room)
  }

  addStructure(structure: Structure): number {
    const snapshot = structure.kind === 'snapshot-l1'
    const source = this.addReferences(-1, snapshot ? 0 : 1, snapshot ? 1 : 0)
    this.#structures.set(source, structure)
    return source
  }

  addReferences(table: number, active: number, inactive: number): number {
    const at = this.count
    if (at === this.active.length) {
      const length = 2 * at + 1
      this.active = grown(this.active, length)
      this.inactive = grown(this.inactive, length)
      this.table = grown(this.table, length)
    }
    this.active[at] = active
    this.inactive[at] = inactive
    this.table[at] = table
    this.count = at + 1
    return at
  }

  /** Adds a source of other ones. */
  addCopy(from: ClaimSources, source: number): number {
    const structure = from.structure(source)
    return structure
      ? this.addStructure(structure)
      : this.addReferences(from.table[source]!, from.active[source]!, from.inactive[source]!)
  }

  /** Lets go of the room for more. */
  trim(): void {
    this.active = this.active.slice(0, this.count)
    this.inactive = this.inactive.slice(0, this.count)
    this.table = this.table.slice(0, this.count)
  }

  /** @returns undefined for an L2 table's source */
  structure(source: number): Structure | undefined {
    return this.#structures.get(source)
  }

  /** What it keeps in memory, but for the few structures. */
  get byteLength(): number {
    return this.active.byteLength + this.inactive.byteLength + this.table.byteLength
  }
}
