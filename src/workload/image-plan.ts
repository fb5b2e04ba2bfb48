import type { ClusterIndex } from '../lib/units.ts'
import type { Geometry } from './geometry.ts'
import type { TablePlace } from './host-allocator.ts'
import type { HostRuns } from './host-runs.ts'
import type { L2Tables } from './l2-tables.ts'
import type { NumberList } from './number-list.ts'
import type { Recipe } from './recipe.ts'
import type { Segments } from './segments.ts'
import type { WriteOrder } from './write-order.ts'

/**
 * Where everything is in a synthetic image, but not its bytes: stretches, and a few numbers for each table.
 * Between two snapshots is an *epoch*: epoch e has e snapshots before it. What was written in epoch e is shared
 * by all snapshots from number e on (counted from 0), until it is replaced.
 */
export interface ImagePlan {
  readonly recipe: Recipe
  readonly geometry: Geometry
  readonly order: WriteOrder
  readonly segments: Segments
  /** Length of the file in clusters. */
  readonly clusters: number
  readonly refcountTable: TablePlace
  /** Host cluster of each refcount block, 0 for none. */
  readonly refcountBlocks: NumberList
  readonly l1: ClusterIndex
  readonly l2Tables: L2Tables
  /** Host cluster of each write, by its time; those that went into preallocated clusters are left out. */
  readonly writes: HostRuns
  /** Host cluster of each preallocated guest cluster. */
  readonly preallocated: HostRuns
  /** In the order in which they are taken. */
  readonly snapshots: readonly SnapshotPlace[]
  readonly snapshotTable: SnapshotTablePlace | undefined
}

export interface SnapshotPlace {
  readonly name: string
  /** How many writes it holds: those before this time. */
  readonly time: number
  readonly l1: ClusterIndex
}

export interface SnapshotTablePlace {
  readonly start: ClusterIndex
  readonly bytes: Uint8Array
}
