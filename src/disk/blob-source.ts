import type { Bytes } from '../lib/units.ts'
import { type CacheOptions, CachedSource } from './cached-source.ts'
import { DiskError } from './disk-error.ts'

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
    const reason = error instanceof Error ? error.message : String(error)
    throw new DiskError(`The file could not be read: ${reason}`, { offset: BigInt(offset), advice: ADVICE })
  }
  if (buffer.byteLength !== length)
    throw new DiskError(`The file ended early: ${buffer.byteLength} of ${length} bytes were there`, {
      offset: BigInt(offset),
      advice: ADVICE,
    })
  return new Uint8Array(buffer)
}

const ADVICE = 'It may have been changed or removed since it was chosen. Choose it again.'
