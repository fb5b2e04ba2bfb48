/** About how much metadata an image of a recipe will have, before it is made. */
import type { Recipe } from '../workload/recipe.ts'
import { checkLimits, geometryOf, MAX_TABLE_BYTES, writeCount } from '../worker/catalogue.ts'
import { formatBytes, formatCount, parseSize } from '../lib/sizes.ts'
import { UserError } from '../lib/user-error.ts'

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

/** @throws UserError with the limit where no such image can be made, or where it could not be opened once made */
export function estimate(recipe: Recipe): RecipeEstimate {
  const geometry = geometryOf(recipe)
  const { guestClusters, l1Entries, l1Clusters, l2Entries, clusterSize, refcountsPerBlock } = geometry
  const written = writeCount(recipe.fill, geometry)
  checkLimits(recipe, geometry, written)
  const isPreallocated = recipe.preallocation !== 'off'
  const l2Tables = isPreallocated ? l1Entries : touchedTables(recipe, written, l1Entries, l2Entries)
  const surely = isPreallocated ? l1Entries : Math.floor(l2Tables * certainty(recipe))
  if (surely * clusterSize > MAX_TABLE_BYTES) throw tooManyTables(l2Tables, clusterSize)
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

/** The part of the estimated L2 tables that there are in any case: where the dice decide, there may be fewer. */
function certainty({ fill }: Recipe): number {
  if (fill.pattern === 'random') return 0.95
  return fill.pattern === 'hot-spots' ? 0.5 : 1
}

const tooManyTables = (l2Tables: number, clusterSize: number) =>
  new UserError(`${formatCount(l2Tables)} L2 tables are too many`, {
    advice: `They would be ${formatBytes(l2Tables * clusterSize)} long, and ${formatBytes(MAX_TABLE_BYTES)} of tables are followed at most. Write less of the disk, or use larger clusters: a table of them reaches further.`,
  })

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
