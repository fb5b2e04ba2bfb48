import type { Bytes } from '../lib/units.ts'
import { type CacheOptions, CachedSource } from './cached-source.ts'
import { unreadableSlice, wholeSlice } from './blob-slices.ts'

/** What is needed of a Blob or File. */
export interface BlobLike {
  readonly size: number
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> }
}

/** An uploaded file, read by ranges only. */
export class BlobSource extends CachedSource {
  constructor(blob: BlobLike, options: CacheOptions = {}) {
    super(blob.size, (offset, length) => readSlice(blob, offset, length), options)
  }
}

async function readSlice(blob: BlobLike, offset: Bytes, length: Bytes): Promise<Uint8Array> {
  let buffer: ArrayBuffer
  try {
    buffer = await blob.slice(offset, offset + length).arrayBuffer()
  } catch (error) {
    throw unreadableSlice(error, offset)
  }
  return wholeSlice(buffer, offset, length)
}
