/** Stretches of the guest's disk, and writes within them. */
import type { GuestOffset } from '../../lib/units.ts'

const SECTOR = 512n

/** A part of the disk in blocks of one size. */
export interface Area {
  readonly start: GuestOffset
  /** Bytes a block. */
  readonly block: bigint
  /** At least 1. */
  readonly blocks: number
}

/**
 * The part of a disk between two shares of it, in whole blocks; of disks that are smaller than a block, all.
 * @param block bytes, a multiple of 512
 * @returns undefined for a disk without a sector
 */
export function areaOf(diskSize: bigint, from: number, to: number, block: number): Area | undefined {
  const sectors = diskSize / SECTOR
  if (sectors === 0n) return undefined
  const unit = BigInt(block) < sectors * SECTOR ? BigInt(block) : sectors * SECTOR
  const all = Number((sectors * SECTOR) / unit)
  const first = Math.min(Math.floor(all * from), all - 1)
  const blocks = Math.max(1, Math.floor(all * to) - first)
  return { start: BigInt(first) * unit, block: unit, blocks }
}

/**
 * A write of whole blocks of an area, cut where the area ends.
 * @param place the first block, counted from 0
 * @param number the write's own: its pattern tells it from others
 */
export function writeLine(
  { start, block, blocks }: Area,
  place: number,
  count: number,
  number: number,
): string {
  const length = BigInt(Math.min(count, blocks - place)) * block
  // Never 0, which a reader could not tell from what was not written.
  return `write -P ${1 + (number % 255)} ${start + BigInt(place) * block} ${length}`
}
