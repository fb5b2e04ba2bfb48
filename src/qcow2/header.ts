/** The header's fields, and the checks QEMU makes on them before it follows any of them. */
import type { ByteSource } from '../disk/byte-source.ts'
import { Qcow2Error } from './errors.ts'
import { featureNames, unknownFeatures } from './feature-names.ts'
import { Incompatible, KNOWN_INCOMPATIBLE } from './features.ts'
import type { Header } from './image.ts'
import { viewOf } from './read-at.ts'

/** "QFI\xfb" */
export const QCOW2_MAGIC = 0x514649fb
export const HEADER_LENGTH_V2 = 72
/** What QEMU 7.2 writes; 104 is the least a version 3 header may have. */
export const HEADER_LENGTH_V3 = 112
const MIN_HEADER_LENGTH_V3 = 104

const MIN_CLUSTER_BITS = 9
const MAX_CLUSTER_BITS = 21

/** Where each field stands, in bytes from the start of the file. */
export const HeaderField = {
  magic: 0n,
  version: 4n,
  backingFileOffset: 8n,
  backingFileSize: 16n,
  clusterBits: 20n,
  size: 24n,
  cryptMethod: 32n,
  l1Size: 36n,
  l1TableOffset: 40n,
  refcountTableOffset: 48n,
  refcountTableClusters: 56n,
  nbSnapshots: 60n,
  snapshotsOffset: 64n,
  incompatibleFeatures: 72n,
  autoclearFeatures: 88n,
  refcountOrder: 96n,
  headerLength: 100n,
  compressionType: 104n,
} as const

export interface HeaderCluster {
  readonly header: Header
  /** Virtual disk size as written, not rounded down to sectors. */
  readonly sizeAsWritten: bigint
  /** The whole first cluster; zeros past the end of the file. */
  readonly cluster: Uint8Array
  /** Where header extensions end at the latest. */
  readonly extensionsEnd: number
}

/**
 * Reads the header as QEMU's qcow2_do_open does, up to and including the refcount order.
 * @throws Qcow2Error for what QEMU refuses
 */
export async function readHeader(disk: ByteSource): Promise<HeaderCluster> {
  const view = viewOf(await disk.read(0, HEADER_LENGTH_V3))
  if (view.getUint32(0) !== QCOW2_MAGIC)
    throw new Qcow2Error(
      'Image is not in qcow2 format',
      HeaderField.magic,
      'A qcow2 image starts with the bytes 51 46 49 fb. For other formats: qemu-img convert -O qcow2.',
    )
  const version = view.getUint32(4)
  if (version !== 2 && version !== 3)
    throw new Qcow2Error(`Unsupported qcow2 version ${version}`, HeaderField.version)
  const clusterBits = view.getUint32(20)
  if (clusterBits < MIN_CLUSTER_BITS || clusterBits > MAX_CLUSTER_BITS)
    throw new Qcow2Error(`Unsupported cluster size: 2^${clusterBits}`, HeaderField.clusterBits)
  const cluster = await disk.read(0, 2 ** clusterBits)

  const header = decodeHeader(view, version, clusterBits)
  const { headerLength, backingFileOffset } = header
  if (version === 3 && headerLength < MIN_HEADER_LENGTH_V3)
    throw new Qcow2Error('qcow2 header too short', HeaderField.headerLength)
  if (headerLength > cluster.length)
    throw new Qcow2Error('qcow2 header exceeds cluster size', HeaderField.headerLength)
  if (backingFileOffset > BigInt(cluster.length))
    throw new Qcow2Error(
      'Invalid backing file offset',
      HeaderField.backingFileOffset,
      `The backing file's name must lie in the first cluster, before offset ${cluster.length}.`,
    )
  const extensionsEnd = backingFileOffset === 0n ? cluster.length : Number(backingFileOffset)

  checkCompressionType(header)
  checkFeatures(header, cluster, extensionsEnd)
  if (header.refcountOrder > 6)
    throw new Qcow2Error(
      'Reference count entry width too large; may not exceed 64 bits',
      HeaderField.refcountOrder,
    )
  return { header, sizeAsWritten: view.getBigUint64(24), cluster, extensionsEnd }
}

function decodeHeader(view: DataView, version: 2 | 3, clusterBits: number): Header {
  const v3 = version === 3
  const headerLength = v3 ? view.getUint32(100) : HEADER_LENGTH_V2
  return {
    version,
    backingFileOffset: view.getBigUint64(8),
    backingFileSize: view.getUint32(16),
    clusterBits,
    size: view.getBigUint64(24) & ~511n,
    cryptMethod: view.getUint32(32),
    l1Size: view.getUint32(36),
    l1TableOffset: view.getBigUint64(40),
    refcountTableOffset: view.getBigUint64(48),
    refcountTableClusters: view.getUint32(56),
    nbSnapshots: view.getUint32(60),
    snapshotsOffset: view.getBigUint64(64),
    incompatibleFeatures: v3 ? view.getBigUint64(72) : 0n,
    compatibleFeatures: v3 ? view.getBigUint64(80) : 0n,
    autoclearFeatures: v3 ? view.getBigUint64(88) : 0n,
    refcountOrder: v3 ? view.getUint32(96) : 4,
    headerLength,
    // A header that ends before the field means zlib.
    compressionType: headerLength > 104 ? view.getUint8(104) : 0,
  }
}

function checkCompressionType({ compressionType, incompatibleFeatures }: Header): void {
  const bit = (incompatibleFeatures & Incompatible.compressionType) !== 0n
  if (compressionType > 1)
    throw new Qcow2Error(`qcow2: unknown compression type: ${compressionType}`, HeaderField.compressionType)
  if (compressionType === 0 && bit)
    throw new Qcow2Error(
      'qcow2: Compression type incompatible feature bit must not be set',
      HeaderField.incompatibleFeatures,
    )
  if (compressionType !== 0 && !bit)
    throw new Qcow2Error(
      'qcow2: Compression type incompatible feature bit must be set',
      HeaderField.incompatibleFeatures,
    )
}

function checkFeatures(header: Header, cluster: Uint8Array, extensionsEnd: number): void {
  const unknown = header.incompatibleFeatures & ~KNOWN_INCOMPATIBLE
  if (unknown !== 0n) {
    const names = featureNames(cluster, header.headerLength, extensionsEnd)
    throw new Qcow2Error(
      `Unsupported qcow2 feature(s): ${unknownFeatures(unknown, names)}`,
      HeaderField.incompatibleFeatures,
      'A newer QEMU may know them.',
    )
  }
  const extended = (header.incompatibleFeatures & Incompatible.extendedL2) !== 0n
  const subclusterSize = extended ? cluster.length / 32 : cluster.length
  if (subclusterSize < 2 ** MIN_CLUSTER_BITS)
    throw new Qcow2Error(
      `Unsupported subcluster size: ${subclusterSize}`,
      HeaderField.clusterBits,
      'Extended L2 entries need clusters of 16384 bytes or more.',
    )
}
