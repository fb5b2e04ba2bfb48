import type { ClusterIndex } from '../lib/units.ts'
import { lastNotAbove, NumberList } from './number-list.ts'

/** What a stretch of host clusters holds, and what its `arg` says of the first of them. */
export const SegmentKind = {
  header: 0,
  refcountTable: 1,
  /** arg: index in the refcount table; the next cluster has the next. */
  refcountBlock: 2,
  activeL1: 3,
  /** arg: number of the table in the plan; the next cluster has the next. */
  l2Table: 4,
  snapshotTable: 5,
  /** arg: which snapshot. */
  snapshotL1: 6,
  /** arg: how many snapshots had been taken when it was written, for all of the segment. */
  data: 7,
  /** arg: the guest cluster; the next cluster has the next. */
  preallocated: 8,
} as const

export type SegmentKindCode = (typeof SegmentKind)[keyof typeof SegmentKind]

/** Parallel arrays, a stretch an element, ascending and apart; clusters in no segment are free. */
export interface Segments {
  readonly count: number
  readonly start: Float64Array
  readonly length: Float64Array
  readonly kind: Uint8Array
  readonly arg: Float64Array
}

/** @returns the first segment that ends after a cluster; `count` for none */
export function firstSegmentEndingAfter(segments: Segments, cluster: ClusterIndex): number {
  const index = lastNotAbove(segments.start, segments.count, cluster)
  if (index < 0) return 0
  return (segments.start[index] ?? 0) + (segments.length[index] ?? 0) > cluster ? index : index + 1
}

/** Gathers the segments in the order in which they come to be. */
export class SegmentLog {
  readonly #start = new NumberList()
  readonly #length = new NumberList()
  readonly #kind = new NumberList()
  readonly #arg = new NumberList()
  readonly #dropped = new Set<number>()

  /** @returns a number to drop it by. Only a segment that cannot be continued by the next can be dropped. */
  add(kind: SegmentKindCode, start: ClusterIndex, length: number, arg = 0): number {
    const last = this.#start.length - 1
    if (last >= 0 && this.#continues(last, kind, start, arg)) {
      this.#length.set(last, this.#length.at(last) + length)
      return last
    }
    this.#start.push(start)
    this.#length.push(length)
    this.#kind.push(kind)
    this.#arg.push(arg)
    return last + 1
  }

  /** Its clusters are free again. */
  drop(id: number): void {
    this.#dropped.add(id)
  }

  #continues(last: number, kind: SegmentKindCode, start: ClusterIndex, arg: number): boolean {
    const length = this.#length.at(last)
    if (this.#kind.at(last) !== kind || this.#start.at(last) + length !== start) return false
    if (kind === SegmentKind.data) return this.#arg.at(last) === arg
    const counts =
      kind === SegmentKind.l2Table || kind === SegmentKind.refcountBlock || kind === SegmentKind.preallocated
    return counts && this.#arg.at(last) + length === arg
  }

  /** All that was not dropped, ascending. Nearly all of it is already, so the few late ones are merged in. */
  finish(): Segments {
    const ascending: number[] = []
    const late: number[] = []
    let end = -1
    for (let id = 0; id < this.#start.length; id++) {
      if (this.#dropped.has(id)) continue
      const start = this.#start.at(id)
      if (start > end) {
        ascending.push(id)
        end = start
      } else late.push(id)
    }
    late.sort((a, b) => this.#start.at(a) - this.#start.at(b))
    const count = ascending.length + late.length
    const segments = {
      count,
      start: new Float64Array(count),
      length: new Float64Array(count),
      kind: new Uint8Array(count),
      arg: new Float64Array(count),
    }
    let a = 0
    let b = 0
    for (let index = 0; index < count; index++) {
      const early = ascending[a]
      const other = late[b]
      const takeLate =
        other !== undefined && (early === undefined || this.#start.at(other) < this.#start.at(early))
      const id = (takeLate ? other : early) ?? 0
      if (takeLate) b++
      else a++
      segments.start[index] = this.#start.at(id)
      segments.length[index] = this.#length.at(id)
      segments.kind[index] = this.#kind.at(id)
      segments.arg[index] = this.#arg.at(id)
    }
    return segments
  }
}
