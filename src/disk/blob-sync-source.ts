import type { Bytes } from '../lib/units.ts'
import { CachedSyncSource } from './cached-sync-source.ts'
import { unreadableSlice, wholeSlice } from './blob-slices.ts'

/** What is needed of a Blob or File. */
interface Slices<Slice> {
  readonly size: number
  slice(start: number, end: number): Slice
}

/** What is needed of a worker's FileReaderSync. */
interface SliceReader<Slice> {
  readAsArrayBuffer(slice: Slice): ArrayBuffer
}

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
    throw unreadableSlice(error, offset)
  }
  return wholeSlice(buffer, offset, length)
}
