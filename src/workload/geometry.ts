import { formatBytes, formatCount, parseSize } from '../lib/sizes.ts'
import { UserError } from '../lib/user-error.ts'
import type { Bytes } from '../lib/units.ts'
import type { Recipe } from './recipe.ts'

/** QEMU: QCOW_MAX_L1_SIZE and QCOW_MAX_REFTABLE_SIZE, bytes. */
const MAX_L1_BYTES = 32 << 20
const MAX_REFCOUNT_TABLE_BYTES = 8 << 20

/** Bytes of an entry of the L1, L2 and refcount tables. */
export const ENTRY_SIZE = 8

/** The measures of an image, all of them counts that a Number holds exactly, except the virtual size. */
export interface Geometry {
  readonly version: 2 | 3
  readonly clusterBits: number
  readonly clusterSize: Bytes
  /** Bytes, a multiple of 512. */
  readonly virtualSize: bigint
  /** Below 2^41. */
  readonly guestClusters: number
  /** Entries of one L2 table. */
  readonly l2Entries: number
  /** Entries of the L1 table, and clusters that it takes. */
  readonly l1Entries: number
  readonly l1Clusters: number
  readonly refcountBits: number
  /** How many clusters one refcount block describes. */
  readonly refcountsPerBlock: number
  /** Entries that the refcount table can have at most. */
  readonly maxRefcountBlocks: number
  /** How many host clusters the format, or a file, can have at most. */
  readonly maxClusters: number
}

const REFCOUNT_BITS = [1, 2, 4, 8, 16, 32, 64]

const bytesOf = (size: number | string): bigint => (typeof size === 'number' ? BigInt(size) : parseSize(size))

/**
 * @returns the measures of the image that a recipe describes
 * @throws UserError when no such image can exist, with the limit that it meets
 */
export function geometryOf(recipe: Recipe): Geometry {
  const clusterSize = Number(bytesOf(recipe.clusterSize))
  const clusterBits = Math.log2(clusterSize)
  if (!Number.isInteger(clusterBits) || clusterBits < 9 || clusterBits > 21)
    throw new UserError(`The cluster size ${recipe.clusterSize} is not possible`, {
      advice: 'It must be a power of two between 512 and 2M.',
    })
  if (!REFCOUNT_BITS.includes(recipe.refcountBits) || (recipe.version === 2 && recipe.refcountBits !== 16))
    throw new UserError(
      `Refcounts of ${recipe.refcountBits} bits are not possible in version ${recipe.version}`,
      {
        advice: 'Version 3 has refcounts of 1, 2, 4, 8, 16, 32 or 64 bits; version 2 only of 16.',
      },
    )
  const virtualSize = ((bytesOf(recipe.virtualSize) + 511n) / 512n) * 512n
  const l2Entries = clusterSize / ENTRY_SIZE
  const maxSize = BigInt(MAX_L1_BYTES / ENTRY_SIZE) * BigInt(l2Entries) * BigInt(clusterSize)
  if (virtualSize < 512n || virtualSize > maxSize)
    throw new UserError(`A virtual size of ${formatBytes(virtualSize)} is not possible here`, {
      advice: `With clusters of ${formatBytes(clusterSize)} it must be between 512 bytes and ${formatBytes(maxSize)}: an L1 table has ${formatBytes(MAX_L1_BYTES)} at most.`,
    })
  const guestClusters = Number((virtualSize + BigInt(clusterSize) - 1n) / BigInt(clusterSize))
  const l1Entries = Math.ceil(guestClusters / l2Entries)
  const refcountsPerBlock = (clusterSize * 8) / recipe.refcountBits
  const maxRefcountBlocks = MAX_REFCOUNT_TABLE_BYTES / ENTRY_SIZE
  return {
    version: recipe.version,
    clusterBits,
    clusterSize,
    virtualSize,
    guestClusters,
    l2Entries,
    l1Entries,
    l1Clusters: Math.ceil((l1Entries * ENTRY_SIZE) / clusterSize),
    refcountBits: recipe.refcountBits,
    refcountsPerBlock,
    maxRefcountBlocks,
    maxClusters: Math.min(
      maxRefcountBlocks * refcountsPerBlock,
      Math.floor(Number.MAX_SAFE_INTEGER / clusterSize),
    ),
  }
}

/**
 * Refuses what cannot be built, before anything is built.
 * @param writes how many guest clusters are filled
 * @throws UserError saying the limit
 */
export function checkLimits(recipe: Recipe, geometry: Geometry, writes: number): void {
  const { l2Entries, maxClusters, clusterSize, refcountBits } = geometry
  const data = recipe.preallocation === 'off' ? writes : geometry.guestClusters
  const needed = 3 + geometry.l1Clusters * (1 + recipe.snapshots.length) + data + Math.ceil(data / l2Entries)
  if (needed > maxClusters) throw fileTooLarge(geometry)
  const most = 2 ** refcountBits - 2
  if (recipe.snapshots.length > most)
    throw new UserError(
      `${formatCount(recipe.snapshots.length)} snapshots need larger refcounts than ${refcountBits} bits`,
      {
        advice: `A cluster that every snapshot shares is counted once for each, and once for the disk itself: with ${refcountBits} bits ${formatCount(most)} snapshots are possible at most.`,
      },
    )
  if (recipe.snapshots.length > MAX_SNAPSHOTS)
    throw new UserError(`${formatCount(recipe.snapshots.length)} snapshots are too many`, {
      advice: `At most ${formatCount(MAX_SNAPSHOTS)} are possible in a synthetic image of clusters of ${formatBytes(clusterSize)}.`,
    })
}

/** Our own limit (QEMU's is 65536): each costs a copy of the L1 table, and reading it a walk past all others. */
const MAX_SNAPSHOTS = 1000

/** The file would be longer than its refcounts, or a program, can say. */
export function fileTooLarge(geometry: Geometry): UserError {
  const { clusterSize, maxClusters, refcountBits } = geometry
  return new UserError('The image file would become too large', {
    advice: `With clusters of ${formatBytes(clusterSize)} and refcounts of ${refcountBits} bits it holds ${formatBytes(maxClusters * clusterSize)} at most: a refcount table has ${formatBytes(MAX_REFCOUNT_TABLE_BYTES)} at most. Fill less of it, use larger clusters or smaller refcounts.`,
  })
}
