import type { CancelSignal } from '../lib/cancel.ts'
import type { OwnerCode } from '../lib/owners.ts'
import type { HostOffset } from '../lib/units.ts'
import { ClaimList } from './claim-list.ts'
import { ClaimSources } from './claim-sources.ts'
import { CopiedState, type CopiedStateCode } from './claim-traits.ts'
import { Findings } from './findings.ts'
import type { Qcow2Image } from './image.ts'
import { L2References } from './l2-references.ts'
import { StoredRefcounts } from './stored-refcounts.ts'
import { WorkBudget } from './work-budget.ts'

/** Numbers that `qemu-img check` tells of the active disk, and that only the walk knows. */
export interface AllocationStats {
  allocatedClusters: number
  compressedClusters: number
  fragmentedClusters: number
}

/** What a walk may share with another one. */
export interface WalkParts {
  readonly claims?: ClaimList | undefined
  readonly sources?: ClaimSources | undefined
  readonly references?: L2References | undefined
  readonly budget?: WorkBudget | undefined
  readonly stored?: StoredRefcounts | undefined
}

/** Everything that following an image's tables brings together. */
export class ClaimWalk {
  readonly image: Qcow2Image
  readonly signal: CancelSignal | undefined
  readonly claims: ClaimList
  readonly sources: ClaimSources
  readonly references: L2References
  readonly findings = new Findings()
  readonly budget: WorkBudget
  readonly stored: StoredRefcounts
  readonly stats: AllocationStats = { allocatedClusters: 0, compressedClusters: 0, fragmentedClusters: 0 }

  constructor(image: Qcow2Image, signal?: CancelSignal, parts: WalkParts = {}) {
    this.image = image
    this.signal = signal
    this.claims = parts.claims ?? new ClaimList()
    this.sources = parts.sources ?? new ClaimSources()
    this.references = parts.references ?? new L2References()
    this.budget = parts.budget ?? new WorkBudget()
    this.stored = parts.stored ?? new StoredRefcounts(image, this.budget)
  }

  /** A walk that goes on from this one, with findings and statistics of its own. */
  next(parts: WalkParts = this): ClaimWalk {
    const { claims, sources, references } = parts
    const { budget, stored } = this
    return new ClaimWalk(this.image, this.signal, { claims, sources, references, budget, stored })
  }

  /**
   * Claims the clusters that a region of bytes touches. One that exceeds the end of the file by a cluster
   * or more is a corruption, and QEMU then counts none of it.
   * @param copied of the entry that names it; QEMU compares it with the refcount of the first cluster
   */
  region(
    offset: HostOffset,
    length: bigint,
    source: number,
    owner: OwnerCode,
    copied: CopiedStateCode = CopiedState.none,
  ): void {
    if (length <= 0n) return
    const bits = BigInt(this.image.header.clusterBits)
    const first = Number(offset >> bits)
    const clusters = Number((offset + length - 1n) >> bits) - first + 1
    const counted = offset + length - BigInt(this.image.disk.size) < BigInt(this.image.clusterSize)
    if (!counted) this.exceedsEnd(offset, length, this.referencesOf(source))
    // Nothing at 2^53 clusters or more can be told by a ClusterIndex; it is reported, and that is all.
    if (first + clusters > Number.MAX_SAFE_INTEGER) return
    const flagged = copied === CopiedState.none ? 0 : 1
    if (flagged) this.claims.add(first, 1, source, owner, copied, counted)
    if (clusters > flagged)
      this.claims.add(first + flagged, clusters - flagged, source, owner, CopiedState.none, counted)
  }

  /** How often the source's own table is referred to, and so what it claims. */
  referencesOf(source: number): number {
    return this.sources.active[source]! + this.sources.inactive[source]!
  }

  exceedsEnd(offset: HostOffset, length: bigint, times: number): void {
    this.findings.corruption(
      () =>
        'ERROR: counting reference for region exceeding the end of the file by one cluster or more: ' +
        `offset 0x${offset.toString(16)} size 0x${length.toString(16)}`,
      offset,
      times,
    )
  }
}
