import type { ClusterIndex } from '../lib/units.ts'
import type { ClaimList } from './claim-list.ts'
import type { ClaimSources } from './claim-sources.ts'

/** Claims whose largest end is remembered together, so that a look-up skips those that ended before. */
const BLOCK = 64

/** Claims in the order of their starts, and where they come from; a claim on given clusters is found fast. */
export class ClaimStore {
  readonly claims: ClaimList
  readonly sources: ClaimSources
  /** Per BLOCK claims in order, the largest end among them and all before them. */
  readonly #reach: Float64Array

  /** @param claims sorted; neither may be changed any more */
  constructor(claims: ClaimList, sources: ClaimSources) {
    sources.trim()
    this.claims = claims
    this.sources = sources
    this.#reach = new Float64Array(Math.ceil(claims.count / BLOCK))
    let reach = 0
    for (let block = 0; block < this.#reach.length; block++) {
      const stop = Math.min(claims.count, (block + 1) * BLOCK)
      for (let claim = block * BLOCK; claim < stop; claim++) reach = Math.max(reach, claims.end(claim))
      this.#reach[block] = reach
    }
  }

  /** Sector of the L2 table that the claim comes from; -1 for a structure. */
  tableOf(claim: number): number {
    return this.sources.table[this.claims.source[claim]!]!
  }

  /** @returns a claim before which all end at `cluster` or before it */
  firstReaching(cluster: ClusterIndex): number {
    let low = 0
    let high = this.#reach.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#reach[middle]! > cluster) high = middle
      else low = middle + 1
    }
    return Math.min(low * BLOCK, this.claims.count)
  }

  /** What it keeps in memory. */
  get byteLength(): number {
    return this.claims.byteLength + this.sources.byteLength + this.#reach.byteLength
  }
}
