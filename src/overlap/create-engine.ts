/** Making a metadata list when an image is opened, or saying why it cannot be made. */
import type { EngineListener, EngineOptions } from './engine.ts'
import { BITMAP_BYTES, LIST_BYTES, SLOT_BYTES, WINDOW_BYTES } from './list-books.ts'
import { MetadataList } from './metadata-list.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'

const SECTOR = 512

/** The limit leaves no room for the list. The message is the series' own. */
export class ListCreationError extends Error {
  override readonly name = 'ListCreationError'
  /** Bytes that all of the list needs before anything is recorded: the lowest limit that makes it. */
  readonly needed: number
  /** The part that was refused, bytes. */
  readonly asked: number
  /** memUsage that left no room for it. */
  readonly memUsage: number

  constructor(message: string, needed: number, asked: number, memUsage: number) {
    super(message)
    this.needed = needed
    this.asked = asked
    this.memUsage = memUsage
  }
}

/** Windows of the array that is made for a file of this many bytes. */
export function windowsOfFile(fileSize: number, clusterBits: number): number {
  const sectorsPerWindow = (2 ** clusterBits / SECTOR) * WINDOW_CLUSTERS
  return Math.ceil(Math.ceil(fileSize / SECTOR) / sectorsPerWindow)
}

/** Slots of the bitmap cache: option bitmap-size in whole bitmaps, but at least one. */
export const slotsOfCache = (bitmapSize: bigint): number =>
  Math.max(1, Number(bitmapSize / BigInt(BITMAP_BYTES)))

/**
 * @returns the list, or undefined when no type is checked: then there is none, and nothing is guarded
 * @throws ListCreationError when the limit leaves no room for it; the image then does not open
 */
export function createEngine(options: EngineOptions, listener?: EngineListener): MetadataList | undefined {
  if (options.checkedTypes === 0) return undefined
  const limit = options.totalSizeLimit === undefined ? Infinity : Number(options.totalSizeLimit)
  const windowCount = windowsOfFile(options.fileSize, options.clusterBits)
  const slotCount = slotsOfCache(options.bitmapSize)
  const parts = [
    [LIST_BYTES, 'Cannot allocate metadata list'],
    [WINDOW_BYTES * windowCount, 'Cannot allocate metadata overlap check windows'],
    [SLOT_BYTES * slotCount, 'Cannot allocate metadata overlap cache pointers'],
  ] as const
  const needed = parts.reduce((sum, [bytes]) => sum + bytes, 0)
  let memUsage = 0
  for (const [asked, message] of parts) {
    if (memUsage + asked > limit) throw new ListCreationError(message, needed, asked, memUsage)
    memUsage += asked
  }
  return new MetadataList(
    { version: options.version, checkedTypes: options.checkedTypes, windowCount, slotCount, limit },
    listener,
  )
}
