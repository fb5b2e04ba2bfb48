/** What the tables of an image say, at one moment: for the map, the inspector, and what the engine is held against. */
import type { ByteSource } from '../disk/byte-source.ts'
import type { CancelSignal } from '../lib/cancel.ts'
import type { ClusterIndex } from '../lib/units.ts'
import type { Range } from '../lib/ranges.ts'
import { buildOwnerMap } from '../qcow2/build-owner-map.ts'
import { structuresChanged } from '../qcow2/changed-tables.ts'
import type { Qcow2Image } from '../qcow2/image.ts'
import { openImage } from '../qcow2/open-image.ts'
import { type OpenSequence, openSequence } from '../qcow2/open-sequence.ts'
import type { OwnerRuns } from '../qcow2/owner-map.ts'
import type { OwnerIndex } from '../qcow2/owner-index.ts'
import { updateOwnerMap } from '../qcow2/update-owner-map.ts'
import { buildTruth, sameTruth, type Truth } from './truth.ts'

export interface View {
  readonly image: Qcow2Image
  readonly owners: OwnerIndex
  readonly sequence: OpenSequence
  readonly truth: Truth
  /**
   * Clusters of which it may say something else than the view that it was made after: ascending, not touching each other.
   * 'all' where there was none, or everything was looked at anew.
   */
  readonly changed: readonly Range[] | 'all'
}

export interface ViewHooks {
  readonly signal?: CancelSignal | undefined
  /**
   * Told once, of an image that is looked at as a whole, before the L2 tables are followed: all structures, and the tables
   * themselves; the rest is free in it.
   */
  readonly onOutline?: ((runs: OwnerRuns, fileClusters: ClusterIndex) => void) | undefined
  /** What it returns is awaited. */
  readonly onProgress?:
    | ((phase: string, done: number, total: number, unit: 'tables') => void | Promise<void>)
    | undefined
}

/**
 * Reads an image's metadata.
 * @throws Qcow2Error where QEMU would refuse the image
 * @throws Cancelled, DiskError
 */
export async function viewOf(
  disk: ByteSource,
  { signal, onOutline, onProgress }: ViewHooks = {},
): Promise<View> {
  const image = await openImage(disk, { signal })
  const owners = await buildOwnerMap(image, {
    signal,
    onOutline: onOutline && (runs => onOutline(runs, image.fileClusters)),
    onProgress: (done, total) => onProgress?.('Following the tables', done, total, 'tables'),
  })
  const sequence = await openSequence(image, { signal })
  return { image, owners, sequence, truth: truthOf(image, owners, sequence), changed: 'all' }
}

/**
 * Looks at a file again after a change: in most cases only at what has changed. Says the same as `viewOf`.
 * @param bytes of the file that may differ from what `before` saw, ascending, not overlapping
 * @throws Qcow2Error where QEMU would refuse the image
 * @throws Cancelled, DiskError
 */
export async function viewAfter(
  before: View,
  disk: ByteSource,
  bytes: readonly Range[],
  hooks: ViewHooks = {},
): Promise<View> {
  const shorter = disk.size < before.image.disk.size
  const structures = shorter || structuresChanged(before.image, bytes)
  const image = structures
    ? await openImage(disk, { signal: hooks.signal })
    : { ...before.image, disk, fileClusters: Math.ceil(disk.size / before.image.clusterSize) }
  const update = await updateOwnerMap(before.owners, image, bytes, structures)
  if (!update) return await viewOf(disk, hooks)
  const { owners, changed } = update
  const sequence = structures ? await openSequence(image, hooks) : before.sequence
  const truth =
    !structures && sameTruth(before, { image, owners }, changed)
      ? before.truth
      : truthOf(image, owners, sequence)
  return { image, owners, sequence, truth, changed }
}

const truthOf = (
  { disk, header: { clusterBits } }: Qcow2Image,
  { runs }: OwnerIndex,
  sequence: OpenSequence,
): Truth => buildTruth({ clusterBits, fileSize: disk.size, sequence, runs })
