import { grown, type NumberArray } from '../lib/grow.ts'
import { UserError } from '../lib/user-error.ts'
import type { OwnerCode } from '../lib/owners.ts'
import { radixOrder } from '../lib/radix-order.ts'
import type { ClusterIndex } from '../lib/units.ts'

/** A claim costs 17 bytes, and 25 while they are being sorted. This many random clusters are 2 TiB of 64 KiB. */
export const MAX_CLAIMS = 1 << 25

/** What a claim's entry says about COPIED, in two bits. */
export const CopiedState = { none: 0, copied: 1, notCopied: 2 } as const
export type CopiedStateCode = (typeof CopiedState)[keyof typeof CopiedState]

const OWNER_MASK = 31
const COPIED_SHIFT = 5
const UNCOUNTED = 128

/**
 * Who claims which clusters: parallel arrays, one element an interval of consecutive clusters that one
 * table, or several entries of it in a row, refers to.
 */
export class ClaimList {
  count = 0
  start: Float64Array
  length: Uint32Array
  /** Index into the claim sources, which know how often the claiming table itself is referred to. */
  source: Uint32Array
  /** Owner, COPIED and whether QEMU counts it, in a byte. */
  #traits: Uint8Array

  /** @param room for so many, until more is needed */
  constructor(room = 256) {
    this.start = new Float64Array(room)
    this.length = new Uint32Array(room)
    this.source = new Uint32Array(room)
    this.#traits = new Uint8Array(room)
  }

  /**
   * @param counted false for what QEMU does not count, because it exceeds the end of the file
   * @throws UserError past MAX_CLAIMS
   */
  add(
    start: ClusterIndex,
    length: number,
    source: number,
    owner: OwnerCode,
    copied: CopiedStateCode,
    counted: boolean,
  ): void {
    this.#add(
      start,
      Math.min(length, 0xffffffff),
      source,
      owner | (copied << COPIED_SHIFT) | (counted ? 0 : UNCOUNTED),
    )
  }

  /** Adds what another list's claim has within `from` up to and without `to`. */
  addPart(list: ClaimList, claim: number, from: ClusterIndex, to: ClusterIndex, source: number): void {
    const start = Math.max(from, list.start[claim]!)
    this.#add(start, Math.min(to, list.end(claim)) - start, source, list.#traits[claim]!)
  }

  #add(start: ClusterIndex, length: number, source: number, traits: number): void {
    const at = this.count
    if (at === this.start.length) this.#grow()
    this.start[at] = start
    this.length[at] = length
    this.source[at] = source
    this.#traits[at] = traits
    this.count = at + 1
  }

  /** Whether two claims say the same of clusters, wherever and how many these are. */
  saysSame(claim: number, other: ClaimList, otherClaim: number): boolean {
    return this.#traits[claim] === other.#traits[otherClaim]
  }

  owner(claim: number): OwnerCode {
    return (this.#traits[claim]! & OWNER_MASK) as OwnerCode
  }

  copied(claim: number): CopiedStateCode {
    return ((this.#traits[claim]! >> COPIED_SHIFT) & 3) as CopiedStateCode
  }

  counted(claim: number): boolean {
    return (this.#traits[claim]! & UNCOUNTED) === 0
  }

  end(claim: number): ClusterIndex {
    return this.start[claim]! + this.length[claim]!
  }

  /** Sorts by start. Columns are moved one after the other, so that going through them stays a straight run. */
  sort(): void {
    this.reorder(radixOrder(this.start, this.count))
  }

  /** @param order of all claims, by what are their numbers now; afterwards there is no room to spare */
  reorder(order: Uint32Array): void {
    const { count } = this
    this.start = picked(this.start, new Float64Array(count), order)
    this.length = picked(this.length, new Uint32Array(count), order)
    this.source = picked(this.source, new Uint32Array(count), order)
    this.#traits = picked(this.#traits, new Uint8Array(count), order)
  }

  /** What it keeps in memory. */
  get byteLength(): number {
    return this.start.byteLength + this.length.byteLength + this.source.byteLength + this.#traits.byteLength
  }

  #grow(): void {
    if (this.count >= MAX_CLAIMS)
      throw new UserError(
        `The image is in more than ${MAX_CLAIMS} pieces, too many to tell who owns which.`,
        {
          advice: 'qemu-img convert makes a copy of it that is written in order.',
        },
      )
    const length = 2 * this.count
    this.start = grown(this.start, length)
    this.length = grown(this.length, length)
    this.source = grown(this.source, length)
    this.#traits = grown(this.#traits, length)
  }
}

function picked<T extends NumberArray>(from: T, into: T, order: Uint32Array): T {
  for (let i = 0; i < order.length; i++) into[i] = from[order[i]!]!
  return into
}
