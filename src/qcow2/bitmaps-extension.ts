import { Qcow2Error } from './errors.ts'
import { Autoclear } from './features.ts'
import type { Header, HeaderExtension, Problem } from './image.ts'
import type { Bytes, HostOffset } from '../lib/units.ts'
import { viewOf } from './read-at.ts'

export const MAX_BITMAPS = 65535
/** QEMU: at most 1024 bytes a bitmap. */
export const MAX_BITMAP_DIRECTORY_SIZE = MAX_BITMAPS * 1024

/** Where the bitmap directory is, as the header extension says. */
export interface BitmapsExtension {
  readonly count: number
  readonly directorySize: Bytes
  readonly directoryOffset: HostOffset
  /** Where the extension's own fields stand. */
  readonly offset: HostOffset
  /** The autoclear bit is set: nobody without bitmap support has written since. */
  readonly consistent: boolean
}

/**
 * @returns undefined if the extension is stale (its autoclear bit is off, which makes QEMU forget the
 *   bitmaps whatever the extension says) and malformed
 * @throws Qcow2Error if it is malformed and not stale
 */
export function decodeBitmapsExtension(
  { data, offset }: HeaderExtension,
  header: Header,
  problems: Problem[],
): BitmapsExtension | undefined {
  // QEMU looks at the length first, stale or not.
  if (data.length !== 24) throw new Qcow2Error('bitmaps_ext: Invalid extension length', offset + 4n)
  const consistent = (header.autoclearFeatures & Autoclear.bitmaps) !== 0n
  if (!consistent) {
    const message =
      header.version === 2
        ? 'This qcow2 v2 image contains bitmaps, but they may have been modified by a program without persistent bitmap support; so now they must all be considered inconsistent'
        : 'a program lacking bitmap support modified this file, so all bitmaps are now considered inconsistent'
    problems.push({ message, offset })
    try {
      return decodeFields(data, offset + 8n, header, consistent)
    } catch (error) {
      if (!(error instanceof Qcow2Error)) throw error
      problems.push({
        message: error.message,
        ...(error.offset === undefined ? {} : { offset: error.offset }),
      })
      return undefined
    }
  }
  return decodeFields(data, offset + 8n, header, consistent)
}

function decodeFields(
  data: Uint8Array,
  offset: HostOffset,
  header: Header,
  consistent: boolean,
): BitmapsExtension {
  const view = viewOf(data)
  const count = view.getUint32(0)
  const directorySize = view.getBigUint64(8)
  const directoryOffset = view.getBigUint64(16)
  if (view.getUint32(4) !== 0) throw new Qcow2Error('bitmaps_ext: Reserved field is not zero', offset + 4n)
  if (count > MAX_BITMAPS)
    throw new Qcow2Error(
      `bitmaps_ext: Image has ${count} bitmaps, exceeding the QEMU supported maximum of ${MAX_BITMAPS}`,
      offset,
    )
  if (count === 0) throw new Qcow2Error('found bitmaps extension with zero bitmaps', offset)
  if (directoryOffset % BigInt(2 ** header.clusterBits) !== 0n)
    throw new Qcow2Error('bitmaps_ext: invalid bitmap directory offset', offset + 16n)
  if (directorySize > MAX_BITMAP_DIRECTORY_SIZE)
    throw new Qcow2Error(
      `bitmaps_ext: bitmap directory size (${directorySize}) exceeds the maximum supported size (${MAX_BITMAP_DIRECTORY_SIZE})`,
      offset + 8n,
    )
  return { count, directorySize: Number(directorySize), directoryOffset, offset, consistent }
}
