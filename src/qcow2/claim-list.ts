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
  start = new Float64Array(1024)
  length = new Uint32Array(1024)
  /** Index into the claim sources, which know how often the claiming table itself is referred to. */
  source = new Uint32Array(1024)
  /** Owner, COPIED and whether QEMU counts it, in a byte. */
  #traits = new Uint8Array(1024)

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
    const at = this.count
    if (at === this.start.length) this.#grow()
    this.start[at] = start
    this.length[at] = Math.min(length, 0xffffffff)
    this.source[at] = source
    this.#traits[at] = owner | (copied << COPIED_SHIFT) | (counted ? 0 : UNCOUNTED)
    this.count = at + 1
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
    const { count } = this
    const order = radixOrder(this.start, count)
    this.start = picked(this.start, new Float64Array(count), order)
    this.length = picked(this.length, new Uint32Array(count), order)
    this.source = picked(this.source, new Uint32Array(count), order)
    this.#traits = picked(this.#traits, new Uint8Array(count), order)
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
