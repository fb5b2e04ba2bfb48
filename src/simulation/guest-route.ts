/** The way from a guest offset through the tables to the host, with the place of every step. */
import type { GuestOffset, HostOffset } from '../lib/units.ts'
import { compressedExtent } from '../qcow2/entries.ts'
import type { Qcow2Image } from '../qcow2/image.ts'
import { hasDataFile, hasExtendedL2 } from '../qcow2/l2-cursor.ts'
import { type GuestPath, resolveGuest } from '../qcow2/resolve-guest.ts'

export interface GuestRoute extends GuestPath {
  /** Where the L1 entry stands; undefined past the table's end. */
  readonly l1EntryOffset: HostOffset | undefined
  /** Where the L2 entry stands; undefined where there is no table. */
  readonly l2EntryOffset: HostOffset | undefined
  /** Which of the cluster's 32 subclusters; undefined where the image has none. */
  readonly subcluster: number | undefined
  /** Bytes that a compressed cluster's stream may take, from `hostOffset` on; undefined for the rest. */
  readonly compressedLength: number | undefined
  /** The host offset is one in the external data file. */
  readonly inDataFile: boolean
  /** QEMU refuses to read such a cluster. */
  readonly unaligned: boolean
  /** What the guest reads where nothing is allocated: this file, or zeros where there is none. */
  readonly backingFile: string | undefined
}

const L1_ENTRY_BYTES = 8n

/**
 * @param offset below the virtual disk's size
 * @throws UserError past the disk's end, and in QEMU's words where an L2 table is unaligned
 */
export async function guestRoute(image: Qcow2Image, offset: GuestOffset): Promise<GuestRoute> {
  const { header, backingFile } = image
  const path = await resolveGuest(image, offset)
  const clusterSize = BigInt(image.clusterSize)
  const inCluster = offset % clusterSize
  const extended = hasExtendedL2(image)
  const { kind, hostOffset, l1Index, l2Index, l2Offset, l2Entry } = path
  const isCompressed = kind === 'compressed'
  return {
    ...path,
    l1EntryOffset:
      l1Index < header.l1Size ? header.l1TableOffset + L1_ENTRY_BYTES * BigInt(l1Index) : undefined,
    l2EntryOffset: l2Offset === undefined ? undefined : l2Offset + BigInt((extended ? 16 : 8) * l2Index),
    subcluster: extended && !isCompressed ? Number((inCluster * 32n) / clusterSize) : undefined,
    compressedLength:
      isCompressed && l2Entry !== undefined
        ? compressedExtent(l2Entry, header.clusterBits).length
        : undefined,
    inDataFile: hasDataFile(image) && hostOffset !== undefined,
    unaligned: !isCompressed && hostOffset !== undefined && (hostOffset - inCluster) % clusterSize !== 0n,
    backingFile,
  }
}
