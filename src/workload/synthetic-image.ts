import type { ByteSource } from '../disk/byte-source.ts'
import type { Extent } from '../disk/sparse-source.ts'
import type { SyncSource } from '../disk/sync-source.ts'
import type { Bytes, ClusterIndex } from '../lib/units.ts'
import { encodeHeader, featureNameTable } from '../qcow2/encode.ts'
import type { ImagePlan } from './image-plan.ts'
import { mix32 } from './permutation.ts'
import { type PlanProgress, planImage, planInSteps } from './plan-image.ts'
import type { Recipe } from './recipe.ts'
import { writeRefcountBlock } from './refcount-bytes.ts'
import { firstSegmentEndingAfter, SegmentKind } from './segments.ts'
import { writeL1Table, writeL2Table, writeRefcountTable } from './table-bytes.ts'

/** Metadata is handed out in pieces of this many bytes at most, so that a reader can stop in between. */
const MAX_EXTENT = 1 << 20

/** QEMU names the features only in clusters larger than this. */
const MAX_BARE_HEADER = 4096

/** @throws UserError when no image like this can exist */
export const syntheticSource = (recipe: Recipe): SyntheticImage => new SyntheticImage(planImage(recipe))

/**
 * The same without holding everything else up.
 * @param pause awaited every few milliseconds; what it throws ends the planning
 * @throws UserError when no image like this can exist
 */
export async function syntheticSourceInSteps(
  recipe: Recipe,
  pause: (progress: PlanProgress) => Promise<void>,
): Promise<SyntheticImage> {
  const planning = planInSteps(recipe)
  for (;;) {
    const step = planning.next()
    if (step.done) return new SyntheticImage(step.value)
    await pause(step.value)
  }
}

/**
 * An image that exists only as a plan: its bytes are worked out when they are read. Guest data that was written
 * reads as one byte for each cluster, from 1 to 255, which depends on the seed; preallocated clusters
 * that were not written read as zeros.
 */
export class SyntheticImage implements ByteSource, SyncSource {
  readonly plan: ImagePlan
  readonly size: Bytes
  readonly #header: Uint8Array
  /** The last cluster of which only a part was asked for: the next read is mostly of the same. */
  #partial: { readonly cluster: ClusterIndex; readonly bytes: Uint8Array } | undefined

  constructor(plan: ImagePlan) {
    this.plan = plan
    this.size = plan.clusters * plan.geometry.clusterSize
    this.#header = headerCluster(plan)
  }

  async read(offset: Bytes, length: Bytes): Promise<Uint8Array> {
    return this.readSync(offset, length)
  }

  readSync(offset: Bytes, length: Bytes): Uint8Array {
    const { clusterSize } = this.plan.geometry
    const result = new Uint8Array(length)
    const end = Math.min(offset + length, this.size)
    for (let at = offset; at < end; ) {
      const cluster = Math.floor(at / clusterSize)
      const clusterStart = cluster * clusterSize
      const to = Math.min(end, clusterStart + clusterSize)
      if (to - at === clusterSize) this.#fill(cluster, result.subarray(at - offset, to - offset))
      else result.set(this.#part(cluster).subarray(at - clusterStart, to - clusterStart), at - offset)
      at = to
    }
    return result
  }

  /** All metadata, ascending: everything but guest data and free clusters. */
  *metadata(): Generator<Extent> {
    const { segments, geometry } = this.plan
    const most = Math.max(1, MAX_EXTENT / geometry.clusterSize)
    for (let i = 0; i < segments.count; i++) {
      const kind = segments.kind[i]
      if (kind === SegmentKind.data || kind === SegmentKind.preallocated) continue
      const start = segments.start[i] ?? 0
      const end = start + (segments.length[i] ?? 0)
      for (let first = start; first < end; first += most) {
        const bytes = new Uint8Array(Math.min(most, end - first) * geometry.clusterSize)
        for (let at = 0; at < bytes.length; at += geometry.clusterSize)
          this.#fill(first + at / geometry.clusterSize, bytes.subarray(at, at + geometry.clusterSize))
        yield { offset: first * geometry.clusterSize, bytes }
      }
    }
  }

  #part(cluster: ClusterIndex): Uint8Array {
    if (this.#partial?.cluster === cluster) return this.#partial.bytes
    const bytes = new Uint8Array(this.plan.geometry.clusterSize)
    this.#fill(cluster, bytes)
    this.#partial = { cluster, bytes }
    return bytes
  }

  /** @param bytes zeros, one cluster long */
  #fill(cluster: ClusterIndex, bytes: Uint8Array): void {
    const { segments } = this.plan
    const index = firstSegmentEndingAfter(segments, cluster)
    const part = cluster - (segments.start[index] ?? Number.POSITIVE_INFINITY)
    if (part < 0) return
    const arg = segments.arg[index] ?? 0
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    switch (segments.kind[index]) {
      case SegmentKind.header:
        bytes.set(this.#header)
        break
      case SegmentKind.refcountTable:
        writeRefcountTable(this.plan, part, view)
        break
      case SegmentKind.refcountBlock:
        writeRefcountBlock(this.plan, arg + part, bytes)
        break
      case SegmentKind.activeL1:
        writeL1Table(this.plan, undefined, part, view)
        break
      case SegmentKind.snapshotL1:
        writeL1Table(this.plan, arg, part, view)
        break
      case SegmentKind.l2Table:
        writeL2Table(this.plan, arg + part, view)
        break
      case SegmentKind.snapshotTable:
        bytes.set(
          this.plan.snapshotTable?.bytes.subarray(part * bytes.length, (part + 1) * bytes.length) ?? [],
        )
        break
      case SegmentKind.preallocated:
        if (this.#writtenInPlace(arg + part)) bytes.fill(this.#pattern(cluster))
        break
      default:
        bytes.fill(this.#pattern(cluster))
    }
  }

  #pattern(cluster: ClusterIndex): number {
    return 1 + (mix32(cluster >>> 0, this.plan.recipe.seed) % 255)
  }

  #writtenInPlace(guest: number): boolean {
    const time = this.plan.order.timeOf(guest)
    return time >= 0 && time < (this.plan.snapshots[0]?.time ?? Number.POSITIVE_INFINITY)
  }
}

function headerCluster({ geometry, l1, refcountTable, snapshots, snapshotTable }: ImagePlan): Uint8Array {
  const offset = (cluster: ClusterIndex): bigint => BigInt(cluster) * BigInt(geometry.clusterSize)
  return encodeHeader(
    {
      version: geometry.version,
      backingFileOffset: 0n,
      backingFileSize: 0,
      clusterBits: geometry.clusterBits,
      size: geometry.virtualSize,
      cryptMethod: 0,
      l1Size: geometry.l1Entries,
      l1TableOffset: offset(l1),
      refcountTableOffset: offset(refcountTable.start),
      refcountTableClusters: refcountTable.clusters,
      nbSnapshots: snapshots.length,
      snapshotsOffset: offset(snapshotTable?.start ?? 0),
      incompatibleFeatures: 0n,
      compatibleFeatures: 0n,
      autoclearFeatures: 0n,
      refcountOrder: Math.log2(geometry.refcountBits),
      headerLength: 0,
      compressionType: 0,
    },
    geometry.version === 3 && geometry.clusterSize > MAX_BARE_HEADER ? [featureNameTable()] : [],
  )
}
