/** Byte offsets as the engine's positions: a window and a cluster within it. */
import { type HostOffset, WINDOW_CLUSTERS, type WindowIndex } from '../lib/units.ts'

export interface Position {
  readonly window: WindowIndex
  /** Cluster within the window, 0 to 4095. */
  readonly index: number
  /** Whether the offset lies on a cluster boundary. */
  readonly aligned: boolean
}

const WINDOW_BITS = 12

/**
 * Where an offset below 2^63 lies. Both numbers are exact: with 512-byte clusters the window index is
 * below 2^(63 - 9 - 12).
 */
export function positionOf(offset: HostOffset, clusterBits: number): Position {
  const cluster = offset >> BigInt(clusterBits)
  return {
    window: Number(cluster >> BigInt(WINDOW_BITS)),
    index: Number(cluster & BigInt(WINDOW_CLUSTERS - 1)),
    aligned: (offset & ((1n << BigInt(clusterBits)) - 1n)) === 0n,
  }
}

/** The offset of a window's first byte. */
export const windowOffset = (window: WindowIndex, clusterBits: number): HostOffset =>
  BigInt(window) << BigInt(clusterBits + WINDOW_BITS)

/** How many clusters the bytes [offset, offset + size) touch; a size of 0 touches none on a boundary. */
export function clustersTouched(offset: HostOffset, size: bigint, clusterBits: number): number {
  const bits = BigInt(clusterBits)
  const last = (offset + size + (1n << bits) - 1n) >> bits
  return Number(last - (offset >> bits))
}
