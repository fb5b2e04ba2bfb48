import { isMetadata, Owner, type OwnerCode } from '../lib/owners.ts'
import type { ClusterIndex } from '../lib/units.ts'
import type { ClaimIndex } from './claim-index.ts'
import {
  bitmapDirectoryField,
  bitmapTableEntry,
  bitmapTableField,
  l1Entry,
  l1Field,
  l2Entry,
  luksField,
  type Pointer,
  refcountPlace,
  refcountTableEntry,
  refcountTableField,
  snapshotL1Field,
  snapshotTableField,
} from './claim-pointers.ts'
import type { Structure } from './claim-sources.ts'
import type { ClaimStore } from './claim-store.ts'
import { CopiedState, type CopiedStateCode } from './claim-traits.ts'
import type { Qcow2Image } from './image.ts'
import type { L2References } from './l2-references.ts'
import { runAt } from './splice-runs.ts'
import { StoredRefcounts } from './stored-refcounts.ts'
import { bitmapTableEntryOffset, refcountTableEntryOffset } from './entries.ts'
import { ClusterKind, l2Entries, L2Cursor } from './l2-cursor.ts'
import type { Claim, ClusterReport, OwnerRuns } from './owner-map.ts'
import { RunFlag } from './owner-map.ts'
import { tablePieces } from './table-pieces.ts'

/** A hostile image can claim one cluster millions of times; the refcounts still count all of them. */
export const MAX_REPORTED_CLAIMS = 256

/** What a report is made from. */
export interface Reported {
  readonly image: Qcow2Image
  readonly claims: ClaimIndex
  readonly references: L2References
  readonly runs: OwnerRuns
}

/**
 * Tells everything about one cluster. The sorted claims know from which table each came; that
 * table is read again for the entries that matter: one L2 table for each claim, MAX_REPORTED_CLAIMS at most.
 */
export class ClusterReporter {
  readonly #of: Reported

  constructor(of: Reported) {
    this.#of = of
  }

  /** @param cluster a whole number, 0 or more; past the last run everything is free */
  async report(cluster: ClusterIndex): Promise<ClusterReport> {
    const { image, references } = this.#of
    const claims: Claim[] = []
    const { computed, first } = this.#claimsOn(cluster)
    /** Bitmaps of which all entries that name the cluster have been told. */
    const told = new Set<number>()
    for (const [store, claim] of first) {
      if (claims.length >= MAX_REPORTED_CLAIMS) break
      const structure = store.structure(claim)
      const owner = store.owner(claim)
      if (structure?.kind === 'refcount-block') claims.push(...this.#blockClaims(cluster))
      else if (structure?.kind === 'bitmap-data') {
        if (!told.has(structure.bitmap)) await this.#bitmapClaims(structure.bitmap, cluster, claims)
        told.add(structure.bitmap)
      } else if (structure) claims.push(this.#structureClaim(structure, owner))
      else if (owner === Owner.activeL2 || owner === Owner.inactiveL2)
        this.#tableClaims(references.groupAt(store.table(claim)), owner, store.copied(claim), claims)
      else await this.#dataClaims(references.groupAt(store.table(claim)), cluster, claims)
    }
    return {
      cluster,
      ...this.#runOf(cluster, image.fileClusters),
      claims: claims.toSorted(
        (a, b) => (a.snapshot === undefined ? 0 : 1) - (b.snapshot === undefined ? 0 : 1),
      ),
      storedRefcount: await new StoredRefcounts(image).exact(cluster),
      refcountPlace: refcountPlace(image, cluster),
      computedRefcount: computed,
    }
  }

  #runOf(cluster: ClusterIndex, fileClusters: ClusterIndex): { owner: OwnerCode; flags: number } {
    const { runs } = this.#of
    if (cluster >= runs.end)
      return { owner: Owner.free, flags: cluster >= fileClusters ? RunFlag.pastEnd : 0 }
    const run = runAt(runs, cluster)
    return { owner: runs.owner[run]! as OwnerCode, flags: runs.flags[run]! }
  }

  /** References to a cluster that QEMU counts, and the claims that are told of; each of them has something to tell. */
  #claimsOn(cluster: ClusterIndex) {
    let computed = 0
    const first: [ClaimStore, number][] = []
    const seen = new Set<number>()
    this.#of.claims.visit(cluster, cluster + 1, (store, claim) => {
      if (store.counted(claim)) computed += store.active(claim) + store.inactive(claim)
      if (first.length >= MAX_REPORTED_CLAIMS) return
      // Refcount blocks are told of together, and so is what one table maps there.
      const together = store.structure(claim)?.kind === 'refcount-block' || !isMetadata(store.owner(claim))
      const table = store.table(claim)
      if (together && seen.has(table)) return
      if (together) seen.add(table)
      first.push([store, claim])
    })
    return { computed, first }
  }

  #structureClaim(
    structure: Exclude<Structure, { kind: 'refcount-block' } | { kind: 'bitmap-data' }>,
    owner: OwnerCode,
  ): Claim {
    const { image } = this.#of
    switch (structure.kind) {
      case 'header':
        return { owner, path: ['header'], pointers: [] }
      case 'refcount-table':
        return { owner, path: ['header', 'refcount table'], pointers: refcountTableField() }
      case 'active-l1':
        return { owner, path: ['header', 'L1 table'], pointers: l1Field() }
      case 'snapshot-table':
        return { owner, path: ['header', 'snapshot table'], pointers: snapshotTableField() }
      case 'snapshot-l1': {
        const snapshot = this.#snapshotName(structure.snapshot)
        const pointers = snapshotL1Field(image, structure.snapshot)
        return { owner, path: ['header', `snapshot ${snapshot}`, 'L1 table'], pointers, snapshot }
      }
      case 'bitmap-directory':
        return { owner, path: ['header', 'bitmap directory'], pointers: bitmapDirectoryField(image) }
      case 'bitmap-table':
        return {
          owner,
          path: this.#bitmapPath(structure.bitmap),
          pointers: bitmapTableField(image, structure.bitmap),
        }
      case 'luks-header':
        return { owner, path: ['header', 'crypto header'], pointers: luksField(image) }
    }
  }

  #bitmapPath(bitmap: number): string[] {
    const name = this.#of.image.bitmapDirectory?.bitmaps[bitmap]?.name
    return ['header', 'bitmap directory', `bitmap ${name}`]
  }

  /** The entries of a bitmap's table that name a cluster. */
  async #bitmapClaims(bitmap: number, cluster: ClusterIndex, into: Claim[]): Promise<void> {
    const { image } = this.#of
    const { tableOffset, tableSize } = image.bitmapDirectory!.bitmaps[bitmap]!
    const offset = BigInt(cluster) * BigInt(image.clusterSize)
    for await (const { view, position } of tablePieces(image.disk, tableOffset, 8 * tableSize))
      for (let at = 0; at + 8 <= view.byteLength && into.length < MAX_REPORTED_CLAIMS; at += 8) {
        if (view.getUint32(at) === 0 && view.getUint32(at + 4) === 0) continue
        if (bitmapTableEntryOffset(view.getBigUint64(at)) !== offset) continue
        const index = (position + at) / 8
        into.push({
          owner: Owner.bitmapData,
          path: [...this.#bitmapPath(bitmap), `table[${index}]`],
          pointers: bitmapTableEntry(image, bitmap, index),
        })
      }
  }

  /** The refcount table's entries that name a cluster. */
  #blockClaims(cluster: ClusterIndex): Claim[] {
    const { image } = this.#of
    const table = image.refcountTable
    const offset = BigInt(cluster) * BigInt(image.clusterSize)
    const claims: Claim[] = []
    for (let at = 0; at + 8 <= table.byteLength && claims.length < MAX_REPORTED_CLAIMS; at += 8) {
      if (table.getUint32(at) === 0 && table.getUint32(at + 4) === 0) continue
      if (refcountTableEntryOffset(table.getBigUint64(at)) === offset)
        claims.push({
          owner: Owner.refcountBlock,
          path: ['header', `refcount table[${at / 8}]`],
          pointers: refcountTableEntry(image, at / 8),
          tableIndex: at / 8,
        })
    }
    return claims
  }

  /** The L1 entries that name an L2 table, those of the claim's kind. */
  #tableClaims(group: number, owner: OwnerCode, state: CopiedStateCode, into: Claim[]): void {
    const { references } = this.#of
    for (let nth = 0; nth < references.groupSize(group) && into.length < MAX_REPORTED_CLAIMS; nth++) {
      const member = references.member(group, nth)
      const active = references.snapshot(member) < 0
      const copied = references.isCopied(member)
      if (active !== (owner === Owner.activeL2)) continue
      if (active && state !== CopiedState.none && copied !== (state === CopiedState.copied)) continue
      into.push({ owner, ...this.#throughL1(member), copied })
    }
  }

  /** The entries of one L2 table that name a cluster, as often as the table itself is named. */
  async #dataClaims(group: number, cluster: ClusterIndex, into: Claim[]): Promise<void> {
    const { references, image } = this.#of
    const { clusterSize, disk } = image
    const bytes = await disk.read(references.groupSector(group) * 512, clusterSize)
    const cursor = new L2Cursor(image, new DataView(bytes.buffer, bytes.byteOffset, clusterSize))
    const table = BigInt(references.groupSector(group)) * 512n
    for (let index = cursor.nextUsed(0); index < cursor.length; index = cursor.nextUsed(index + 1)) {
      if (into.length >= MAX_REPORTED_CLAIMS) return
      cursor.read(index)
      const owner = ownerOf(cursor, image.clusterSize, cluster)
      if (owner === undefined) continue
      const copied = owner === Owner.compressedData ? {} : { copied: cursor.copied }
      for (let nth = 0; nth < references.groupSize(group) && into.length < MAX_REPORTED_CLAIMS; nth++) {
        const { path, pointers, guestOffset, ...rest } = this.#throughL1(references.member(group, nth))
        into.push({
          owner,
          path: [...path, `L2[${index}]`],
          pointers: [...pointers, l2Entry(table, index, clusterSize / cursor.length)],
          guestOffset: guestOffset + BigInt(index) * BigInt(clusterSize),
          ...copied,
          ...rest,
        })
      }
    }
  }

  #throughL1(member: number): {
    path: string[]
    pointers: Pointer[]
    guestOffset: bigint
    snapshot?: string
  } {
    const { references, image } = this.#of
    const l1Index = references.l1Index(member)
    const snapshot = references.snapshot(member)
    const guestOffset = BigInt(l1Index) * BigInt(l2Entries(image)) * BigInt(image.clusterSize)
    const pointers = l1Entry(image, l1Index, snapshot)
    if (snapshot < 0) return { path: ['header', `L1[${l1Index}]`], pointers, guestOffset }
    const name = this.#snapshotName(snapshot)
    return { path: ['header', `snapshot ${name}`, `L1[${l1Index}]`], pointers, guestOffset, snapshot: name }
  }

  #snapshotName(index: number): string {
    const snapshot = this.#of.image.snapshots[index]!
    return snapshot.name || snapshot.id
  }
}

/** @returns what the entry under the cursor holds in the cluster; undefined if it has nothing to do with it */
function ownerOf(cursor: L2Cursor, clusterSize: number, cluster: ClusterIndex): OwnerCode | undefined {
  const perCluster = clusterSize / 512
  const first = Math.floor(cursor.sector / perCluster)
  switch (cursor.kind) {
    case ClusterKind.unallocated:
    case ClusterKind.zeroPlain:
      return undefined
    case ClusterKind.compressed: {
      const last = Math.floor((cursor.sector + cursor.sectors - 1) / perCluster)
      return cluster >= first && cluster <= last ? Owner.compressedData : undefined
    }
    default:
      if (cluster !== first && (cursor.aligned || cluster !== first + 1)) return undefined
      return cursor.holdsData ? Owner.guestData : Owner.zeroData
  }
}
