import { grown } from '../lib/grow.ts'
import { UserError } from '../lib/user-error.ts'
import type { OwnerCode } from '../lib/owners.ts'
import { RowOrder } from '../lib/row-order.ts'
import type { ClusterIndex } from '../lib/units.ts'
import { type CopiedStateCode, copiedIn, isCountedIn, ownerIn, traitsOf } from './claim-traits.ts'

/** A claim costs 17 bytes while it is found, and 33 while they are being sorted. This many random clusters are 2 TiB of 64 KiB. */
export const MAX_CLAIMS = 1 << 25

/**
 * Who claims which clusters: parallel arrays, one element an interval of consecutive clusters that one
 * table, or several entries of it in a row, refers to. To be put together and sorted; a ClaimStore keeps them.
 */
export class ClaimList {
  count = 0
  start: Float64Array
  length: Uint32Array
  /** Index into the claim sources, which know how often the claiming table itself is referred to. */
  source: Uint32Array
  traits: Uint8Array

  /** @param room for so many, until more is needed */
  constructor(room = 256) {
    this.start = new Float64Array(room)
    this.length = new Uint32Array(room)
    this.source = new Uint32Array(room)
    this.traits = new Uint8Array(room)
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
    this.addWith(start, Math.min(length, 0xffffffff), source, traitsOf(owner, copied, counted))
  }

  /** @throws UserError past MAX_CLAIMS */
  addWith(start: ClusterIndex, length: number, source: number, traits: number): void {
    const at = this.count
    if (at === this.start.length) this.#grow()
    this.start[at] = start
    this.length[at] = length
    this.source[at] = source
    this.traits[at] = traits
    this.count = at + 1
  }

  owner(claim: number): OwnerCode {
    return ownerIn(this.traits[claim]!)
  }

  copied(claim: number): CopiedStateCode {
    return copiedIn(this.traits[claim]!)
  }

  counted(claim: number): boolean {
    return isCountedIn(this.traits[claim]!)
  }

  end(claim: number): ClusterIndex {
    return this.start[claim]! + this.length[claim]!
  }

  /** Sorts by start. Columns are moved one after the other, so that going through them stays a straight run. */
  sort(): void {
    const order = new RowOrder(this.start, this.count)
    this.start = order.applied(this.start)
    this.length = order.applied(this.length)
    this.source = order.applied(this.source)
    this.traits = order.applied(this.traits)
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
    this.traits = grown(this.traits, length)
  }
}
