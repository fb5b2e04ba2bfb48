/**
 * Writing what `openImage` reads: the header cluster and the snapshot table, laid out as QEMU 7.2 lays
 * them out (qcow2_update_header, qcow2_write_snapshots), so that a made image looks like one of QEMU's.
 */
import { strToU8 } from 'fflate'
import { UserError } from '../lib/user-error.ts'
import { ExtensionMagic } from './extension-magic.ts'
import { FEATURES, FEATURE_TYPES } from './features.ts'
import { HEADER_LENGTH_V2, HEADER_LENGTH_V3, QCOW2_MAGIC } from './header.ts'
import type { Header, HeaderExtension, Snapshot } from './image.ts'
import { SNAPSHOT_EXTRA_LENGTH, SNAPSHOT_HEADER_LENGTH } from './snapshots.ts'

/** What is written of an extension; where it goes follows from those before it. */
export type ExtensionToWrite = Pick<HeaderExtension, 'magic' | 'data'>

const roundUp8 = (length: number): number => Math.ceil(length / 8) * 8

/** @returns the extension that every fresh version 3 image of QEMU has, with the names of all features */
export function featureNameTable(): ExtensionToWrite {
  const data = new Uint8Array(FEATURES.length * 48)
  for (const [index, feature] of FEATURES.entries()) {
    data[index * 48] = FEATURE_TYPES.indexOf(feature.type)
    data[index * 48 + 1] = feature.bit
    data.set(strToU8(feature.name), index * 48 + 2)
  }
  return { magic: ExtensionMagic.featureNames, data }
}

/** @returns the extension that names the backing file's format: "raw", "qcow2" */
export const backingFormatExtension = (format: string): ExtensionToWrite => ({
  magic: ExtensionMagic.backingFormat,
  data: strToU8(format),
})

/**
 * @param header backingFileOffset, backingFileSize and headerLength are not looked at: they follow from
 *   the layout
 * @param extensions in the order in which they are to stand, without the end mark
 * @param backingFile name of the backing file, which goes behind the extensions
 * @returns the whole first cluster
 * @throws UserError when all of it does not fit into one cluster
 */
export function encodeHeader(
  header: Header,
  extensions: readonly ExtensionToWrite[],
  backingFile?: string,
): Uint8Array {
  const clusterSize = 2 ** header.clusterBits
  const headerLength = header.version === 2 ? HEADER_LENGTH_V2 : HEADER_LENGTH_V3
  const name = strToU8(backingFile ?? '')
  const extensionsLength = extensions.reduce((sum, extension) => sum + 8 + roundUp8(extension.data.length), 0)
  const nameOffset = headerLength + extensionsLength + 8
  if (nameOffset + name.length > clusterSize)
    throw new UserError(
      `The header needs ${nameOffset + name.length} bytes, and a cluster has only ${clusterSize}`,
      { offset: 0n, advice: 'Choose larger clusters or a shorter backing file name.' },
    )

  const bytes = new Uint8Array(clusterSize)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, QCOW2_MAGIC)
  view.setUint32(4, header.version)
  view.setBigUint64(8, backingFile === undefined ? 0n : BigInt(nameOffset))
  view.setUint32(16, name.length)
  view.setUint32(20, header.clusterBits)
  view.setBigUint64(24, header.size)
  view.setUint32(32, header.cryptMethod)
  view.setUint32(36, header.l1Size)
  view.setBigUint64(40, header.l1TableOffset)
  view.setBigUint64(48, header.refcountTableOffset)
  view.setUint32(56, header.refcountTableClusters)
  view.setUint32(60, header.nbSnapshots)
  view.setBigUint64(64, header.snapshotsOffset)
  if (header.version === 3) {
    view.setBigUint64(72, header.incompatibleFeatures)
    view.setBigUint64(80, header.compatibleFeatures)
    view.setBigUint64(88, header.autoclearFeatures)
    view.setUint32(96, header.refcountOrder)
    view.setUint32(100, headerLength)
    view.setUint8(104, header.compressionType)
  }
  let offset = headerLength
  for (const { magic, data } of extensions) {
    view.setUint32(offset, magic)
    view.setUint32(offset + 4, data.length)
    bytes.set(data, offset + 8)
    offset += 8 + roundUp8(data.length)
  }
  bytes.set(name, nameOffset)
  return bytes
}

/** What is written of a snapshot; where its entry goes follows from those before it. */
export type SnapshotToWrite = Omit<Snapshot, 'entryOffset' | 'entryLength'>

/** Length of the snapshot's entry without the padding behind it, in bytes. */
const entryLength = (snapshot: SnapshotToWrite, id: Uint8Array, name: Uint8Array): number =>
  SNAPSHOT_HEADER_LENGTH + SNAPSHOT_EXTRA_LENGTH + snapshot.unknownExtraData.length + id.length + name.length

/**
 * Writes every entry with 24 bytes of extra data, as QEMU 7.2 does for images of either version.
 * @param diskSize for snapshots that do not say it themselves, in bytes
 * @returns the table, each entry padded to a multiple of 8 bytes but the last, which ends where it ends
 */
export function encodeSnapshotTable(snapshots: readonly SnapshotToWrite[], diskSize: bigint): Uint8Array {
  const entries = snapshots.map(snapshot => ({
    snapshot,
    id: strToU8(snapshot.id),
    name: strToU8(snapshot.name),
  }))
  const length = entries.reduce((end, e) => roundUp8(end) + entryLength(e.snapshot, e.id, e.name), 0)
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  let offset = 0
  for (const { snapshot, id, name } of entries) {
    offset = roundUp8(offset)
    view.setBigUint64(offset, snapshot.l1TableOffset)
    view.setUint32(offset + 8, snapshot.l1Size)
    view.setUint16(offset + 12, id.length)
    view.setUint16(offset + 14, name.length)
    view.setUint32(offset + 16, snapshot.dateSeconds)
    view.setUint32(offset + 20, snapshot.dateNanoseconds)
    view.setBigUint64(offset + 24, snapshot.vmClockNanoseconds)
    // The 32-bit field is for readers that do not know the extra data, and holds 0 for what it cannot hold.
    view.setUint32(offset + 32, snapshot.vmStateSize <= 0xffffffffn ? Number(snapshot.vmStateSize) : 0)
    view.setUint32(offset + 36, SNAPSHOT_EXTRA_LENGTH + snapshot.unknownExtraData.length)
    view.setBigUint64(offset + 40, snapshot.vmStateSize)
    view.setBigUint64(offset + 48, snapshot.diskSize ?? diskSize)
    view.setBigUint64(offset + 56, snapshot.icount ?? 0xffffffffffffffffn)
    const rest = offset + SNAPSHOT_HEADER_LENGTH + SNAPSHOT_EXTRA_LENGTH
    bytes.set(snapshot.unknownExtraData, rest)
    bytes.set(id, rest + snapshot.unknownExtraData.length)
    bytes.set(name, rest + snapshot.unknownExtraData.length + id.length)
    offset = rest + snapshot.unknownExtraData.length + id.length + name.length
  }
  return bytes
}
