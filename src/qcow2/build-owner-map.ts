import { type CancelSignal, throwIfCancelled } from '../lib/cancel.ts'
import { ClaimIndex } from './claim-index.ts'
import { ClaimWalk } from './claim-walk.ts'
import { compareRefcounts } from './compare-refcounts.ts'
import type { Qcow2Image } from './image.ts'
import { outlineOf } from './outline.ts'
import { OwnerIndex } from './owner-index.ts'
import type { OwnerRuns } from './owner-map.ts'
import { walkL2Tables } from './walk-l2-tables.ts'
import { walkStructures } from './walk-structures.ts'

export interface OwnerMapHooks {
  readonly signal?: CancelSignal | undefined
  /** Told once what is known before the L2 tables are followed: the structures, and where the tables are. */
  readonly onOutline?: ((runs: OwnerRuns) => void) | undefined
  /**
   * Told how many L2 tables and stretches of refcounts were read. What it returns is awaited, so that a
   * worker can look at its messages in between.
   */
  readonly onProgress?: ((done: number, total: number) => void | Promise<void>) | undefined
}

/**
 * Follows every table of an image and holds what they claim against the stored refcounts.
 *
 * Bounds: intervals of consecutive clusters are put together (33 bytes each until they are sorted, MAX_CLAIMS of them
 * at most) and then kept packed, as are references to L2 tables (MAX_REFERENCES), which takes one or two bytes each for
 * most disks; tables are read once, in pieces, in the order of the file (MAX_TABLE_BYTES at most). Refcounts are
 * unpacked 32768 at a time.
 * @throws UserError when an image exceeds these bounds
 * @throws Cancelled, DiskError
 */
export async function buildOwnerMap(
  image: Qcow2Image,
  { signal, onOutline, onProgress }: OwnerMapHooks = {},
): Promise<OwnerIndex> {
  const structures = new ClaimWalk(image, signal)
  await walkStructures(structures)
  const { references } = structures
  references.group()
  onOutline?.(outlineOf(structures))

  const tell = async (done: number, total: number) => {
    throwIfCancelled(signal)
    await onProgress?.(done, total)
  }
  // Comparing refcounts counts as much as one L2 table a block, whatever a block's part of the file is.
  const blocks = Math.max(1, countNonZero(image.refcountTable))
  let tables = 0
  const walk = structures.next()
  const tableProblems = await walkL2Tables(walk, (done, total) => {
    tables = total
    return tell(done, total + blocks)
  })
  const compared = walk.next()
  const { runs, refcounts, imageEnd } = await compareRefcounts(compared, cluster =>
    tell(tables + Math.floor((blocks * cluster) / Math.max(1, image.fileClusters)), tables + blocks),
  )
  await tell(tables + blocks, tables + blocks)

  return new OwnerIndex({
    image,
    claims: ClaimIndex.of(walk),
    references,
    runs: runs.finished(),
    refcounts: refcounts.finished(),
    counts: runs.clusters,
    stats: walk.stats,
    imageEnd,
    structureFindings: structures.findings,
    tableFindings: walk.findings,
    tableProblems,
    refcountFindings: compared.findings,
  })
}

function countNonZero(table: DataView): number {
  let count = 0
  for (let at = 0; at + 8 <= table.byteLength; at += 8)
    if (table.getUint32(at) !== 0 || table.getUint32(at + 4) !== 0) count++
  return count
}
