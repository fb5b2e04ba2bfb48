import type { ClusterIndex } from '../lib/units.ts'
import { checkLimits, type Geometry, geometryOf } from './geometry.ts'
import { HostAllocator } from './host-allocator.ts'
import { HostRuns } from './host-runs.ts'
import type { ImagePlan, SnapshotPlace, SnapshotTablePlace } from './image-plan.ts'
import { L2Tables } from './l2-tables.ts'
import type { Recipe } from './recipe.ts'
import { SegmentKind, SegmentLog } from './segments.ts'
import { snapshotTableBytes } from './snapshot-table.ts'
import { type WriteOrder, writeCount, writeOrderOf } from './write-order.ts'

/** QEMU cuts a request to what an int holds. */
const INT_MAX = 2 ** 31 - 1

/**
 * Places every cluster where QEMU would put it, had the image been made by `qemu-img create`, then filled by
 * one-cluster writes in the recipe's order, each stretch between two snapshots (`qemu-img snapshot -c`) by one process.
 * @throws UserError when no such image can exist; what can be told beforehand is told before any work
 */
export function planImage(recipe: Recipe): ImagePlan {
  const planning = planInSteps(recipe)
  let step = planning.next()
  while (!step.done) step = planning.next()
  return step.value
}

/**
 * The same in steps of a few milliseconds, each of which tells how many writes were placed, of how many, so that
 * a worker can look at its messages in between.
 */
export function* planInSteps(recipe: Recipe): Generator<PlanProgress, ImagePlan, void> {
  const geometry = geometryOf(recipe)
  checkLimits(recipe, geometry, writeCount(recipe.fill, geometry))
  const planner = new ImagePlanner(recipe, geometry, writeOrderOf(recipe.fill, geometry, recipe.seed))
  return yield* planner.plan()
}

export interface PlanProgress {
  readonly done: number
  readonly total: number
}

/** Writes placed in one step. */
const STEP_WRITES = 1 << 16

class ImagePlanner {
  readonly #recipe: Recipe
  readonly #geometry: Geometry
  readonly #order: WriteOrder
  readonly #log = new SegmentLog()
  readonly #allocator: HostAllocator
  readonly #l2Tables: L2Tables
  readonly #writes = new HostRuns()
  readonly #preallocated = new HostRuns()
  readonly #snapshots: SnapshotPlace[] = []
  #snapshotTable: (SnapshotTablePlace & { readonly segment: number }) | undefined
  /** How many snapshots have been taken. */
  #epoch = 0

  constructor(recipe: Recipe, geometry: Geometry, order: WriteOrder) {
    this.#recipe = recipe
    this.#geometry = geometry
    this.#order = order
    this.#allocator = new HostAllocator(geometry, this.#log)
    this.#l2Tables = new L2Tables(geometry.l1Entries, recipe.snapshots.length)
  }

  *plan(): Generator<PlanProgress, ImagePlan, void> {
    const l1 = this.#allocator.allocate(this.#geometry.l1Clusters)
    this.#log.add(SegmentKind.activeL1, l1, this.#geometry.l1Clusters)
    if (this.#recipe.preallocation === 'metadata') this.#preallocateMetadata()
    if (this.#recipe.preallocation === 'falloc') this.#preallocateSpace()
    yield* this.#fill()
    return {
      recipe: this.#recipe,
      geometry: this.#geometry,
      order: this.#order,
      segments: this.#log.finish(),
      clusters: this.#allocator.end,
      refcountTable: this.#allocator.table,
      refcountBlocks: this.#allocator.blocks,
      l1,
      l2Tables: this.#l2Tables,
      writes: this.#writes,
      preallocated: this.#preallocated,
      snapshots: this.#snapshots,
      snapshotTable: this.#snapshotTable,
    }
  }

  *#fill(): Generator<PlanProgress, void, void> {
    let time = 0
    const inTurn = this.#recipe.snapshots.toSorted((a, b) => a.at - b.at)
    for (const { name, at } of inTurn) {
      const until = Math.round(at * this.#order.count)
      yield* this.#write(time, until)
      time = until
      this.#snapshot(name, time)
    }
    yield* this.#write(time, this.#order.count)
  }

  *#write(from: number, to: number): Generator<PlanProgress, void, void> {
    this.#allocator.reopen()
    // Until there is a snapshot, preallocated clusters are written in place.
    if (this.#recipe.preallocation !== 'off' && this.#epoch === 0) return
    for (let time = from; time < to; time += STEP_WRITES) {
      this.#writeStep(time, Math.min(to, time + STEP_WRITES))
      yield { done: time, total: this.#order.count }
    }
  }

  #writeStep(from: number, to: number): void {
    const { l2Entries } = this.#geometry
    this.#order.stretches(from, to, (guest, first, count) => {
      this.#ownL2Table(Math.floor(guest / l2Entries))
      let time = first
      this.#allocator.allocateSingly(count, (host, clusters) => {
        this.#writes.append(time, host, clusters)
        this.#log.add(SegmentKind.data, host, clusters, this.#epoch)
        time += clusters
      })
    })
  }

  /** The first write below an L1 entry makes its L2 table, and the first after a snapshot copies it. */
  #ownL2Table(l1Index: number): void {
    const table = this.#l2Tables.active(l1Index)
    if (table >= 0 && this.#l2Tables.madeIn(table) === this.#epoch) return
    const host = this.#allocator.allocate(1)
    this.#log.add(SegmentKind.l2Table, host, 1, this.#l2Tables.make(l1Index, host, this.#epoch))
  }

  #snapshot(name: string, time: number): void {
    const { clusterSize, l1Clusters } = this.#geometry
    this.#allocator.reopen()
    const l1 = this.#allocator.allocate(l1Clusters)
    this.#log.add(SegmentKind.snapshotL1, l1, l1Clusters, this.#epoch)
    this.#epoch++
    this.#snapshots.push({ name, time, l1 })
    const bytes = snapshotTableBytes(this.#snapshots, this.#geometry)
    const clusters = Math.ceil(bytes.length / clusterSize)
    const start = this.#allocator.allocate(clusters)
    const segment = this.#log.add(SegmentKind.snapshotTable, start, clusters)
    const old = this.#snapshotTable
    if (old) {
      this.#log.drop(old.segment)
      this.#allocator.release(old.start, Math.ceil(old.bytes.length / clusterSize))
    }
    this.#snapshotTable = { start, bytes, segment }
  }

  /** `preallocation=metadata`: as a guest would who writes the whole disk in requests as long as can be. */
  #preallocateMetadata(): void {
    const { guestClusters, clusterSize } = this.#geometry
    const longest = Math.floor(INT_MAX / clusterSize)
    for (let guest = 0; guest < guestClusters; )
      guest += this.#preallocateRequest(guest, Math.min(longest, guestClusters - guest))
  }

  /** QEMU: qcow2_alloc_host_offset. @returns how many clusters it got; fewer where they would not be consecutive */
  #preallocateRequest(first: number, count: number): number {
    const { l2Entries } = this.#geometry
    let host: ClusterIndex | undefined
    let done = 0
    while (done < count) {
      const guest = first + done
      const l1Index = Math.floor(guest / l2Entries)
      const wanted = Math.min(count - done, (l1Index + 1) * l2Entries - guest)
      this.#ownL2Table(l1Index)
      let got = wanted
      if (host === undefined) host = this.#allocator.allocate(wanted)
      else got = this.#allocator.allocateAt(host, wanted)
      if (got === 0) break
      this.#placePreallocated(guest, host, got)
      host += got
      done += got
    }
    return done
  }

  /** `preallocation=falloc`: refcounts, then all data in one piece, then the L2 tables. */
  #preallocateSpace(): void {
    const { guestClusters, l2Entries, l1Entries } = this.#geometry
    const tables = Math.ceil(guestClusters / l2Entries) + 1
    const start = this.#allocator.prepareArea(guestClusters + tables)
    this.#allocator.allocateAt(start, guestClusters)
    this.#placePreallocated(0, start, guestClusters)
    for (let l1Index = 0; l1Index < l1Entries; l1Index++) this.#ownL2Table(l1Index)
  }

  #placePreallocated(guest: number, host: ClusterIndex, count: number): void {
    this.#preallocated.append(guest, host, count)
    this.#log.add(SegmentKind.preallocated, host, count, guest)
  }
}
