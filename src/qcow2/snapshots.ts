/** The snapshot table, read as QEMU's qcow2_read_snapshots does. */
import type { ByteSource } from '../disk/byte-source.ts'
import { type CancelSignal, throwIfCancelled } from '../lib/cancel.ts'
import type { Bytes } from '../lib/units.ts'
import { Qcow2Error } from './errors.ts'
import { HeaderField } from './header.ts'
import type { Header, Snapshot } from './image.ts'
import { cString, readAt, viewOf } from './read-at.ts'

/** Bytes of an entry before its extra data. */
export const SNAPSHOT_HEADER_LENGTH = 40
/** Extra data that is understood: VM state size, disk size, instruction count; 8 bytes each. */
export const SNAPSHOT_EXTRA_LENGTH = 24
export const MAX_SNAPSHOTS = 65536
const MAX_EXTRA_DATA = 1024
const MAX_TABLE_BYTES = 1024 * MAX_SNAPSHOTS

export interface SnapshotTable {
  readonly snapshots: readonly Snapshot[]
  /** From the start of the first entry to the end of the last. */
  readonly length: Bytes
}

/**
 * @param onProgress called with the number of entries read
 * @throws Qcow2Error for what QEMU refuses
 */
export async function readSnapshots(
  disk: ByteSource,
  header: Header,
  hooks: { readonly onProgress?: (entries: number) => void; readonly signal?: CancelSignal } = {},
): Promise<SnapshotTable> {
  const snapshots: Snapshot[] = []
  let end = 0
  for (let index = 0; index < header.nbSnapshots; index++) {
    if (index % 1024 === 0) {
      throwIfCancelled(hooks.signal)
      hooks.onProgress?.(index)
    }
    const start = Math.ceil(end / 8) * 8
    const snapshot = await readEntry(disk, header.snapshotsOffset, start, index)
    end = start + snapshot.entryLength
    if (end > MAX_TABLE_BYTES)
      throw new Qcow2Error(
        'Snapshot table is too big',
        snapshot.entryOffset,
        `QEMU accepts ${MAX_TABLE_BYTES} bytes; this entry is number ${index} of ${header.nbSnapshots}.`,
      )
    snapshots.push(snapshot)
  }
  return { snapshots, length: end }
}

async function readEntry(
  disk: ByteSource,
  tableOffset: bigint,
  start: Bytes,
  index: number,
): Promise<Snapshot> {
  const entryOffset = tableOffset + BigInt(start)
  const read = async (from: bigint, length: Bytes): Promise<Uint8Array> =>
    length === 0
      ? new Uint8Array(0)
      : readAt(disk, from, length, 'Failed to read snapshot table', HeaderField.snapshotsOffset)

  const head = viewOf(await read(entryOffset, SNAPSHOT_HEADER_LENGTH))
  const idLength = head.getUint16(12)
  const nameLength = head.getUint16(14)
  const extraLength = head.getUint32(36)
  if (extraLength > MAX_EXTRA_DATA)
    throw new Qcow2Error(
      `Too much extra metadata in snapshot table entry ${index}`,
      entryOffset + 36n,
      'You can force-remove this extra metadata by updating this table entry with qemu-img check -r all.',
    )
  const rest = await read(entryOffset + 40n, extraLength + idLength + nameLength)
  const extra = viewOf(rest.subarray(0, extraLength))
  const idEnd = extraLength + idLength
  return {
    id: cString(rest.subarray(extraLength, idEnd)),
    name: cString(rest.subarray(idEnd)),
    l1TableOffset: head.getBigUint64(0),
    l1Size: head.getUint32(8),
    dateSeconds: head.getUint32(16),
    dateNanoseconds: head.getUint32(20),
    vmClockNanoseconds: head.getBigUint64(24),
    vmStateSize: extraLength >= 8 ? extra.getBigUint64(0) : BigInt(head.getUint32(32)),
    diskSize: extraLength >= 16 ? extra.getBigUint64(8) : undefined,
    // All ones: it was not counted.
    icount: extraLength >= 24 && extra.getBigInt64(16) !== -1n ? extra.getBigUint64(16) : undefined,
    unknownExtraData: rest.slice(Math.min(SNAPSHOT_EXTRA_LENGTH, extraLength), extraLength),
    entryOffset,
    entryLength: SNAPSHOT_HEADER_LENGTH + rest.length,
  }
}
