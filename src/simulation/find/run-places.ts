/**
 * Places that the owner runs tell: whose clusters are, and what is wrong with them.
 *
 * An image may have 16 million runs. They are counted once, a block at a time, and only the sums are kept (8 bytes
 * for 256 runs): a place is then found by halving the sums and walking one block.
 */
import type { FindKindName } from '../../lib/find-kinds.ts'
import { isMetadata, Owner, OWNERS } from '../../lib/owners.ts'
import { type OwnerRuns, RunFlag } from '../../qcow2/owner-map.ts'
import { runAt } from '../../qcow2/splice-runs.ts'
import { runEndAt } from '../run-search.ts'
import { lastNotAbove, type PlaceRange, type Places } from './places.ts'

/** Runs whose places are counted together. */
const BLOCK = 256
const OWNER_BITS = 5
const WRONG = RunFlag.claimedTwice | RunFlag.refcountWrong | RunFlag.pastEnd

/** Owner and flags of a run in one number, for tables of what is looked for. */
const stateOf = (runs: OwnerRuns, run: number): number => runs.owner[run]! | (runs.flags[run]! << OWNER_BITS)

export const STATES = 1 << (OWNER_BITS + 4)

/** Whether clusters of this state are of a kind. */
export function isOfKind(kind: FindKindName, state: number): boolean {
  const owner = state & ((1 << OWNER_BITS) - 1)
  const flags = state >> OWNER_BITS
  // What nobody claims past the end of the file is not there at all.
  const isThere = owner !== Owner.free || (flags & RunFlag.pastEnd) === 0
  switch (kind) {
    case 'metadata':
      return isMetadata(owner)
    case 'snapshotsOnly':
      return (flags & RunFlag.inactiveOnly) !== 0
    case 'claimedTwice':
      return (flags & RunFlag.claimedTwice) !== 0
    case 'refcountWrong':
      return (flags & RunFlag.refcountWrong) !== 0
    case 'pastEnd':
      return isThere && (flags & RunFlag.pastEnd) !== 0
    case 'problem':
      return isThere && (owner === Owner.leaked || (flags & WRONG) !== 0)
    default:
      return isThere && OWNERS[owner]?.name === kind
  }
}

export class RunPlaces implements Places {
  readonly count: number
  readonly clusters: number
  readonly #runs: OwnerRuns
  /** 1 for the states that are looked for. */
  readonly #wanted: Uint8Array
  /** Every cluster is a place, rather than every stretch. */
  readonly #byCluster: boolean
  /** Places before each block, and at last all of them. */
  readonly #before: Float64Array

  constructor(runs: OwnerRuns, kind: FindKindName, step: 'cluster' | 'stretch') {
    this.#runs = runs
    this.#wanted = Uint8Array.from({ length: STATES }, (_, state) => (isOfKind(kind, state) ? 1 : 0))
    this.#byCluster = step === 'cluster'
    this.#before = new Float64Array(Math.ceil(runs.count / BLOCK) + 1)
    // Spelt out, for there may be 16 million of them: #placesIn says the same of one.
    const { count, start, owner, flags, end } = runs
    const wanted = this.#wanted
    let places = 0
    let clusters = 0
    let wasWanted = 0
    for (let run = 0; run < count; run++) {
      if (run % BLOCK === 0) this.#before[run / BLOCK] = places
      const isWanted = wanted[owner[run]! | (flags[run]! << OWNER_BITS)]!
      if (isWanted === 1) {
        const length = (run + 1 < count ? start[run + 1]! : end) - start[run]!
        clusters += length
        places += this.#byCluster ? length : 1 - wasWanted
      }
      wasWanted = isWanted
    }
    this.#before[this.#before.length - 1] = places
    this.count = places
    this.clusters = clusters
  }

  before(cluster: number): number {
    const runs = this.#runs
    if (cluster <= 0 || runs.count === 0) return 0
    const last = runAt(runs, cluster - 1)
    const block = Math.floor(last / BLOCK)
    let places = this.#before[block]!
    for (let run = block * BLOCK; run < last; run++) places += this.#placesIn(run)
    if (!this.#byCluster) return places + this.#placesIn(last)
    return this.#matches(last) ? places + Math.min(cluster, runEndAt(runs, last)) - runs.start[last]! : places
  }

  at(place: number): PlaceRange {
    const runs = this.#runs
    const block = lastNotAbove(this.#before, place, 0, this.#before.length - 1)
    let left = place - this.#before[block]!
    let run = block * BLOCK
    for (let places = this.#placesIn(run); places <= left; places = this.#placesIn(++run)) left -= places
    if (this.#byCluster) return { start: runs.start[run]! + left, clusters: 1 }
    let end = run
    while (end + 1 < runs.count && this.#matches(end + 1)) end++
    return { start: runs.start[run]!, clusters: runEndAt(runs, end) - runs.start[run]! }
  }

  #matches(run: number): boolean {
    return this.#wanted[stateOf(this.#runs, run)] === 1
  }

  /** How many places begin in a run. */
  #placesIn(run: number): number {
    if (!this.#matches(run)) return 0
    if (this.#byCluster) return runEndAt(this.#runs, run) - this.#runs.start[run]!
    return run > 0 && this.#matches(run - 1) ? 0 : 1
  }
}

/** Clusters by state, of all runs. */
export function countStates({ count, start, owner, flags, end }: OwnerRuns): Float64Array {
  const counts = new Float64Array(STATES)
  for (let run = 0; run < count; run++) {
    const state = owner[run]! | (flags[run]! << OWNER_BITS)
    counts[state] = counts[state]! + (run + 1 < count ? start[run + 1]! : end) - start[run]!
  }
  return counts
}
