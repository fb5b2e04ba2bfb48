import { OWNERS } from '../lib/owners.ts'
import type { ClusterIndex } from '../lib/units.ts'
import type { ClaimList } from './claim-list.ts'
import type { ClaimSources } from './claim-sources.ts'
import { CopiedState } from './claim-traits.ts'
import { grown } from '../lib/grow.ts'

/**
 * Goes over all claims by cluster, from 0 up, and stops wherever a claim begins or ends: between two
 * stops every cluster is claimed by the same. Takes n log d steps for n claims of which at most d overlap.
 */
export class ClaimSweep {
  /** The present segment: from `start` up to and without `end`. */
  start: ClusterIndex = 0
  end: ClusterIndex = 0
  /** Claims on each cluster of the segment, by owner, whether counted or not. */
  readonly claimsOf: Uint32Array = new Uint32Array(OWNERS.length)
  /** References, by owner, that QEMU counts. */
  readonly referencesOf: Float64Array = new Float64Array(OWNERS.length)
  /** Claims, references that QEMU counts, and claims by the active state. */
  claimCount = 0
  references = 0
  activeClaims = 0
  /** References from active entries with COPIED set, and clear. */
  copied = 0
  notCopied = 0
  readonly #claims: ClaimList
  readonly #sources: ClaimSources
  #next = 0
  /** The claims of the present segment in order, once somebody has asked. */
  #inOrder: readonly number[] | undefined
  /** A binary heap of the claims that are open, the first to end on top. */
  #heap: Uint32Array = new Uint32Array(64)

  /**
   * @param claims sorted
   * @param from where to begin; no claim starts before it
   */
  constructor(claims: ClaimList, sources: ClaimSources, from: ClusterIndex = 0) {
    this.end = from
    this.#claims = claims
    this.#sources = sources
  }

  /** @returns false when there is nothing claimed from here on */
  next(): boolean {
    const claims = this.#claims
    this.start = this.end
    this.#inOrder = undefined
    while (this.claimCount > 0 && claims.end(this.#heap[0]!) <= this.start) this.#close()
    while (this.#next < claims.count && claims.start[this.#next]! <= this.start) this.#open(this.#next++)
    if (this.claimCount === 0 && this.#next === claims.count) return false
    const nextStart = this.#next < claims.count ? claims.start[this.#next]! : Infinity
    const nextEnd = this.claimCount > 0 ? claims.end(this.#heap[0]!) : Infinity
    this.end = Math.min(nextStart, nextEnd)
    return true
  }

  /** The claims on the present segment, in their order. */
  open(): readonly number[] {
    this.#inOrder ??= Array.from(this.#heap.slice(0, this.claimCount).sort())
    return this.#inOrder
  }

  #open(claim: number): void {
    this.#count(claim, 1)
    if (this.claimCount === this.#heap.length) this.#heap = grown(this.#heap, 2 * this.#heap.length)
    const end = this.#claims.end(claim)
    let at = this.claimCount++
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.#claims.end(this.#heap[parent]!) <= end) break
      this.#heap[at] = this.#heap[parent]!
      at = parent
    }
    this.#heap[at] = claim
  }

  #close(): void {
    this.#count(this.#heap[0]!, -1)
    const size = --this.claimCount
    const moved = this.#heap[size]!
    const end = this.#claims.end(moved)
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= size) break
      if (child + 1 < size && this.#claims.end(this.#heap[child + 1]!) < this.#claims.end(this.#heap[child]!))
        child++
      if (this.#claims.end(this.#heap[child]!) >= end) break
      this.#heap[at] = this.#heap[child]!
      at = child
    }
    this.#heap[at] = moved
  }

  #count(claim: number, sign: 1 | -1): void {
    const claims = this.#claims
    const owner = claims.owner(claim)
    const source = claims.source[claim]!
    const active = this.#sources.active[source]!
    const references = active + this.#sources.inactive[source]!
    this.claimsOf[owner] = this.claimsOf[owner]! + sign
    if (active > 0) this.activeClaims += sign
    if (claims.counted(claim)) {
      this.referencesOf[owner] = this.referencesOf[owner]! + sign * references
      this.references += sign * references
    }
    const copied = claims.copied(claim)
    if (copied === CopiedState.copied) this.copied += sign * active
    else if (copied === CopiedState.notCopied) this.notCopied += sign * active
  }
}
