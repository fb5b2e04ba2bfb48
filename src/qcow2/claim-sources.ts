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
