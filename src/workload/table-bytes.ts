/** The entries of a synthetic image's tables, worked out from its plan and written cluster by cluster. */
import type { ClusterIndex } from '../lib/units.ts'
import { ENTRY_SIZE } from './geometry.ts'
import type { ImagePlan } from './image-plan.ts'

/** The COPIED flag in the upper half of an entry. */
const COPIED_HIGH = 0x80000000

/**
 * Writes the entries of `count` consecutive host clusters, `step` entries apart. The two halves of an offset are
 * counted up apart: bigints, and remainders of large numbers, would be ten times slower.
 */
function setEntries(
  view: DataView,
  index: number,
  step: number,
  cluster: ClusterIndex,
  count: number,
  clusterBits: number,
  copied: boolean,
): void {
  const clusterSize = 2 ** clusterBits
  const offset = cluster * clusterSize
  const upper = Math.floor(offset / 2 ** 32)
  let high = upper + (copied ? COPIED_HIGH : 0)
  let low = offset - upper * 2 ** 32
  const end = (index + count * step) * ENTRY_SIZE
  for (let at = index * ENTRY_SIZE; at < end; at += step * ENTRY_SIZE) {
    view.setUint32(at, high)
    view.setUint32(at + 4, low)
    low += clusterSize
    if (low >= 2 ** 32) {
      low -= 2 ** 32
      high++
    }
  }
}

/** Cluster `part` of the refcount table. @param view zeros, one cluster long */
export function writeRefcountTable(plan: ImagePlan, part: number, view: DataView): void {
  const { clusterSize, clusterBits } = plan.geometry
  const perCluster = clusterSize / ENTRY_SIZE
  for (let index = 0; index < perCluster; index++) {
    const block = plan.refcountBlocks.at(part * perCluster + index)
    if (block) setEntries(view, index, 1, block, 1, clusterBits, false)
  }
}

/**
 * Cluster `part` of an L1 table.
 * @param snapshot whose (from 0); undefined for the active one
 * @param view zeros, one cluster long
 */
export function writeL1Table(
  plan: ImagePlan,
  snapshot: number | undefined,
  part: number,
  view: DataView,
): void {
  const { clusterSize, clusterBits, l1Entries } = plan.geometry
  const { l2Tables } = plan
  const first = part * (clusterSize / ENTRY_SIZE)
  const count = Math.min(clusterSize / ENTRY_SIZE, l1Entries - first)
  for (let index = 0; index < count; index++) {
    const table =
      snapshot === undefined ? l2Tables.active(first + index) : l2Tables.inSnapshot(first + index, snapshot)
    if (table < 0) continue
    // A snapshot's copy is written before the flags are cleared: it keeps them as they stood.
    const copied =
      snapshot === undefined ? l2Tables.refcount(table) === 1 : l2Tables.madeIn(table) === snapshot
    setEntries(view, index, 1, l2Tables.host(table), 1, clusterBits, copied)
  }
}

/** An L2 table. @param view zeros, one cluster long */
export function writeL2Table(plan: ImagePlan, table: number, view: DataView): void {
  const { l2Tables, order, snapshots, writes, preallocated, geometry } = plan
  const { l2Entries, guestClusters, clusterBits } = geometry
  const l1Index = l2Tables.l1Index(table)
  const first = l1Index * l2Entries
  preallocated.visit(first, Math.min(l2Entries, guestClusters - first), (guest, host, count) => {
    setEntries(view, guest - first, 1, host, count, clusterBits, snapshots.length === 0)
  })
  // What the last snapshot holds is shared; what was written since is not.
  const sharedUntil = snapshots.at(-1)?.time ?? 0
  const replacedIn = l2Tables.replacedIn(table)
  const end = replacedIn === undefined ? order.count : (snapshots[replacedIn - 1]?.time ?? 0)
  const { step } = order
  order.writesTo(l1Index, end, (index, time, count) => {
    writes.visit(time, count, (from, host, length) => {
      const own = Math.max(0, Math.min(length, from + length - sharedUntil))
      const shared = length - own
      const at = index + (from - time) * step
      if (shared > 0) setEntries(view, at, step, host, shared, clusterBits, false)
      if (own > 0) setEntries(view, at + shared * step, step, host + shared, own, clusterBits, true)
    })
  })
}
