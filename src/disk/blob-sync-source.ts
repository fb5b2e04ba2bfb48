import type { Bytes } from '../lib/units.ts'
import { CachedSyncSource } from './cached-sync-source.ts'
import { DiskError } from './disk-error.ts'

/** What is needed of a Blob or File. */
interface Slices<Slice> {
  readonly size: number
  slice(start: number, end: number): Slice
}

/** What is needed of a worker's FileReaderSync. */
interface SliceReader<Slice> {
  readAsArrayBuffer(slice: Slice): ArrayBuffer
}

const ADVICE = 'It may have been changed or removed since it was chosen. Choose it again.'

/** An uploaded file, read at once by ranges; only workers can. */
export class BlobSyncSource<Slice> extends CachedSyncSource {
  constructor(blob: Slices<Slice>, reader: SliceReader<Slice>) {
    super(blob.size, (offset, length) => readSlice(blob, reader, offset, length))
  }
}

function readSlice<Slice>(
  blob: Slices<Slice>,
  reader: SliceReader<Slice>,
  offset: Bytes,
  length: Bytes,
): Uint8Array {
  let buffer: ArrayBuffer
  try {
    buffer = reader.readAsArrayBuffer(blob.slice(offset, offset + length))
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
