import { grown } from '../lib/grow.ts'
import { PackedColumn } from '../lib/packed-column.ts'
import { inOrder, radixOrder } from '../lib/radix-order.ts'
import { UserError } from '../lib/user-error.ts'

/** A reference costs 17 bytes while they are found. */
export const MAX_REFERENCES = 1 << 24

/**
 * Every L1 entry that points somewhere, active and inactive, and then, in order of the file, the groups of
 * those that name the same L2 table. Once grouped they are kept packed, a few bytes each.
 */
export class L2References {
  count = 0
  groupCount = 0
  /** What is added, until it is grouped. */
  #sector = new Float64Array(256)
  #l1Index = new Uint32Array(256)
  #snapshot = new Int32Array(256)
  #copied = new Uint8Array(256)
  #grouped = NONE

  /**
   * @param sector offset of the L2 table / 512: masked L1 entries stay below 2^47 so
   * @param snapshot its index; -1 for the active L1 table
   * @throws UserError past MAX_REFERENCES
   */
  add(sector: number, l1Index: number, snapshot: number, copied: boolean): void {
    const at = this.count
    if (at === this.#sector.length) this.#grow()
    this.#sector[at] = sector
    this.#l1Index[at] = l1Index
    this.#snapshot[at] = snapshot
    this.#copied[at] = copied ? 1 : 0
    this.count = at + 1
  }

  /** Groups what was added; to be called once, after the last `add`. */
  group(): void {
    const order = radixOrder(this.#sector, this.count)
    const groupStart = new Uint32Array(this.count + 1)
    const groupSector = new Float64Array(this.count)
    let groups = 0
    for (let i = 0; i < this.count; i++) {
      const sector = this.#sector[order[i]!]!
      if (groups > 0 && groupSector[groups - 1] === sector) continue
      groupSector[groups] = sector
      groupStart[groups++] = i
    }
    groupStart[groups] = this.count
    this.groupCount = groups
    this.#grouped = {
      sector: new PackedColumn(groupSector, groups),
      start: new PackedColumn(groupStart, groups + 1),
      l1Index: new PackedColumn(inOrder(this.#l1Index, order)),
      snapshot: new PackedColumn(inOrder(this.#snapshot, order)),
      copied: new PackedColumn(inOrder(this.#copied, order)),
    }
    // Nothing is added any more.
    this.#sector = new Float64Array(0)
    this.#l1Index = new Uint32Array(0)
    this.#snapshot = new Int32Array(0)
    this.#copied = new Uint8Array(0)
  }

  /** Sector in which the group's L2 table starts. */
  groupSector(group: number): number {
    return this.#grouped.sector.at(group)
  }

  groupSize(group: number): number {
    return this.#grouped.start.at(group + 1) - this.#grouped.start.at(group)
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
        this.l1Index(mine) !== other.l1Index(theirs) ||
        this.snapshot(mine) !== other.snapshot(theirs) ||
        this.isCopied(mine) !== other.isCopied(theirs)
      )
        return false
    }
    return true
  }

  /** What it keeps in memory, grouped. */
  get byteLength(): number {
    return Object.values(this.#grouped).reduce((sum, { byteLength }) => sum + byteLength, 0)
  }

  /** How many of a group's references are those of the active L1 table. */
  activeIn(group: number): number {
    let active = 0
    for (let nth = 0; nth < this.groupSize(group); nth++)
      if (this.snapshot(this.member(group, nth)) < 0) active++
    return active
  }

  /** @returns the group's nth reference; those of the active L1 table come first, and each table's in its order */
  member(group: number, nth: number): number {
    return this.#grouped.start.at(group) + nth
  }

  l1Index(member: number): number {
    return this.#grouped.l1Index.at(member)
  }

  /** Index of the snapshot; -1 for the active L1 table. */
  snapshot(member: number): number {
    return this.#grouped.snapshot.at(member)
  }

  isCopied(member: number): boolean {
    return this.#grouped.copied.at(member) === 1
  }

  #grow(): void {
    if (this.count >= MAX_REFERENCES)
      throw new UserError(`The image and its snapshots refer to more than ${MAX_REFERENCES} L2 tables.`, {
        advice: 'Delete snapshots that are no longer needed, or copy the image with larger clusters.',
      })
    const length = 2 * this.count
    this.#sector = grown(this.#sector, length)
    this.#l1Index = grown(this.#l1Index, length)
    this.#snapshot = grown(this.#snapshot, length)
    this.#copied = grown(this.#copied, length)
  }
}

/** References in the order of their tables. */
interface Grouped {
  /** Of each group, and where it starts: one element more than there are groups. */
  readonly sector: PackedColumn
  readonly start: PackedColumn
  /** Of each reference. */
  readonly l1Index: PackedColumn
  readonly snapshot: PackedColumn
  readonly copied: PackedColumn
}

const EMPTY = new PackedColumn([])
const NONE: Grouped = {
  sector: EMPTY,
  start: new PackedColumn([0]),
  l1Index: EMPTY,
  snapshot: EMPTY,
  copied: EMPTY,
}
