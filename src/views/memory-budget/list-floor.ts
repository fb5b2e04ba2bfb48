/**
 * What the metadata list takes before anything is recorded: itself, a window for every 4096 clusters, the
 * slots. Sizes are the original's on x86-64 (QEMU, the 2015 series, block/qcow2-overlap.c).
 */
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import type { ImageSummary, RunOptions } from '../../simulation/report.ts'
import { slotsOf } from '../options/slots.ts'

export const LIST_BYTES = 56
export const WINDOW_BYTES = 32
export const SLOT_BYTES = 4
export const BITMAP_BYTES = 4096

export interface ListFloor {
  readonly windowCount: number
  readonly slotCount: number
  /** Bytes: with a limit below this the image does not open. */
  readonly bytes: number
}

export function listFloor(
  image: Pick<ImageSummary, 'fileSize' | 'clusterSize'>,
  options: Pick<RunOptions, 'bitmapSize'>,
): ListFloor {
  const fileBytes = Math.ceil(image.fileSize / 512) * 512
  const windowCount = Math.ceil(fileBytes / (image.clusterSize * WINDOW_CLUSTERS))
  const slotCount = Number(slotsOf(options.bitmapSize))
  return { windowCount, slotCount, bytes: LIST_BYTES + WINDOW_BYTES * windowCount + SLOT_BYTES * slotCount }
}
