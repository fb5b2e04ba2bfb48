/**
 * All claims of an image, kept from one look at it to the next. Changed are whole tables: what a table claimed before is
 * passed over, what it claims now lies in a second, short list.
 *
 *     base    | T1 | T7 | T1 | T3 | T7 | ...     of the last time that everything was put together; shared by versions
 *     replaced  { T7 }                           whose claims in `base` count no longer
 *     added   | T7 | T7 | T9 |                   what the replaced and the new ones claim
 *
 * Structures (header, L1 table and the like) are replaced all together, as if they were one more table.
 */
import { radixOrder } from '../lib/radix-order.ts'
import type { ClusterIndex } from '../lib/units.ts'
import { ClaimList } from './claim-list.ts'
import { ClaimSources } from './claim-sources.ts'
import { ClaimStore } from './claim-store.ts'

/** Stands for all structures where otherwise an L2 table's sector stands. */
export const STRUCTURES = -1

/** `added` may hold this many claims, or this share of those in `base`, before everything is put together anew. */
const MOST_ADDED = 1 << 16
const SHARE_ADDED = 1 / 4

/** Claims, and the sources that they name. */
export interface SourcedClaims {
  readonly claims: ClaimList
  readonly sources: ClaimSources
}

export class ClaimIndex {
  /** Claims that count. */
  readonly count: number
  readonly #base: ClaimStore
  readonly #replaced: ReadonlySet<number>
  readonly #added: ClaimStore

  /** @param walked everything that is claimed, sorted */
  static of({ claims, sources }: SourcedClaims): ClaimIndex {
    const none = new ClaimStore(new ClaimList(1), new ClaimSources(1))
    return new ClaimIndex(new ClaimStore(claims, sources), new Set(), none, claims.count)
  }

  private constructor(base: ClaimStore, replaced: ReadonlySet<number>, added: ClaimStore, count: number) {
    this.#base = base
    this.#replaced = replaced
    this.#added = added
    this.count = count
  }

  /**
   * @param tables sectors of L2 tables, and STRUCTURES
   * @param before what these claim in this index
   * @param after what they claim from now on, a table after the other, structures first and then as they lie in the file
   */
  replacing(tables: ReadonlySet<number>, before: SourcedClaims, after: SourcedClaims): ClaimIndex {
    const replaced = new Set(this.#replaced)
    for (const table of tables) replaced.add(table)
    const into = new Copy()
    const { claims } = this.#added
    for (let claim = 0; claim < claims.count; claim++)
      if (!tables.has(this.#added.tableOf(claim))) into.add(this.#added, claim)
    into.addAll(after)
    const count = this.count - before.claims.count + after.claims.count
    const next = new ClaimIndex(this.#base, replaced, into.sortedByTable(), count)
    const most = Math.max(MOST_ADDED, this.#base.claims.count * SHARE_ADDED)
    return next.#added.claims.count > most ? ClaimIndex.of(next.slice(0, Infinity)) : next
  }

  /** Goes over the claims on clusters from `start` up to and without `end`, by their starts, then by their tables. */
  visit(start: ClusterIndex, end: ClusterIndex, see: (store: ClaimStore, claim: number) => void): void {
    const [base, added] = [this.#base, this.#added]
    let inBase = this.#next(base, base.firstReaching(start), start, end)
    let inAdded = this.#next(added, added.firstReaching(start), start, end)
    while (inBase < base.claims.count || inAdded < added.claims.count)
      if (
        inAdded >= added.claims.count ||
        (inBase < base.claims.count && isBefore(base, inBase, added, inAdded))
      ) {
        see(base, inBase)
        inBase = this.#next(base, inBase + 1, start, end)
      } else {
        see(added, inAdded)
        inAdded = this.#next(added, inAdded + 1, start, end)
      }
  }

  /** Whether anything from this cluster on is claimed. */
  hasFrom(cluster: ClusterIndex): boolean {
    const stores = [this.#base, this.#added]
    return stores.some(store => {
      const first = this.#next(store, store.firstReaching(cluster), cluster, Infinity)
      return first < store.claims.count
    })
  }

  /** The claims on a range of clusters, sorted, cut to the range. */
  slice(start: ClusterIndex, end: ClusterIndex): SourcedClaims {
    const into = new Copy()
    this.visit(start, end, (store, claim) => into.add(store, claim, start, end))
    return into
  }

  /** What it keeps in memory. */
  get byteLength(): number {
    return this.#base.byteLength + this.#added.byteLength
  }

  /** @returns the next claim of a store that counts and touches the range; past the last one where there is none */
  #next(store: ClaimStore, from: number, start: ClusterIndex, end: ClusterIndex): number {
    const { claims } = store
    for (let claim = from; claim < claims.count && claims.start[claim]! < end; claim++) {
      if (claims.end(claim) <= start) continue
      if (store === this.#base && this.#replaced.size > 0 && this.#replaced.has(store.tableOf(claim)))
        continue
      return claim
    }
    return claims.count
  }
}

/** No table has claims in both stores, so that equal starts are told apart by their tables. */
function isBefore(one: ClaimStore, claim: number, other: ClaimStore, otherClaim: number): boolean {
  const difference = one.claims.start[claim]! - other.claims.start[otherClaim]!
  return difference < 0 || (difference === 0 && one.tableOf(claim) < other.tableOf(otherClaim))
}

/** Claims put together from others, with sources of their own. */
class Copy implements SourcedClaims {
  readonly claims = new ClaimList()
  readonly sources = new ClaimSources()
  readonly #copied = new Map<ClaimSources, Map<number, number>>()

  add(
    { claims, sources }: SourcedClaims,
    claim: number,
    start: ClusterIndex = 0,
    end: ClusterIndex = Infinity,
  ): void {
    let copied = this.#copied.get(sources)
    if (!copied) this.#copied.set(sources, (copied = new Map()))
    const from = claims.source[claim]!
    let source = copied.get(from)
    if (source === undefined) copied.set(from, (source = this.sources.addCopy(sources, from)))
    this.claims.addPart(claims, claim, start, end, source)
  }

  addAll(walked: SourcedClaims): void {
    for (let claim = 0; claim < walked.claims.count; claim++) this.add(walked, claim)
  }

  sortedByTable(): ClaimStore {
    const { claims, sources } = this
    const tables = Float64Array.from(
      { length: claims.count },
      (_, i) => sources.table[claims.source[i]!]! + 1,
    )
    claims.reorder(radixOrder(tables, claims.count))
    claims.sort()
    return new ClaimStore(claims, sources)
  }
}
