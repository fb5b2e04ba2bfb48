import type { ByteSource } from '../disk/byte-source.ts'
import { type CancelSignal, throwIfCancelled } from '../lib/cancel.ts'
import type { Bytes, HostOffset } from '../lib/units.ts'

/** How much of a table is looked at in one go: the unit in which files are read and cached. */
export const PIECE_BYTES = 1 << 20

export interface TablePiece {
  readonly view: DataView
  /** Where the piece starts within its table. */
  readonly position: Bytes
}

/**
 * Reads a table in pieces of at most PIECE_BYTES, so that a table of any length costs no more than that.
 * What lies past the end of the file reads as zeros, which is what an empty entry looks like: it is left
 * out, so a table that points nowhere costs nothing.
 * @param length of the table in bytes
 */
export async function* tablePieces(
  disk: ByteSource,
  offset: HostOffset,
  length: Bytes,
  signal?: CancelSignal,
): AsyncGenerator<TablePiece, void, void> {
  if (offset >= BigInt(disk.size)) return
  const start = Number(offset)
  const readable = Math.min(length, Math.ceil((disk.size - start) / 16) * 16)
  for (let position = 0; position < readable; position += PIECE_BYTES) {
    throwIfCancelled(signal)
    const bytes = await disk.read(start + position, Math.min(PIECE_BYTES, readable - position))
    yield { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), position }
  }
}
