/** What a decoded qcow2 image consists of. Field names are those of the qcow2 specification. */
import type { ByteSource } from '../disk/byte-source.ts'
import type { Bytes, ClusterIndex, HostOffset } from '../lib/units.ts'

export interface Header {
  readonly version: 2 | 3
  readonly backingFileOffset: HostOffset
  readonly backingFileSize: Bytes
  readonly clusterBits: number
  /** Virtual disk size in bytes, floored to a multiple of 512 as QEMU does. */
  readonly size: bigint
  readonly cryptMethod: number
  /** Number of entries of the active L1 table. */
  readonly l1Size: number
  readonly l1TableOffset: HostOffset
  readonly refcountTableOffset: HostOffset
  readonly refcountTableClusters: number
  readonly nbSnapshots: number
  readonly snapshotsOffset: HostOffset
  readonly incompatibleFeatures: bigint
  readonly compatibleFeatures: bigint
  readonly autoclearFeatures: bigint
  readonly refcountOrder: number
  readonly headerLength: number
  /** 0 zlib, 1 zstd. */
  readonly compressionType: number
}

/** One header extension as found; `data` is as long as its length field says, without padding. */
export interface HeaderExtension {
  readonly magic: number
  /** Where the extension's 8-byte head starts. */
  readonly offset: HostOffset
  readonly data: Uint8Array
}

export interface Snapshot {
  readonly id: string
  readonly name: string
  readonly l1TableOffset: HostOffset
  readonly l1Size: number
  readonly dateSeconds: number
  readonly dateNanoseconds: number
  readonly vmClockNanoseconds: bigint
  /** From the extra data where there is enough of it, else the header's 32-bit field. */
  readonly vmStateSize: bigint
  /** From the extra data; undefined where there is none. */
  readonly diskSize: bigint | undefined
  readonly icount: bigint | undefined
  /** Extra data past what is understood; kept on rewriting. */
  readonly unknownExtraData: Uint8Array
  /** Where its entry stands, and how long that is. */
  readonly entryOffset: HostOffset
  readonly entryLength: Bytes
}

export interface PersistentBitmap {
  readonly name: string
  readonly tableOffset: HostOffset
  /** Entries of its bitmap table. */
  readonly tableSize: number
  readonly flags: number
  readonly granularityBits: number
  /** Where its directory entry stands, and how long that is. */
  readonly entryOffset: HostOffset
  readonly entryLength: Bytes
}

export interface BitmapDirectory {
  readonly offset: HostOffset
  readonly size: Bytes
  readonly bitmaps: readonly PersistentBitmap[]
  /** False if the autoclear bit is off: a program without bitmap support has written to the image. */
  readonly consistent: boolean
}

/** Something wrong with an image that does not keep it from being opened. */
export interface Problem {
  /** QEMU's words where it has any. */
  readonly message: string
  readonly offset?: HostOffset
}

/**
 * An image that has passed every check QEMU makes when it opens one. Tables are held as they stand on
 * disk (big-endian 64-bit entries), so that 32 MiB of L1 cost 32 MiB.
 */
export interface Qcow2Image {
  readonly disk: ByteSource
  readonly header: Header
  readonly clusterSize: Bytes
  /** Length of the file in clusters, the last one perhaps a part. */
  readonly fileClusters: ClusterIndex
  readonly extensions: readonly HeaderExtension[]
  readonly backingFile: string | undefined
  readonly backingFormat: string | undefined
  readonly externalDataFile: string | undefined
  readonly luksHeader: { readonly offset: HostOffset; readonly length: bigint } | undefined
  readonly snapshots: readonly Snapshot[]
  /** Bytes from the start of the first snapshot entry to the end of the last. */
  readonly snapshotTableLength: Bytes
  readonly bitmapDirectory: BitmapDirectory | undefined
  /** The active L1 table's bytes, l1Size * 8 of them. */
  readonly l1Table: DataView
  /** The refcount table's bytes, refcountTableClusters * clusterSize of them. */
  readonly refcountTable: DataView
  readonly problems: readonly Problem[]
}

/** Entry masks of the specification. */
export const L1_OFFSET_MASK = 0x00fffffffffffe00n
export const L2_OFFSET_MASK = 0x00fffffffffffe00n
export const REFCOUNT_TABLE_OFFSET_MASK = 0xfffffffffffffe00n
