/**
 * All claims of an image, kept from one look at it to the next. What changes is whole tables: a look adds a layer that
 * has everything that these claim now, and what layers below it have of them counts no longer.
 *
 *     layer 0   | T1 | T7 | T1 | T3 | T7 | ...    of all tables, as they once were
 *     layer 1   | T7 | T7 | T9 |                  of T7 and T9
 *     layer 2   | T9 |                            of T9
 *
 * A layer that has not many fewer claims than the one below it is put together with that one, so that there are few, and
 * a look takes time for what it changed, and now and then for what the last ones did. Versions share their layers.
 *
 * Structures (header, L1 table and the like) are replaced all together, as if they were one more table.
 */
import type { ClusterIndex } from '../lib/units.ts'
import { ClaimList } from './claim-list.ts'
import { ClaimSources } from './claim-sources.ts'
import { mergedClaims } from './claim-merge.ts'
import { ClaimStore, isBefore, type SourcedClaims } from './claim-store.ts'

/** Stands for all structures where otherwise an L2 table's sector stands. */
export const STRUCTURES = -1

/** The least part that a layer has of the claims of the one below it when both are put together. */
const SHARE = 1 / 4

interface Layer {
  readonly store: ClaimStore
  /** Tables of which it tells everything; not needed of the lowest, which tells of all that no other tells of. */
  readonly tables: ReadonlySet<number>
}

export class ClaimIndex {
  /** Claims that count. */
  readonly count: number
  readonly #layers: readonly Layer[]

  /** @param walked everything that is claimed, sorted */
  static of(walked: SourcedClaims): ClaimIndex {
    return new ClaimIndex([{ store: new ClaimStore(walked), tables: new Set() }], walked.claims.count)
  }

  private constructor(layers: readonly Layer[], count: number) {
    this.#layers = layers
    this.count = count
  }

  /**
   * @param tables sectors of L2 tables, and STRUCTURES
   * @param before what these claim in this index
   * @param after what they claim from now on, a table after the other, structures first and then as they lie in the
   *   file; it is sorted here
   */
  replacing(tables: ReadonlySet<number>, before: SourcedClaims, after: SourcedClaims): ClaimIndex {
    after.claims.sort()
    const layers: Layer[] = [...this.#layers]
    let top: Layer = { store: new ClaimStore(after), tables }
    while (layers.length > 0 && top.store.count >= layers.at(-1)!.store.count * SHARE) {
      const below = layers.pop()!
      const both = mergedClaims(below.store, top.store, top.tables)
      const isLowest = layers.length === 0
      top = {
        store: new ClaimStore(both),
        tables: isLowest ? new Set() : new Set([...below.tables, ...top.tables]),
      }
    }
    return new ClaimIndex([...layers, top], this.count - before.claims.count + after.claims.count)
  }

  /**
   * Goes over the claims on clusters from `start` up to and without `end`, by their starts, then by their tables: none
   * has claims that count in two layers.
   */
  visit(start: ClusterIndex, end: ClusterIndex, see: (store: ClaimStore, claim: number) => void): void {
    const stores = this.#layers.map(({ store }) => store)
    const next = stores.map((store, layer) => this.#next(layer, store.firstReaching(start), start, end))
    for (;;) {
      let first = -1
      for (let layer = 0; layer < stores.length; layer++)
        if (
          next[layer]! < stores[layer]!.count &&
          (first < 0 || isBefore(stores[layer]!, next[layer]!, stores[first]!, next[first]!))
        )
          first = layer
      if (first < 0) return
      see(stores[first]!, next[first]!)
      next[first] = this.#next(first, next[first]! + 1, start, end)
    }
  }

  /** Whether anything from this cluster on is claimed. */
  hasFrom(cluster: ClusterIndex): boolean {
    return this.#layers.some(
      ({ store }, layer) => this.#next(layer, store.firstReaching(cluster), cluster, Infinity) < store.count,
    )
  }

  /** The claims on a range of clusters, sorted, cut to the range. */
  slice(start: ClusterIndex, end: ClusterIndex): SourcedClaims {
    const into = new Copy()
    this.visit(start, end, (store, claim) => into.add(store, claim, start, end))
    return into
  }

  /** What it keeps in memory. */
  get byteLength(): number {
    return this.#layers.reduce((sum, { store }) => sum + store.byteLength, 0)
  }

  /** @returns the next claim of a layer that counts and touches the range; past the last one where there is none */
  #next(layer: number, from: number, start: ClusterIndex, end: ClusterIndex): number {
    const { store } = this.#layers[layer]!
    for (let claim = from; claim < store.count && store.start(claim) < end; claim++)
      if (store.end(claim) > start && !this.#isReplaced(layer, store, claim)) return claim
    return store.count
  }

  #isReplaced(layer: number, store: ClaimStore, claim: number): boolean {
    if (layer + 1 === this.#layers.length) return false
    const table = store.table(claim)
    for (let above = layer + 1; above < this.#layers.length; above++)
      if (this.#layers[above]!.tables.has(table)) return true
    return false
  }
}

/** Claims put together from those of stores, with sources of their own. */
class Copy implements SourcedClaims {
  readonly claims = new ClaimList()
  readonly sources = new ClaimSources()
  /** Of each store's sources, what they are here. */
  readonly #copied = new Map<ClaimStore, Map<number, number>>()

  /** Adds what a claim has from `start` up to and without `end`. */
  add(store: ClaimStore, claim: number, start: ClusterIndex, end: ClusterIndex): void {
    const from = Math.max(start, store.start(claim))
    const length = Math.min(end, store.end(claim)) - from
    this.claims.addWith(from, length, this.#sourceOf(store, claim), store.traits(claim))
  }

  #sourceOf(store: ClaimStore, claim: number): number {
    let copied = this.#copied.get(store)
    if (!copied) this.#copied.set(store, (copied = new Map()))
    const number = store.source(claim)
    let source = copied.get(number)
    if (source === undefined) copied.set(number, (source = store.sources.addTo(this.sources, number)))
    return source
  }
}
