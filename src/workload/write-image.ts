import type { Bytes } from '../lib/units.ts'
import type { SyntheticImage } from './synthetic-image.ts'

/** A file being written: new, so all of it reads as zeros. */
export interface ImageSink {
  write(offset: Bytes, bytes: Uint8Array): Promise<void>
  /** Makes it so long. */
  setLength(size: Bytes): Promise<void>
}

/** What a file system keeps or leaves out as one. */
const PIECE = 4096

/**
 * Writes an image's metadata, and nothing else: the file is as long as the image, and guest data is left as holes,
 * which read as zeros. So a terabyte costs its tables; `qemu-img check` follows tables and asks for no data.
 * Stretches of metadata that are zero are left as holes too.
 */
export async function writeImage(image: SyntheticImage, sink: ImageSink): Promise<void> {
  for (const { offset, bytes } of image.metadata()) {
    for (let at = 0; at < bytes.length; ) {
      const from = skip(bytes, at, true)
      const to = skip(bytes, from, false)
      if (to > from) await sink.write(offset + from, bytes.subarray(from, to))
      at = to
    }
  }
  await sink.setLength(image.size)
}

/** @returns where, from `at` on, the pieces end that are zero, or those that are not */
function skip(bytes: Uint8Array, at: number, zero: boolean): number {
  let end = at
  while (end < bytes.length && bytes.subarray(end, end + PIECE).every(isZero) === zero) end += PIECE
  return Math.min(end, bytes.length)
}

const isZero = (byte: number): boolean => byte === 0
