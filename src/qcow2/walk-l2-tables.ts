/**
 * Claims of L2 tables and of the guest data they map. Counting follows QEMU 7.2,
 * block/qcow2-refcount.c: check_refcounts_l1, check_refcounts_l2.
 *
 * Bounds: each distinct table is read and walked once, whatever number of L1 entries name it; its claims
 * carry that number. So a 32 MiB L1 table whose entries all name one L2 table costs one walk.
 */
import { bytesOf, type Span } from '../disk/byte-source.ts'
import { inFileOrder, readInTurn } from '../disk/read-in-turn.ts'
import { Owner, type OwnerCode } from '../lib/owners.ts'
import { CopiedState, type CopiedStateCode } from './claim-traits.ts'
import type { ClaimWalk } from './claim-walk.ts'
import { COPIED_FLAG } from './entries.ts'
import { ClusterKind, hasDataFile, hasExtendedL2, L2Cursor } from './l2-cursor.ts'
import type { Problem } from './image.ts'

const hex = (value: bigint): string => value.toString(16)

/** So many tables that are not in the file are done with between two looks at whether it is cancelled. */
const ABSENT_TABLES = 4096

/** What is wrong with single tables, and with what they map. */
export type TableProblems = Map<number, readonly Problem[]>

/**
 * @param walk with the references to all tables
 * @param onTables told how many tables are done; what it returns is awaited
 * @returns problems by the sector of their table
 * @throws UserError, Cancelled
 */
export async function walkL2Tables(
  walk: ClaimWalk,
  onTables: (done: number, total: number) => Promise<void>,
): Promise<TableProblems> {
  const { image, references } = walk
  const problems: TableProblems = new Map()
  const total = references.groupCount
  await onTables(0, total)
  // Refcount blocks stand beside tables more often than not, and cost next to nothing then.
  const wanted = inFileOrder(tablesInFile(walk), walk.stored.blocksToKeep())
  let done = 0
  for await (const { spans, readings } of readInTurn(image.disk, wanted)) {
    for (const [index, span] of spans.entries()) {
      const reading = readings[index]!
      if (!('group' in span)) {
        walk.stored.keep(span, reading)
        continue
      }
      const { buffer, byteOffset } = bytesOf(reading)
      walk.budget.spend(span.length)
      walkL2Table(walk, span.group, new DataView(buffer, byteOffset, span.length), problems)
      done = span.group + 1
    }
    await onTables(done, total)
  }
  for (let group = firstAbsent(walk); group < total; group++) {
    walkL2Table(walk, group, undefined, problems)
    if (group % ABSENT_TABLES === 0) await onTables(group, total)
  }
  await onTables(total, total)
  return problems
}

/** Where a table is. */
interface TableSpan extends Span {
  /** The group of its references. */
  readonly group: number
}

/** Those that begin within the file. */
function* tablesInFile(walk: ClaimWalk): Generator<TableSpan> {
  const { references, image } = walk
  const end = firstAbsent(walk)
  for (let group = 0; group < end; group++)
    yield { offset: references.groupSector(group) * 512, length: image.clusterSize, group }
}

/** The first table past the end of the file, where there is nothing but unused entries; they come last of all. */
const firstAbsent = ({ references, image }: ClaimWalk): number =>
  references.firstFrom(Math.ceil(image.disk.size / 512))

/**
 * Claims of one table and of what it maps.
 * @param table undefined for one past the end of the file
 * @param problems what is wrong with it is put there
 */
export function walkL2Table(
  walk: ClaimWalk,
  group: number,
  table: DataView | undefined,
  problems: TableProblems,
): void {
  const { length } = walk.findings.problems
  const data = claimTable(walk, group)
  if (table) new TableWalk(walk, group, data, table).run()
  const found = walk.findings.problems
  if (found.length > length) problems.set(walk.references.groupSector(group), found.slice(length))
}

/**
 * Claims the table's own clusters, once for each kind of reference to it.
 * @returns the source of what the table maps
 */
function claimTable(walk: ClaimWalk, group: number): number {
  const { references, sources, image } = walk
  const sector = references.groupSector(group)
  let copied = 0
  let notCopied = 0
  let inactive = 0
  for (let nth = 0; nth < references.groupSize(group); nth++) {
    const member = references.member(group, nth)
    if (references.snapshot(member) >= 0) inactive++
    else if (references.isCopied(member)) copied++
    else notCopied++
  }
  const { clusterSize } = image
  const unaligned = sector % (clusterSize / 512) !== 0
  const claim = (source: number, owner: OwnerCode, state: CopiedStateCode) => {
    // QEMU does not look for COPIED at offset 0, which its driver reads as "no table".
    const flag = sector === 0 ? CopiedState.none : state
    walk.region(BigInt(sector) * 512n, BigInt(clusterSize), source, owner, flag)
  }
  const data = sources.addReferences(sector, copied + notCopied, inactive)
  const all = copied + notCopied + inactive
  const sourceOf = (active: number, snapshots: number) =>
    active + snapshots === all ? data : sources.addReferences(sector, active, snapshots)
  if (copied) claim(sourceOf(copied, 0), Owner.activeL2, CopiedState.copied)
  if (notCopied) claim(sourceOf(notCopied, 0), Owner.activeL2, CopiedState.notCopied)
  if (inactive) claim(sourceOf(0, inactive), Owner.inactiveL2, CopiedState.none)
  if (unaligned)
    walk.findings.corruption(
      () => `ERROR l2_offset=${hex(BigInt(sector) * 512n)}: Table is not cluster aligned; L1 entry corrupted`,
      BigInt(sector) * 512n,
      all,
    )
  return data
}

/** One table's entries. Entries in a row that map clusters in a row become one claim. */
class TableWalk {
  readonly #walk: ClaimWalk
  readonly #cursor: L2Cursor
  readonly #source: number
  readonly #references: number
  readonly #active: number
  readonly #sectorsPerCluster: number
  readonly #fileClusters: number
  readonly #dataFile: boolean
  readonly #extended: boolean
  /** Whether COPIED means something: it does in active tables only. */
  readonly #flagged: boolean
  #runStart = 0
  #runLength = 0
  #runOwner: OwnerCode = Owner.free
  #runCopied: CopiedStateCode = CopiedState.none
  /** Where the next cluster would be if the guest's data were in order (sector); 0 for not yet known. */
  #nextSector = 0

  constructor(walk: ClaimWalk, group: number, source: number, table: DataView) {
    this.#walk = walk
    this.#cursor = new L2Cursor(walk.image, table)
    this.#source = source
    this.#references = walk.referencesOf(source)
    this.#active = walk.sources.active[source]!
    this.#sectorsPerCluster = walk.image.clusterSize / 512
    this.#fileClusters = Math.ceil(walk.image.disk.size / walk.image.clusterSize)
    this.#dataFile = hasDataFile(walk.image)
    this.#extended = hasExtendedL2(walk.image)
    const sector = walk.references.groupSector(group)
    // QEMU looks for COPIED in a table only if it gets at the table's own refcount.
    this.#flagged =
      this.#active > 0 && sector !== 0 && walk.stored.isReadable(Math.floor(sector / this.#sectorsPerCluster))
  }

  run(): void {
    const cursor = this.#cursor
    for (let i = cursor.nextUsed(0); i < cursor.length; i = cursor.nextUsed(i + 1)) {
      if (!cursor.read(i)) continue
      if (cursor.reserved)
        this.#corrupt(i, entry => `ERROR found l2 entry with reserved bits set: ${hex(entry)}`)
      switch (cursor.kind) {
        case ClusterKind.unallocated:
          if (this.#extended && cursor.allocated !== 0)
            this.#corrupt(i, () => 'ERROR: Unallocated cluster has non-zero subcluster allocation map')
          break
        case ClusterKind.zeroPlain:
          break
        case ClusterKind.compressed:
          this.#compressed(i)
          break
        default:
          this.#standard(i)
          i += this.#following(i)
      }
    }
    this.#flush()
  }

  /**
   * Takes in the entries behind one that say the same of the clusters behind its own, as a disk written in order has them.
   * @returns how many there are
   */
  #following(index: number): number {
    const cursor = this.#cursor
    const end = this.#runStart + this.#runLength
    if (this.#runLength === 0 || cursor.reserved || !cursor.aligned || this.#extended || this.#dataFile)
      return 0
    const count = cursor.following(index, this.#fileClusters - end)
    this.#runLength += count
    this.#nextSector += count * this.#sectorsPerCluster
    this.#walk.stats.allocatedClusters += count * this.#active
    return count
  }

  #standard(index: number): void {
    const cursor = this.#cursor
    if (this.#extended && (cursor.allocated & cursor.zero) !== 0)
      this.#corrupt(
        index,
        () =>
          `ERROR offset=${hex(BigInt(cursor.sector) * 512n)}: ` +
          'Allocated cluster has corrupted subcluster allocation bitmap',
      )
    const owner = cursor.holdsData ? Owner.guestData : Owner.zeroData
    const copied = !this.#flagged
      ? CopiedState.none
      : cursor.copied
        ? CopiedState.copied
        : CopiedState.notCopied
    if (this.#dataFile && copied === CopiedState.notCopied)
      this.#corrupt(
        index,
        entry => `ERROR OFLAG_COPIED data cluster: l2_entry=${hex(entry)} refcount=1`,
        this.#active,
      )
    if (!cursor.aligned) this.#reportUnaligned(index)
    this.#countAllocated()
    if (this.#dataFile) return
    const cluster = Math.floor(cursor.sector / this.#sectorsPerCluster)
    if (!cursor.aligned) return this.#unaligned(cluster, owner, copied)
    if (cluster >= this.#fileClusters)
      this.#walk.exceedsEnd(
        BigInt(cursor.sector) * 512n,
        BigInt(this.#walk.image.clusterSize),
        this.#references,
      )
    const follows =
      this.#runLength > 0 &&
      cluster === this.#runStart + this.#runLength &&
      owner === this.#runOwner &&
      copied === this.#runCopied &&
      cluster !== this.#fileClusters
    if (follows) this.#runLength++
    else {
      this.#flush()
      this.#runStart = cluster
      this.#runLength = 1
      this.#runOwner = owner
      this.#runCopied = copied
    }
  }

  #reportUnaligned(index: number): void {
    const { sector, holdsData } = this.#cursor
    this.#corrupt(
      index,
      () =>
        `ERROR offset=${hex(BigInt(sector) * 512n)}: ${holdsData ? 'Data' : 'Preallocated'} cluster is not properly aligned; ` +
        'L2 entry corrupted.',
    )
  }

  /** An unaligned cluster lies in two; QEMU looks up COPIED for the first. */
  #unaligned(cluster: number, owner: OwnerCode, copied: CopiedStateCode): void {
    const offset = this.#cursor.sector * 512
    const { claims, image } = this.#walk
    const counted = offset + image.clusterSize - image.disk.size < image.clusterSize
    if (!counted) this.#walk.exceedsEnd(BigInt(offset), BigInt(image.clusterSize), this.#references)
    claims.add(cluster, 1, this.#source, owner, copied, counted)
    claims.add(cluster + 1, 1, this.#source, owner, CopiedState.none, counted)
  }

  #compressed(index: number): void {
    const cursor = this.#cursor
    const { claims, image, stats } = this.#walk
    if (cursor.copied)
      this.#corrupt(index, entry => {
        const coffset = entry & ((1n << BigInt(62 - (image.header.clusterBits - 8))) - 1n)
        return `ERROR: coffset=0x${hex(coffset)}: copied flag must never be set for compressed clusters`
      })
    if (this.#dataFile)
      return this.#corrupt(
        index,
        entry => `ERROR compressed cluster ${index} with data file, entry=0x${hex(entry & ~COPIED_FLAG)}`,
      )
    if (this.#extended && (cursor.allocated !== 0 || cursor.zero !== 0))
      return this.#corrupt(
        index,
        entry =>
          `ERROR compressed cluster ${index} with non-zero subcluster allocation bitmap, entry=0x${hex(entry & ~COPIED_FLAG)}`,
      )
    const endSector = cursor.sector + cursor.sectors
    const first = Math.floor(cursor.sector / this.#sectorsPerCluster)
    const last = Math.floor((endSector - 1) / this.#sectorsPerCluster)
    const counted = endSector * 512 - image.disk.size < image.clusterSize
    if (!counted)
      this.#walk.exceedsEnd(
        BigInt(cursor.sector) * 512n + BigInt(cursor.byteInSector),
        BigInt(cursor.sectors * 512 - cursor.byteInSector),
        this.#references,
      )
    claims.add(first, last - first + 1, this.#source, Owner.compressedData, CopiedState.none, counted)
    stats.allocatedClusters += this.#active
    stats.compressedClusters += this.#active
    stats.fragmentedClusters += this.#active
  }

  #countAllocated(): void {
    const { sector } = this.#cursor
    const { stats } = this.#walk
    stats.allocatedClusters += this.#active
    if (this.#nextSector !== 0 && sector !== this.#nextSector) stats.fragmentedClusters += this.#active
    this.#nextSector = sector + this.#sectorsPerCluster
  }

  #flush(): void {
    if (this.#runLength > 0)
      this.#walk.claims.add(
        this.#runStart,
        this.#runLength,
        this.#source,
        this.#runOwner,
        this.#runCopied,
        this.#runStart < this.#fileClusters,
      )
    this.#runLength = 0
  }

  #corrupt(index: number, words: (entry: bigint) => string, times = this.#references): void {
    this.#walk.findings.corruption(() => words(this.#cursor.entry(index)), undefined, times)
  }
}
