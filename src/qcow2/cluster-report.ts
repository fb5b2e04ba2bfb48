import { lastAtMost } from '../lib/last-at-most.ts'
import { Owner, type OwnerCode } from '../lib/owners.ts'
import type { ClusterIndex } from '../lib/units.ts'
import { CopiedState } from './claim-list.ts'
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
import type { ClaimWalk } from './claim-walk.ts'
import { bitmapTableEntryOffset, refcountTableEntryOffset } from './entries.ts'
import { ClusterKind, l2Entries, L2Cursor } from './l2-cursor.ts'
import type { Claim, ClusterReport, OwnerRuns } from './owner-map.ts'
import { RunFlag } from './owner-map.ts'
import { tablePieces } from './table-pieces.ts'

/** A hostile image can claim one cluster millions of times; the refcounts still count all of them. */
export const MAX_REPORTED_CLAIMS = 256

/** Claims whose largest end is remembered together, so that a look-up skips those that ended before. */
const BLOCK = 64

/**
 * Tells everything about one cluster. The sorted claims know from which table each came; that
 * table is read again for the entries that matter. Per report: one pass over (claims / 64) numbers, and
 * one L2 table for each claim, MAX_REPORTED_CLAIMS at most.
 */
export class ClusterReporter {
  readonly #walk: ClaimWalk
  readonly #runs: OwnerRuns
  /** Per BLOCK claims in order, the largest end among them. */
  readonly #blockEnd: Float64Array

  constructor(walk: ClaimWalk, runs: OwnerRuns) {
    this.#walk = walk
    this.#runs = runs
    const { claims } = walk
    this.#blockEnd = new Float64Array(Math.ceil(claims.count / BLOCK))
    for (let claim = 0; claim < claims.count; claim++) {
      const block = Math.floor(claim / BLOCK)
      this.#blockEnd[block] = Math.max(this.#blockEnd[block]!, claims.end(claim))
    }
  }

  /** @param cluster a whole number, 0 or more; past the last run everything is free */
  async report(cluster: ClusterIndex): Promise<ClusterReport> {
    const { claims: list, image, sources } = this.#walk
    const claims: Claim[] = []
    let computed = 0
    const tables = new Set<number>()
    /** Structures of which all entries that name the cluster have been told. */
    const told = new Set<string>()
    for (const claim of this.#claimsOn(cluster)) {
      const source = list.source[claim]!
      if (list.counted(claim)) computed += this.#walk.referencesOf(source)
      if (claims.length >= MAX_REPORTED_CLAIMS) continue
      const structure = sources.structure(source)
      const owner = list.owner(claim)
      if (structure?.kind === 'refcount-block' || structure?.kind === 'bitmap-data') {
        const key = structure.kind === 'bitmap-data' ? `bitmap ${structure.bitmap}` : structure.kind
        if (told.has(key)) continue
        told.add(key)
        if (structure.kind === 'refcount-block') claims.push(...this.#blockClaims(cluster))
        else await this.#bitmapClaims(structure.bitmap, cluster, claims)
      } else if (structure) claims.push(this.#structureClaim(structure, owner))
      else if (owner === Owner.activeL2 || owner === Owner.inactiveL2) this.#tableClaims(claim, claims)
      else {
        const group = sources.group[source]!
        // Several claims of one table on one cluster are found together.
        if (!tables.has(group)) await this.#dataClaims(group, cluster, claims)
        tables.add(group)
      }
    }
    return {
      cluster,
      ...this.#runOf(cluster, image.fileClusters),
      claims: claims.toSorted(
        (a, b) => (a.snapshot === undefined ? 0 : 1) - (b.snapshot === undefined ? 0 : 1),
      ),
      storedRefcount: await this.#walk.stored.exact(cluster),
      refcountPlace: refcountPlace(image, cluster),
      computedRefcount: computed,
    }
  }

  #runOf(cluster: ClusterIndex, fileClusters: ClusterIndex): { owner: OwnerCode; flags: number } {
    const { start, owner, flags, count, end } = this.#runs
    if (cluster >= end) return { owner: Owner.free, flags: cluster >= fileClusters ? RunFlag.pastEnd : 0 }
    const run = lastAtMost(start, count, cluster)
    return { owner: owner[run]! as OwnerCode, flags: flags[run]! }
  }

  *#claimsOn(cluster: ClusterIndex): Generator<number, void, void> {
    const { claims } = this.#walk
    for (let block = 0; block < this.#blockEnd.length; block++) {
      if (claims.start[block * BLOCK]! > cluster) return
      if (this.#blockEnd[block]! <= cluster) continue
      const stop = Math.min(claims.count, (block + 1) * BLOCK)
      for (let claim = block * BLOCK; claim < stop; claim++)
        if (claims.start[claim]! <= cluster && claims.end(claim) > cluster) yield claim
    }
  }

  #structureClaim(
    structure: Exclude<Structure, { kind: 'refcount-block' } | { kind: 'bitmap-data' }>,
    owner: OwnerCode,
  ): Claim {
    const { image } = this.#walk
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
    const name = this.#walk.image.bitmapDirectory?.bitmaps[bitmap]?.name
    return ['header', 'bitmap directory', `bitmap ${name}`]
  }

  /** The entries of a bitmap's table that name a cluster. */
  async #bitmapClaims(bitmap: number, cluster: ClusterIndex, into: Claim[]): Promise<void> {
    const { image } = this.#walk
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
    const { image } = this.#walk
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
  #tableClaims(claim: number, into: Claim[]): void {
    const { claims, references, sources } = this.#walk
    const group = sources.group[claims.source[claim]!]!
    const owner = claims.owner(claim)
    const state = claims.copied(claim)
    for (let nth = 0; nth < references.groupSize(group) && into.length < MAX_REPORTED_CLAIMS; nth++) {
      const member = references.member(group, nth)
      const active = references.snapshot[member]! < 0
      const copied = references.copied[member] === 1
      if (active !== (owner === Owner.activeL2)) continue
      if (active && state !== CopiedState.none && copied !== (state === CopiedState.copied)) continue
      into.push({ owner, ...this.#throughL1(member), copied })
    }
  }

  /** The entries of one L2 table that name a cluster, as often as the table itself is named. */
  async #dataClaims(group: number, cluster: ClusterIndex, into: Claim[]): Promise<void> {
    const { references, image } = this.#walk
    const { clusterSize, disk } = image
    const bytes = await disk.read(references.groupSector(group) * 512, clusterSize)
    const cursor = new L2Cursor(image, new DataView(bytes.buffer, bytes.byteOffset, clusterSize))
    const table = BigInt(references.groupSector(group)) * 512n
    for (let index = 0; index < cursor.length && into.length < MAX_REPORTED_CLAIMS; index++) {
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
    const { references, image } = this.#walk
    const l1Index = references.l1Index[member]!
    const snapshot = references.snapshot[member]!
    const guestOffset = BigInt(l1Index) * BigInt(l2Entries(image)) * BigInt(image.clusterSize)
    const pointers = l1Entry(image, l1Index, snapshot)
    if (snapshot < 0) return { path: ['header', `L1[${l1Index}]`], pointers, guestOffset }
    const name = this.#snapshotName(snapshot)
    return { path: ['header', `snapshot ${name}`, `L1[${l1Index}]`], pointers, guestOffset, snapshot: name }
  }

  #snapshotName(index: number): string {
    const snapshot = this.#walk.image.snapshots[index]!
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
