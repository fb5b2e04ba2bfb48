import type { ImagePlan } from './image-plan.ts'
import { firstSegmentEndingAfter, SegmentKind } from './segments.ts'

/** Refcount block number `block`. @param bytes zeros, one cluster long */
export function writeRefcountBlock(plan: ImagePlan, block: number, bytes: Uint8Array): void {
  const { segments, geometry, snapshots, l2Tables } = plan
  const { refcountsPerBlock, refcountBits } = geometry
  const first = block * refcountsPerBlock
  const end = first + refcountsPerBlock
  for (let i = firstSegmentEndingAfter(segments, first); i < segments.count; i++) {
    const start = segments.start[i] ?? 0
    if (start >= end) return
    const from = Math.max(first, start)
    const to = Math.min(end, start + (segments.length[i] ?? 0))
    const arg = segments.arg[i] ?? 0
    const fill = (cluster: number, count: number, refcount: number): void =>
      fillRefcounts(bytes, refcountBits, cluster - first, count, refcount)
    switch (segments.kind[i]) {
      case SegmentKind.data:
        fill(from, to - from, snapshots.length + 1 - arg)
        break
      case SegmentKind.l2Table:
        for (let cluster = from; cluster < to; cluster++)
          fill(cluster, 1, l2Tables.refcount(arg + cluster - start))
        break
      case SegmentKind.preallocated:
        if (snapshots.length === 0) fill(from, to - from, 1)
        else
          for (let cluster = from; cluster < to; cluster++)
            fill(cluster, 1, preallocatedRefcount(plan, arg + cluster - start))
        break
      default:
        fill(from, to - from, 1)
    }
  }
}

/** It belongs to every snapshot up to the write, if there is one, that went elsewhere because they share it. */
function preallocatedRefcount({ snapshots, order }: ImagePlan, guest: number): number {
  const time = order.timeOf(guest)
  if (time < 0 || time < (snapshots[0]?.time ?? 0)) return snapshots.length + 1
  return snapshots.filter(snapshot => snapshot.time <= time).length
}

/**
 * Sets the same refcount many times. Wide refcounts are big-endian; narrow ones are packed from the least
 * significant bit of each byte upwards.
 * @param refcount below 2^32, and no wider than `bits`
 */
function fillRefcounts(
  bytes: Uint8Array,
  bits: number,
  index: number,
  count: number,
  refcount: number,
): void {
  if (bits < 8) {
    for (let bit = index * bits; bit < (index + count) * bits; bit += bits)
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (refcount << (bit & 7))
    return
  }
  const width = bits / 8
  const start = index * width
  const end = start + count * width
  let rest = refcount
  for (let at = start + width - 1; at >= start; at--) {
    bytes[at] = rest % 256
    rest = Math.floor(rest / 256)
  }
  // The first is there; each copy doubles what is.
  for (let done = start + width; done < end; done += done - start)
    bytes.copyWithin(done, start, Math.min(done, start + end - done))
}
