/** The image as a file to be saved: what was not changed is taken from the file it came from, and zeros are shared. */
import type { Overlay } from '../disk/overlay.ts'
import { type CancelSignal, throwIfCancelled } from '../lib/cancel.ts'
import { formatBytes } from '../lib/sizes.ts'
import { UserError } from '../lib/user-error.ts'

const PIECE_BYTES = 2 ** 20
/** How much that is neither zeros nor in the file may be gathered. */
const MAX_GATHERED_BYTES = 2 ** 31

export interface BlobHooks {
  readonly signal?: CancelSignal
  /** Bytes of the image; what it returns is awaited. */
  readonly onProgress?: (done: number, total: number) => void | Promise<void>
}

/**
 * @param file what lies below the overlay, if it is a file: then only changes are read
 * @throws UserError if there is too much to gather
 * @throws Cancelled, DiskError
 */
export async function imageBlob(
  disk: Overlay,
  file: Blob | undefined,
  { signal, onProgress }: BlobHooks = {},
): Promise<Blob> {
  const parts: Blob[] = []
  const zeros = new Blob([new Uint8Array(PIECE_BYTES)])
  let gathered = 0
  const addZeros = (length: number) => {
    for (let left = length; left > 0; left -= PIECE_BYTES)
      parts.push(zeros.slice(0, Math.min(left, PIECE_BYTES)))
  }
  const gather = async (from: number, to: number) => {
    for (let at = from; at < to; at += PIECE_BYTES) {
      const bytes = disk.readSync(at, Math.min(PIECE_BYTES, to - at))
      if (bytes.every(byte => byte === 0)) addZeros(bytes.length)
      else {
        gathered += bytes.length
        if (gathered > MAX_GATHERED_BYTES)
          throw new UserError(`More than ${formatBytes(MAX_GATHERED_BYTES)} would have to be gathered`, {
            advice: 'Make the image headless instead: overlapscope create, then run -c … --save.',
          })
        parts.push(new Blob([bytes as Uint8Array<ArrayBuffer>]))
      }
      throwIfCancelled(signal)
      await onProgress?.(at, disk.size)
    }
  }
  let at = 0
  const keep = (to: number) => {
    const inFile = Math.min(to, disk.visibleEnd)
    if (file && inFile > at) parts.push(file.slice(at, inFile))
    addZeros(to - Math.max(at, inFile))
    at = to
  }
  if (!file) await gather(0, disk.size)
  else {
    for (const { offset, length } of disk.dirtyRanges()) {
      keep(offset)
      await gather(offset, offset + length)
      at = offset + length
    }
    keep(disk.size)
  }
  return new Blob(parts, { type: 'application/octet-stream' })
}
