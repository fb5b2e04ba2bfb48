/**
 * Where a write goes (QEMU: qcow2_alloc_host_offset, handle_copied, handle_alloc): a chunk of it that lies in one
 * piece in the file, made of clusters that are in place and of new ones.
 */
import type { Bytes } from '../lib/units.ts'
import { allocateClusters, allocateClustersAt } from './allocator.ts'
import { checkOverlap, damaged } from './corruption.ts'
import { Causes } from './cause.ts'
import { type CopyRegion, copiedTail, copiedHead } from './copy-region.ts'
import type { Driver } from './driver.ts'
import { entriesLeftInSlice, type L2Place, useL2 } from './l2.ts'
import { dataOffsetOf, isInPlace, type L2Entry, readEntry } from './l2-entry.ts'

/** Clusters whose entries are to be set once their data are written (QEMU: QCowL2Meta). */
export interface Link {
  /** Where the first of the clusters is, in the guest's disk and in the file. */
  readonly guest: Bytes
  readonly host: Bytes
  readonly clusters: number
  /** They were in place before: nothing is freed. */
  readonly keepsOld: boolean
  /** Parts of the first and the last cluster that are filled from what was there. */
  readonly head: CopyRegion
  readonly tail: CopyRegion
}

export interface Chunk {
  readonly host: Bytes
  readonly length: Bytes
  /** The newest first, as they are linked. */
  readonly links: readonly Link[]
}

/** A stretch that was found or made; undefined: nothing that goes on where the chunk ends. */
type Piece = { readonly host: Bytes; readonly length: Bytes; readonly link: Link | undefined } | undefined

/** @param length bytes to write from `guest` on, not 0. @throws DriverError */
export function mapWrite(driver: Driver, guest: Bytes, length: Bytes): Chunk {
  const links: Link[] = []
  let host = 0
  let done = 0
  while (done < length) {
    const wanted = done === 0 ? 0 : host + done
    const request = { guest: guest + done, length: length - done, wanted }
    const piece = takeInPlace(driver, request) ?? allocate(driver, request)
    if (piece === 'elsewhere' || piece === undefined) break
    if (done === 0) host = piece.host
    if (piece.link) links.unshift(piece.link)
    done += piece.length
  }
  return { host, length: done, links }
}

interface Request {
  readonly guest: Bytes
  readonly length: Bytes
  /** Host offset that continues the chunk; 0: any will do. */
  readonly wanted: Bytes
}

/** @returns how many entries of the request are looked at in one go */
function clustersOf(driver: Driver, { guest, length }: Request): number {
  const { clusterSize } = driver.geometry
  const wanted = Math.ceil(((guest % clusterSize) + length) / clusterSize)
  return Math.min(wanted, entriesLeftInSlice(driver, guest))
}

/** Clusters in a row that are there and nobody shares. @returns undefined where the first is not of that kind */
function takeInPlace(driver: Driver, request: Request): Piece | 'elsewhere' {
  const { clusterSize } = driver.geometry
  const { guest, wanted } = request
  const count = clustersOf(driver, request)
  return useL2(driver, guest, place => {
    const first = readEntry(driver, place)
    if (!isInPlace(driver, first)) return undefined
    const offset = dataOffsetOf(first)
    if (offset % clusterSize !== 0)
      throw damaged(driver, `Data cluster offset 0x${offset.toString(16)} unaligned`)
    if (wanted !== 0 && offset !== wanted) return 'elsewhere'
    let kept = 1
    while (kept < count && continues(driver, readEntry(driver, place, kept), offset + kept * clusterSize))
      kept++
    return pieceOf(driver, request, place, { host: offset, clusters: kept, keepsOld: true })
  })
}

const continues = (driver: Driver, entry: L2Entry, offset: Bytes): boolean =>
  isInPlace(driver, entry) && dataOffsetOf(entry) === offset

/** New clusters for entries in a row that need some. @returns undefined where the wanted place is taken */
function allocate(driver: Driver, request: Request): Piece {
  const { clusterSize } = driver.geometry
  const { guest, wanted } = request
  const most = clustersOf(driver, request)
  const run = useL2(driver, guest, place => {
    let count = 1
    while (count < most && !isInPlace(driver, readEntry(driver, place, count))) count++
    return count
  })
  let host = wanted
  let clusters = run
  if (wanted === 0) {
    host = allocateClusters(driver, run) * clusterSize
    // Cluster 0 is the header's. Only a damaged image has it free, and the check says so.
    if (host === 0) {
      checkOverlap(driver, 0, 0, run * clusterSize, Causes.guestData)
      throw damaged(driver, 'Preventing invalid allocation of data cluster at offset 0')
    }
  } else clusters = allocateClustersAt(driver, wanted / clusterSize, run)
  if (clusters === 0) return undefined
  return useL2(driver, guest, place => pieceOf(driver, request, place, { host, clusters, keepsOld: false }))
}

function pieceOf(
  driver: Driver,
  { guest, length }: Request,
  place: L2Place,
  { host, clusters, keepsOld }: { host: Bytes; clusters: number; keepsOld: boolean },
): NonNullable<Piece> {
  const { clusterSize } = driver.geometry
  const from = guest % clusterSize
  const taken = Math.min(length, clusters * clusterSize - from)
  const first = readEntry(driver, place)
  const last = readEntry(driver, place, Math.ceil((from + taken) / clusterSize) - 1)
  const head = copiedHead(driver, first, from, keepsOld)
  const tail = copiedTail(driver, last, from + taken, keepsOld)
  const isPlain = keepsOld && allHaveData(driver, place, from, taken)
  const link = isPlain ? undefined : { guest: guest - from, host, clusters, keepsOld, head, tail }
  return { host: host + from, length: taken, link }
}

/** Whether every part of clusters in place that is written has data already: then no entry changes. */
function allHaveData(driver: Driver, place: L2Place, from: Bytes, length: Bytes): boolean {
  const { clusterSize, extendedL2 } = driver.geometry
  const clusters = Math.ceil((from + length) / clusterSize)
  for (let step = 0; step < clusters; step++) {
    const entry = readEntry(driver, place, step)
    if (!extendedL2) {
      if (entry.low & 1) return false
      continue
    }
    const size = clusterSize / 32
    const first = step === 0 ? Math.floor(from / size) : 0
    const last = step === clusters - 1 ? Math.floor((from + length - 1 - step * clusterSize) / size) : 31
    for (let subcluster = first; subcluster <= last; subcluster++)
      if (((entry.allocatedBits >>> subcluster) & 1) === 0) return false
  }
  return true
}
