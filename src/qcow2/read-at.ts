import { strFromU8 } from 'fflate'
import type { ByteSource } from '../disk/byte-source.ts'
import type { Bytes, HostOffset } from '../lib/units.ts'
import { Qcow2Error } from './errors.ts'

/** No node of QEMU reaches further (BDRV_MAX_LENGTH): 2^63 rounded down to its largest alignment. */
export const MAX_LENGTH = (1n << 63n) - (1n << 30n)

/**
 * Reads from anywhere an image may point to, which is further than a ByteSource can be asked for.
 * @param offset below 2^64; past the end of the file there are zeros
 * @param what QEMU's words for the failure: "Could not read L1 table"
 * @param from where the pointer stands that led there
 * @throws Qcow2Error where QEMU's own request would fail, past 2^63 - 2^30
 */
export async function readAt(
  disk: ByteSource,
  offset: HostOffset,
  length: Bytes,
  what: string,
  from: HostOffset,
): Promise<Uint8Array> {
  if (offset + BigInt(length) > MAX_LENGTH)
    throw new Qcow2Error(`${what}: Input/output error`, from, `It points to offset ${offset}.`)
  if (offset >= BigInt(disk.size)) return new Uint8Array(length)
  return disk.read(Number(offset), length)
}

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** @returns the text as C code sees it: UTF-8 up to the first zero byte */
export function cString(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return strFromU8(end < 0 ? bytes : bytes.subarray(0, end))
}
