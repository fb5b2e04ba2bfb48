/** What a guest writes: one byte many times, as qemu-io does, or bytes of its own. */
import type { Overlay } from '../disk/overlay.ts'
import type { Bytes } from '../lib/units.ts'

/** `fill`: the byte; `length`: in bytes, that of `bytes` where there are any. */
export type GuestData =
  | { readonly fill: number; readonly length: Bytes }
  | { readonly bytes: Uint8Array; readonly length: Bytes }

/** So many bytes of zeros. */
export const zeros = (length: Bytes): GuestData => ({ fill: 0, length })

/** Writes the part [from, from + length) of the data at a host offset. */
export function putData(disk: Overlay, offset: Bytes, data: GuestData, from: Bytes, length: Bytes): void {
  if ('fill' in data) disk.fill(offset, length, data.fill)
  else disk.write(offset, data.bytes.subarray(from, from + length))
}
