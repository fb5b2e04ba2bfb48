/** What the tables of an image say, at one moment: for the map, the inspector, and what the engine is held against. */
import type { ByteSource } from '../disk/byte-source.ts'
import type { CancelSignal } from '../lib/cancel.ts'
import type { ClusterIndex } from '../lib/units.ts'
import { buildOwnerMap } from '../qcow2/build-owner-map.ts'
import type { Qcow2Image } from '../qcow2/image.ts'
import { openImage } from '../qcow2/open-image.ts'
import { type OpenSequence, openSequence } from '../qcow2/open-sequence.ts'
import type { OwnerMap, OwnerRuns } from '../qcow2/owner-map.ts'
import { buildTruth, type Truth } from './truth.ts'

export interface View {
  readonly image: Qcow2Image
  readonly owners: OwnerMap
  readonly sequence: OpenSequence
  readonly truth: Truth
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
export async function viewOf(disk: ByteSource, { signal, onProgress }: ViewHooks = {}): Promise<View> {
  const image = await openImage(disk, { signal })
  const owners = await buildOwnerMap(image, {
    signal,
    onProgress: (done, total) => onProgress?.('Following the tables', done, total, 'tables'),
  })
  const sequence = await openSequence(image, { signal })
  const { clusterBits } = image.header
  const truth = buildTruth({ clusterBits, fileSize: disk.size, sequence, runs: owners.runs })
  return { image, owners, sequence, truth }
}
