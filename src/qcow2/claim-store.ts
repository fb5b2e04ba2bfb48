/**
 * Claims that are kept: in the order of their starts, each in as few bits as it takes (see PackedColumn).
 *
 *     claim        start  length  traits  source           source   table  active  inactive
 *       5035        5035       1  guest      611  ------->    611  sector       1         0
 *       5036        5036       1  guest     1702              612  sector       1         1
 *       5037        5037       1  guest       23
 *
 * Of a disk written at random, starts, lengths and traits are lines, so that a claim takes what tells its table from
 * the others: 11 bits for a terabyte's 2048 tables. Its entry there is not kept: the table says it when it is asked.
 */
import type { OwnerCode } from '../lib/owners.ts'
import { PackedColumn } from '../lib/packed-column.ts'
import type { ClusterIndex } from '../lib/units.ts'
import type { ClaimList } from './claim-list.ts'
import { type ClaimSources, KeptSources, type Structure } from './claim-sources.ts'
import { type CopiedStateCode, copiedIn, isCountedIn, ownerIn } from './claim-traits.ts'

/** Claims whose largest end is remembered together, so that a look-up skips those that ended before. */
const BLOCK = 64

/** Claims, and the sources that they name. */
export interface SourcedClaims {
  readonly claims: ClaimList
  readonly sources: ClaimSources
}

export class ClaimStore {
  readonly count: number
  readonly sources: KeptSources
  readonly #start: PackedColumn
  readonly #length: PackedColumn
  readonly #traits: PackedColumn
  readonly #source: PackedColumn
  /** Per BLOCK claims in order, the largest end among them and all before them. */
  readonly #reach: PackedColumn

  /** @param claims sorted */
  constructor({ claims, sources }: SourcedClaims) {
    const { count } = claims
    this.count = count
    this.sources = new KeptSources(sources)
    this.#start = new PackedColumn(claims.start, count)
    this.#length = new PackedColumn(claims.length, count)
    this.#traits = new PackedColumn(claims.traits, count)
    this.#source = new PackedColumn(claims.source, count)
    this.#reach = new PackedColumn(reachOf(claims))
  }

  start(claim: number): ClusterIndex {
    return this.#start.at(claim)
  }

  end(claim: number): ClusterIndex {
    return this.#start.at(claim) + this.#length.at(claim)
  }

  /** Owner, COPIED and whether QEMU counts it: see claim-traits. */
  traits(claim: number): number {
    return this.#traits.at(claim)
  }

  owner(claim: number): OwnerCode {
    return ownerIn(this.#traits.at(claim))
  }

  copied(claim: number): CopiedStateCode {
    return copiedIn(this.#traits.at(claim))
  }

  counted(claim: number): boolean {
    return isCountedIn(this.#traits.at(claim))
  }

  /** Number of the source that it comes from. */
  source(claim: number): number {
    return this.#source.at(claim)
  }

  /** Sector of the L2 table that the claim comes from; -1 for a structure. */
  table(claim: number): number {
    return this.sources.table(this.#source.at(claim))
  }

  /** @returns undefined for what an L2 table claims */
  structure(claim: number): Structure | undefined {
    return this.sources.structure(this.#source.at(claim))
  }

  /** References to what it comes from, from the active state, and from snapshots. */
  active(claim: number): number {
    return this.sources.active(this.#source.at(claim))
  }

  inactive(claim: number): number {
    return this.sources.inactive(this.#source.at(claim))
  }

  /** @returns a claim before which all end at `cluster` or before it */
  firstReaching(cluster: ClusterIndex): number {
    let low = 0
    let high = this.#reach.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#reach.at(middle) > cluster) high = middle
      else low = middle + 1
    }
    return Math.min(low * BLOCK, this.count)
  }

  /** What it keeps in memory, but for the few structures. */
  get byteLength(): number {
    const kept = [this.#start, this.#length, this.#traits, this.#source, this.#reach, this.sources]
    return kept.reduce((sum, { byteLength }) => sum + byteLength, 0)
  }
}

/** Whether one claim comes first, by their starts, then by their tables. */
export function isBefore(one: ClaimStore, claim: number, other: ClaimStore, otherClaim: number): boolean {
  const difference = one.start(claim) - other.start(otherClaim)
  return difference < 0 || (difference === 0 && one.table(claim) < other.table(otherClaim))
}

function reachOf(claims: ClaimList): Float64Array {
  const reach = new Float64Array(Math.ceil(claims.count / BLOCK))
  let largest = 0
  for (let block = 0; block < reach.length; block++) {
    const stop = Math.min(claims.count, (block + 1) * BLOCK)
    for (let claim = block * BLOCK; claim < stop; claim++) largest = Math.max(largest, claims.end(claim))
    reach[block] = largest
  }
  return reach
}
