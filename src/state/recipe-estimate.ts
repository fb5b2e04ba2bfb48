/** About how much metadata an image of a recipe will have, before it is made. */
import type { Recipe } from '../workload/recipe.ts'
import { checkLimits, geometryOf } from '../worker/catalogue.ts'
import { parseSize } from '../lib/sizes.ts'

export interface RecipeEstimate {
  readonly virtualSize: bigint
  readonly guestClusters: number
  /** Guest clusters that are written. */
  readonly written: number
  readonly l2Tables: number
  /** Bytes of the tables of the active state, and of refcounts. */
  readonly metadata: number
  /** About how long the file becomes, bytes. */
  readonly fileSize: number
}

/** @throws UserError with the limit where no such image can be made */
export function estimate(recipe: Recipe): RecipeEstimate {
  const geometry = geometryOf(recipe)
  const { guestClusters, l1Entries, l1Clusters, l2Entries, clusterSize, refcountsPerBlock } = geometry
  const written = writtenClusters(recipe, guestClusters)
  checkLimits(recipe, geometry, written)
  const isPreallocated = recipe.preallocation !== 'off'
  const l2Tables = isPreallocated ? l1Entries : touchedTables(recipe, written, l1Entries, l2Entries)
  const tables = 2 + (l1Clusters + l2Tables) * (1 + recipe.snapshots.length)
  const data = isPreallocated ? guestClusters : written
  const refcountBlocks = Math.ceil((tables + data) / refcountsPerBlock)
  return {
    virtualSize: BigInt(parseSize(String(recipe.virtualSize))),
    guestClusters,
    written,
    l2Tables,
    metadata: (tables + refcountBlocks) * clusterSize,
    fileSize: (tables + refcountBlocks + data) * clusterSize,
  }
}

function writtenClusters({ fill }: Recipe, guestClusters: number): number {
  switch (fill.pattern) {
    case 'empty':
      return 0
    case 'every-nth':
      return Math.ceil(guestClusters / fill.n)
    default:
      return Math.round(guestClusters * fill.share)
  }
}

/** How many L2 tables have at least one written cluster, on average. */
function touchedTables({ fill }: Recipe, written: number, l1Entries: number, l2Entries: number): number {
  switch (fill.pattern) {
    case 'empty':
      return 0
    case 'sequential':
      return Math.ceil(written / l2Entries)
    case 'every-nth':
      return Math.min(l1Entries, written)
    case 'random':
      return Math.round(l1Entries * (1 - (1 - fill.share) ** l2Entries))
    case 'hot-spots':
      return Math.min(l1Entries, fill.spots + Math.ceil(written / l2Entries))
  }
}
