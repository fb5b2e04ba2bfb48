import { grown } from '../lib/grow.ts'
import { radixOrder } from '../lib/radix-order.ts'
import { UserError } from '../lib/user-error.ts'

/** A reference costs 21 bytes, sorted. */
export const MAX_REFERENCES = 1 << 24

/**
 * Every L1 entry that points somewhere, active and inactive, and then, in order of the file, the groups of
 * those that name the same L2 table.
 */
export class L2References {
  count = 0
  /** Offset of the L2 table / 512: masked L1 entries stay below 2^47 so. */
  sector = new Float64Array(256)
  l1Index = new Uint32Array(256)
  /** Index of the snapshot; -1 for the active L1 table. */
  snapshot = new Int32Array(256)
  copied = new Uint8Array(256)

  groupCount = 0
  /** References in the order of their tables. */
  #order: Uint32Array = new Uint32Array(0)
  /** Where each group starts in that order; one element more than there are groups. */
  #groupStart: Uint32Array = new Uint32Array(1)

  /** @throws UserError past MAX_REFERENCES */
  add(sector: number, l1Index: number, snapshot: number, copied: boolean): void {
    const at = this.count
    if (at === this.sector.length) this.#grow()
    this.sector[at] = sector
    this.l1Index[at] = l1Index
    this.snapshot[at] = snapshot
    this.copied[at] = copied ? 1 : 0
    this.count = at + 1
  }

  /** Groups what was added; to be called once, after the last `add`. */
  group(): void {
    this.#order = radixOrder(this.sector, this.count)
    const starts = new Uint32Array(this.count + 1)
    let groups = 0
    let previous = -1
    for (let i = 0; i < this.count; i++) {
      const sector = this.sector[this.#order[i]!]!
      if (sector !== previous) starts[groups++] = i
      previous = sector
    }
    starts[groups] = this.count
    this.groupCount = groups
    // Nothing is added any more, so that no room need be kept for it.
    this.sector = this.sector.slice(0, this.count)
    this.l1Index = this.l1Index.slice(0, this.count)
    this.snapshot = this.snapshot.slice(0, this.count)
    this.copied = this.copied.slice(0, this.count)
    this.#groupStart = starts.slice(0, groups + 1)
  }

  /** Sector in which the group's L2 table starts. */
  groupSector(group: number): number {
    return this.sector[this.#order[this.#groupStart[group]!]!]!
  }

  groupSize(group: number): number {
    return this.#groupStart[group + 1]! - this.#groupStart[group]!
  }

  /** @returns the group of the L2 table that starts in this sector; -1 for none */
  groupAt(sector: number): number {
    const group = this.firstFrom(sector)
    return group < this.groupCount && this.groupSector(group) === sector ? group : -1
  }

  /** @returns the first group whose table starts in this sector or after it; groupCount for none */
  firstFrom(sector: number): number {
    let low = 0
    let high = this.groupCount
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.groupSector(middle) >= sector) high = middle
      else low = middle + 1
    }
    return low
  }

  /** Whether a group is the same as one of other references, entry for entry. */
  sameGroup(group: number, other: L2References, otherGroup: number): boolean {
    const size = this.groupSize(group)
    if (size !== other.groupSize(otherGroup)) return false
    for (let nth = 0; nth < size; nth++) {
      const mine = this.member(group, nth)
      const theirs = other.member(otherGroup, nth)
      if (
        this.l1Index[mine] !== other.l1Index[theirs] ||
        this.snapshot[mine] !== other.snapshot[theirs] ||
        this.copied[mine] !== other.copied[theirs]
      )
        return false
    }
    return true
  }

  /** What it keeps in memory. */
  get byteLength(): number {
    return (
      this.sector.byteLength +
      this.l1Index.byteLength +
      this.snapshot.byteLength +
      this.copied.byteLength +
      this.#order.byteLength +
      this.#groupStart.byteLength
    )
  }

  /** How many of a group's references are those of the active L1 table. */
  activeIn(group: number): number {
    let active = 0
    for (let nth = 0; nth < this.groupSize(group); nth++)
      if (this.snapshot[this.member(group, nth)]! < 0) active++
    return active
  }

  /** @returns the index of the group's nth reference */
  member(group: number, nth: number): number {
    return this.#order[this.#groupStart[group]! + nth]!
  }

  #grow(): void {
    if (this.count >= MAX_REFERENCES)
      throw new UserError(`The image and its snapshots refer to more than ${MAX_REFERENCES} L2 tables.`, {
        advice: 'Delete snapshots that are no longer needed, or copy the image with larger clusters.',
      })
    const length = 2 * this.count
    this.sector = grown(this.sector, length)
    this.l1Index = grown(this.l1Index, length)
    this.snapshot = grown(this.snapshot, length)
    this.copied = grown(this.copied, length)
  }
}
