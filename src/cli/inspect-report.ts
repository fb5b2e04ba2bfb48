/**
 * What `inspect` tells of an image. Keys that `qemu-img info` and `qemu-img check` have are called and
 * measured as there.
 */
import { METADATA_TYPES, MetadataType } from '../lib/metadata-types.ts'
import { OWNERS } from '../lib/owners.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import { BitmapFlag } from '../qcow2/bitmap-directory.ts'
import { l1EntryOffset, refcountTableEntryOffset } from '../qcow2/entries.ts'
import { ExtensionMagic } from '../qcow2/extension-magic.ts'
import { decodeFeatureNames } from '../qcow2/feature-names.ts'
import { Autoclear, Compatible, type Feature, FEATURES, Incompatible } from '../qcow2/features.ts'
import type { Problem, Qcow2Image, Snapshot } from '../qcow2/image.ts'
import type { OpenSequence } from '../qcow2/open-sequence.ts'
import type { OwnerMap } from '../qcow2/owner-map.ts'

type Json =
  | string
  | number
  | bigint
  | boolean
  | readonly Json[]
  | { readonly [key: string]: Json | undefined }
type JsonObject = { readonly [key: string]: Json | undefined }

/** One structure of metadata: a table, a block, the header. */
export interface Structure {
  readonly type: string
  /** Bytes. An inactive L2 table that is not aligned is given by the cluster it starts in. */
  readonly offset: bigint
  readonly length: bigint
  /** What it belongs to: the image itself, the active disk, a snapshot, a bitmap. */
  readonly owner: string
  /** Which entry of its parent table names it. */
  readonly index?: number
  readonly aligned: boolean
}

export interface InspectReport {
  /** Everything of bounded length, in the order in which it is printed. */
  readonly facts: JsonObject
  readonly problems: readonly Problem[]
  readonly problemCount: number
  /** In the order in which the 2015 series enters them at opening, then what it does not know. */
  structures(): Generator<Structure, void, void>
}

/** Puts together what was read of an image; reads nothing itself. */
export function inspectImage(image: Qcow2Image, owners: OwnerMap, sequence: OpenSequence): InspectReport {
  return {
    facts: {
      format: 'qcow2',
      'virtual-size': image.header.size,
      'cluster-size': image.clusterSize,
      'file-size': image.disk.size,
      'dirty-flag': has(image.header.incompatibleFeatures, Incompatible.dirty),
      encrypted: image.header.cryptMethod === 0 ? undefined : true,
      'backing-filename': image.backingFile,
      'backing-filename-format': image.backingFormat,
      'format-specific': { type: 'qcow2', data: formatSpecific(image) },
      header: headerFacts(image),
      features: featureFacts(image),
      extensions: image.extensions.map(({ magic, offset, data }) => ({
        magic: `0x${magic.toString(16).padStart(8, '0')}`,
        name: EXTENSION_NAMES.get(magic) ?? 'unknown',
        offset,
        length: data.length,
      })),
      snapshots: image.snapshots.map(snapshotFacts),
      check: {
        corruptions: owners.corruptions,
        leaks: owners.leaks,
        'check-errors': owners.check.checkErrors,
        'image-end-offset': owners.check.imageEndOffset,
        'total-clusters': owners.check.totalClusters,
        'allocated-clusters': owners.check.allocatedClusters,
        'compressed-clusters': owners.check.compressedClusters,
        'fragmented-clusters': owners.check.fragmentedClusters,
      },
      clusters: Object.fromEntries(OWNERS.map(({ label, code }) => [label, owners.counts[code] ?? 0])),
    },
    problems: [...image.problems, ...owners.problems],
    problemCount: image.problems.length + owners.problemCount,
    structures: () => structures(image, sequence),
  }
}

const EXTENSION_NAMES = new Map<number, string>([
  [ExtensionMagic.backingFormat, 'backing format'],
  [ExtensionMagic.featureNames, 'feature names'],
  [ExtensionMagic.bitmaps, 'bitmaps'],
  [ExtensionMagic.cryptoHeader, 'crypto header'],
  [ExtensionMagic.dataFile, 'external data file'],
])

const has = (features: bigint, mask: bigint): boolean => (features & mask) !== 0n

function formatSpecific(image: Qcow2Image): JsonObject {
  const { header } = image
  const { incompatibleFeatures: incompatible, autoclearFeatures: autoclear } = header
  const common = {
    compat: header.version === 3 ? '1.1' : '0.10',
    'compression-type': header.compressionType === 1 ? 'zstd' : 'zlib',
    'refcount-bits': 2 ** header.refcountOrder,
    encrypt: header.cryptMethod === 0 ? undefined : { format: header.cryptMethod === 1 ? 'aes' : 'luks' },
  }
  if (header.version === 2) return common
  const bitmaps = image.bitmapDirectory?.bitmaps.map(({ name, flags, granularityBits }) => ({
    name,
    granularity: 2 ** granularityBits,
    flags: [...(flags & BitmapFlag.inUse ? ['in-use'] : []), ...(flags & BitmapFlag.auto ? ['auto'] : [])],
  }))
  return {
    ...common,
    'lazy-refcounts': has(header.compatibleFeatures, Compatible.lazyRefcounts),
    corrupt: has(incompatible, Incompatible.corrupt),
    'extended-l2': has(incompatible, Incompatible.extendedL2),
    'data-file': image.externalDataFile,
    'data-file-raw': image.externalDataFile === undefined ? undefined : has(autoclear, Autoclear.rawDataFile),
    bitmaps,
  }
}

function headerFacts({ header, fileClusters, snapshotTableLength }: Qcow2Image): JsonObject {
  return {
    version: header.version,
    'header-length': header.headerLength,
    'cluster-bits': header.clusterBits,
    'file-clusters': fileClusters,
    'crypt-method': header.cryptMethod,
    'l1-size': header.l1Size,
    'l1-table-offset': header.l1TableOffset,
    'refcount-table-offset': header.refcountTableOffset,
    'refcount-table-clusters': header.refcountTableClusters,
    'refcount-order': header.refcountOrder,
    'nb-snapshots': header.nbSnapshots,
    'snapshots-offset': header.snapshotsOffset,
    'snapshot-table-length': snapshotTableLength,
    'backing-file-offset': header.backingFileOffset,
    'backing-file-size': header.backingFileSize,
  }
}

/** The bits that are set, by the names the image gives them, else by QEMU's. */
function featureFacts(image: Qcow2Image): JsonObject {
  const { incompatibleFeatures, compatibleFeatures, autoclearFeatures } = image.header
  const table = image.extensions.find(({ magic }) => magic === ExtensionMagic.featureNames)
  const names = [...(table ? decodeFeatureNames(table.data) : []), ...FEATURES]
  const setBits = (type: Feature['type'], mask: bigint): readonly Json[] => {
    const bits = Array.from({ length: 64 }, (_, bit) => bit).filter(bit => has(mask, 1n << BigInt(bit)))
    return bits.map(bit => ({
      bit,
      name: names.find(feature => feature.type === type && feature.bit === bit)?.name ?? 'unknown',
    }))
  }
  return {
    incompatible: setBits('incompatible', incompatibleFeatures),
    compatible: setBits('compatible', compatibleFeatures),
    autoclear: setBits('autoclear', autoclearFeatures),
  }
}

const snapshotFacts = (snapshot: Snapshot): JsonObject => ({
  id: snapshot.id,
  name: snapshot.name,
  'vm-state-size': snapshot.vmStateSize,
  'date-sec': snapshot.dateSeconds,
  'date-nsec': snapshot.dateNanoseconds,
  'vm-clock-sec': snapshot.vmClockNanoseconds / 1_000_000_000n,
  'vm-clock-nsec': snapshot.vmClockNanoseconds % 1_000_000_000n,
  icount: snapshot.icount,
  'disk-size': snapshot.diskSize,
  'l1-table-offset': snapshot.l1TableOffset,
  'l1-size': snapshot.l1Size,
})

function* structures(image: Qcow2Image, sequence: OpenSequence): Generator<Structure, void, void> {
  for (let i = 0; i < sequence.count; i++) {
    const structure = sequenceStructure(image, sequence, i)
    if (structure.length > 0n) yield structure
  }
  const { luksHeader: luks, bitmapDirectory: directory } = image
  if (luks) yield whole(image, 'LUKS header', luks.offset, luks.length, 'image')
  if (!directory) return
  yield whole(image, 'bitmap directory', directory.offset, BigInt(directory.size), 'image')
  for (const { name, tableOffset, tableSize } of directory.bitmaps)
    yield whole(image, 'bitmap table', tableOffset, BigInt(tableSize) * 8n, `bitmap ${name}`)
}

function sequenceStructure(image: Qcow2Image, sequence: OpenSequence, i: number): Structure {
  const types = sequence.types[i]!
  const snapshotIndex = sequence.snapshot[i]!
  const snapshot = image.snapshots[snapshotIndex]
  const index = sequence.tableIndex[i]!
  const cluster = BigInt(sequence.window[i]!) * BigInt(WINDOW_CLUSTERS) + BigInt(sequence.index[i]!)
  const clusterSize = BigInt(image.clusterSize)
  const structure = {
    type: TYPE_LABELS.get(types) ?? 'metadata',
    offset: cluster * clusterSize,
    length: BigInt(sequence.nbClusters[i]!) * clusterSize,
    owner: snapshot ? `snapshot ${snapshot.name || snapshot.id}` : 'image',
    aligned: sequence.aligned[i] === 1,
  }
  switch (types) {
    case MetadataType.activeL1:
      return {
        ...structure,
        offset: image.header.l1TableOffset,
        length: BigInt(image.header.l1Size) * 8n,
        owner: 'active disk',
      }
    case MetadataType.activeL2:
      return {
        ...structure,
        offset: l1EntryOffset(image.l1Table.getBigUint64(8 * index)),
        owner: 'active disk',
        index,
      }
    case MetadataType.refcountBlock:
      return {
        ...structure,
        offset: refcountTableEntryOffset(image.refcountTable.getBigUint64(8 * index)),
        index,
      }
    case MetadataType.snapshotTable:
      return {
        ...structure,
        offset: image.header.snapshotsOffset,
        length: BigInt(image.snapshotTableLength),
      }
    case MetadataType.inactiveL1:
      return snapshot
        ? { ...structure, offset: snapshot.l1TableOffset, length: BigInt(snapshot.l1Size) * 8n }
        : structure
    case MetadataType.inactiveL2:
      return { ...structure, index }
    default:
      return structure
  }
}

/** By type, what one structure of it is called. */
const TYPE_LABELS = new Map(
  METADATA_TYPES.map(({ bit }) => [bit, OWNERS.find(({ type }) => type === bit)?.label ?? '']),
)

const whole = (
  image: Qcow2Image,
  type: string,
  offset: bigint,
  length: bigint,
  owner: string,
): Structure => ({
  type,
  offset,
  length,
  owner,
  aligned: offset % BigInt(image.clusterSize) === 0n,
})
