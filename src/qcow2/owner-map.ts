/**
 * Who owns which host cluster, as runs: a run is a stretch of consecutive clusters with one owner and
 * the same flags. A terabyte of guest data written in order is a few runs for each L2 table.
 */
import type { OwnerCode } from '../lib/owners.ts'
import type { ClusterIndex } from '../lib/units.ts'
import type { Pointer, RefcountPlace } from './claim-pointers.ts'
import type { Problem } from './image.ts'

/** What else is to be said of a run's clusters, as bits. */
export const RunFlag = {
  /** Claimed by two structures, or by one twice, in a way its refcount does not allow. */
  claimedTwice: 1,
  /** The stored refcount differs from the computed one (leaks are runs of owner `leaked`). */
  refcountWrong: 2,
  /** Only snapshots refer to it. */
  inactiveOnly: 4,
  /** Lies past the end of the file. */
  pastEnd: 8,
} as const

/**
 * Parallel arrays, one element a run, sorted, without gaps or overlaps, from cluster 0 to the end of
 * the file or of the last claimed cluster.
 */
export interface OwnerRuns {
  readonly count: number
  /** First cluster of each run. The next run's start ends it; the last ends at `end`. */
  readonly start: Float64Array
  readonly owner: Uint8Array
  readonly flags: Uint8Array
  readonly end: ClusterIndex
}

/** Stored refcounts as parallel arrays, sorted and without gaps like OwnerRuns and of the same extent: 9 bytes a run. */
export interface RefcountRuns {
  readonly count: number
  readonly start: Float64Array
  /** A RefcountBucket each. */
  readonly bucket: Uint8Array
}

/** One reason for which a cluster is in use: a path from the header down to it. */
export interface Claim {
  readonly owner: OwnerCode
  /** Steps from the header to the cluster, as people write them: `["header", "L1[3]", "L2[17]"]`. */
  readonly path: readonly string[]
  /** The same as places in the file: each points to where the next one stands, the last to the cluster. */
  readonly pointers: readonly Pointer[]
  /** Of a refcount block: its index in the refcount table. */
  readonly tableIndex?: number
  /** The guest offset that the cluster holds data of or maps from; undefined where it has none. */
  readonly guestOffset?: bigint
  /** The entry's COPIED flag, where the path ends in an entry that has one. */
  readonly copied?: boolean
  /** Which snapshot it belongs to; undefined for the active state. */
  readonly snapshot?: string
}

export interface ClusterReport {
  readonly cluster: ClusterIndex
  readonly owner: OwnerCode
  readonly flags: number
  readonly claims: readonly Claim[]
  /** As stored in its refcount block; 0 where the block is missing. */
  readonly storedRefcount: bigint
  readonly refcountPlace: RefcountPlace
  /** As many references as were found. */
  readonly computedRefcount: number
}

/** Clusters by owner, indexed by OwnerCode. */
export type OwnerCounts = readonly number[]

/** What `qemu-img check` tells besides corruptions and leaks, under its names. */
export interface CheckNumbers {
  readonly checkErrors: number
  readonly imageEndOffset: bigint
  readonly totalClusters: bigint
  readonly allocatedClusters: number
  readonly compressedClusters: number
  readonly fragmentedClusters: number
}

export interface OwnerMap {
  readonly runs: OwnerRuns
  readonly refcounts: RefcountRuns
  readonly counts: OwnerCounts
  /** What `qemu-img check` would count. */
  readonly corruptions: number
  readonly leaks: number
  readonly check: CheckNumbers
  /** Problems found while following the tables, the first 1000 of them, in QEMU's words where it has any. */
  readonly problems: readonly Problem[]
  readonly problemCount: number
  /** Everything that is known of one cluster. Reads the tables again where it must. */
  report(cluster: ClusterIndex): Promise<ClusterReport>
}
