/**
 * Which entries of a table make one row of the tree: those in a row that say nothing, and those that map clusters in
 * a row. Whether an entry goes on with a row depends on the entry before it and nothing else, so a walk may begin
 * at any row.
 */
import { refcountAt } from '../../driver/refcount-value.ts'
import { formatCount } from '../../lib/sizes.ts'
import type { Qcow2Image } from '../../qcow2/image.ts'
import { ClusterKind, L2Cursor } from '../../qcow2/l2-cursor.ts'
import { counted } from './names.ts'

export interface Grouping {
  /** Looks at an entry of the view. @returns whether it belongs to the row of the entry looked at before */
  continues(view: DataView, index: number): boolean
  /** What was looked at, counted, as people read it. */
  tally(): string
}

/** Tables of pointers: each is a row of its own; entries that point nowhere and say the same are one. */
export class PointerGroups implements Grouping {
  readonly #highMask: number
  readonly #lowMask: number
  readonly #noun: string
  #pointers = 0
  #nowhere = false
  #high = 0
  #low = 0

  /** @param offsetMask the bits of an entry that point; @param noun what it points to, one of them */
  constructor(offsetMask: bigint, noun: string) {
    this.#highMask = Number(offsetMask >> 32n)
    this.#lowMask = Number(offsetMask & 0xffffffffn)
    this.#noun = noun
  }

  continues(view: DataView, index: number): boolean {
    const high = view.getUint32(8 * index)
    const low = view.getUint32(8 * index + 4)
    const nowhere = ((high & this.#highMask) | (low & this.#lowMask)) === 0
    if (!nowhere) this.#pointers++
    const continues = nowhere && this.#nowhere && high === this.#high && low === this.#low
    this.#nowhere = nowhere
    this.#high = high
    this.#low = low
    return continues
  }

  tally(): string {
    return counted(this.#pointers, this.#noun)
  }
}

/** L2 tables: entries of one kind, and where they have clusters, clusters in a row. */
export class L2Groups implements Grouping {
  readonly #image: Qcow2Image
  readonly #sectorsPerCluster: number
  #cursor: L2Cursor | undefined
  #view: DataView | undefined
  #key = -1
  /** Where the next cluster would be, in sectors; of compressed ones, how far it may begin. */
  #next = 0
  #byte = 0
  readonly #counts = { data: 0, zero: 0, compressed: 0 }

  constructor(image: Qcow2Image) {
    this.#image = image
    this.#sectorsPerCluster = image.clusterSize / 512
  }

  continues(view: DataView, index: number): boolean {
    if (view !== this.#view) this.#cursor = new L2Cursor(this.#image, view)
    this.#view = view
    const cursor = this.#cursor!
    cursor.read(index)
    const { kind, sector } = cursor
    this.#count(cursor)
    const key = keyOf(cursor)
    const byte = sector * 512 + cursor.byteInSector
    const same = key === this.#key
    this.#key = key
    if (kind === ClusterKind.unallocated || kind === ClusterKind.zeroPlain) return same
    const previousByte = this.#byte
    const next = this.#next
    this.#byte = byte
    if (kind === ClusterKind.compressed) {
      // Compressed clusters are packed: the next one begins where the sectors of the last one end, or before.
      this.#next = sector + cursor.sectors
      return same && byte > previousByte && byte <= next * 512
    }
    this.#next = sector + this.#sectorsPerCluster
    return same && sector === next
  }

  #count(cursor: L2Cursor): void {
    if (cursor.kind === ClusterKind.compressed) this.#counts.compressed++
    else if (isUnused(cursor)) return
    else if (cursor.kind !== ClusterKind.unallocated && cursor.holdsData) this.#counts.data++
    else this.#counts.zero++
  }

  tally(): string {
    const { data, zero, compressed } = this.#counts
    const used = data + zero + compressed
    const parts = [
      data > 0 && `${formatCount(data)} with data`,
      zero > 0 && `${formatCount(zero)} zero`,
      compressed > 0 && `${formatCount(compressed)} compressed`,
    ].filter(part => part !== false)
    return `${used === 1 ? '1 entry used' : `${formatCount(used)} entries used`}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`
  }
}

/** Whether an entry says nothing: one without a cluster may still have subclusters of zeros. */
export const isUnused = ({ kind, extended, zero }: L2Cursor): boolean =>
  kind === ClusterKind.unallocated && !(extended && zero !== 0)

/** Whether some of the subclusters are neither data nor zeros. */
export const isPartial = ({ kind, extended, allocated, zero }: L2Cursor): boolean =>
  extended && kind !== ClusterKind.compressed && (allocated | zero) !== ~0

/** What entries of one row have in common. */
function keyOf(cursor: L2Cursor): number {
  const flags = [
    cursor.copied,
    cursor.reserved,
    cursor.aligned,
    cursor.holdsData,
    cursor.extended && cursor.zero !== 0,
    isPartial(cursor),
  ]
  return flags.reduce<number>((key, flag) => 2 * key + (flag ? 1 : 0), cursor.kind)
}

/** Refcount blocks: clusters of one refcount. */
export class RefcountGroups implements Grouping {
  readonly #order: number
  #value: number | bigint = -1
  #nonZero = 0

  /** @param order log2 of the width in bits */
  constructor(order: number) {
    this.#order = order
  }

  continues(view: DataView, index: number): boolean {
    // Past 2^53 a number would take unequal ones for equal.
    const value = this.#order === 6 ? view.getBigUint64(8 * index) : refcountAt(view, this.#order, index)
    const continues = value === this.#value
    this.#value = value
    // oxlint-disable-next-line eqeqeq
    if (value != 0) this.#nonZero++
    return continues
  }

  tally(): string {
    return this.#nonZero === 1 ? '1 refcount is not 0' : `${formatCount(this.#nonZero)} refcounts are not 0`
  }
}
