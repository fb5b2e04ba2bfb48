/**
 * What `inspect` tells of an image. Keys that `qemu-img info` and `qemu-img check` have are called and
 * measured as there.
 */
import { OWNERS } from '../lib/owners.ts'
import { BitmapFlag } from '../qcow2/bitmap-directory.ts'
import { ExtensionMagic, extensionName } from '../qcow2/extension-magic.ts'
import { decodeFeatureNames } from '../qcow2/feature-names.ts'
import { Autoclear, Compatible, type Feature, FEATURES, Incompatible } from '../qcow2/features.ts'
import type { Problem, Qcow2Image, Snapshot } from '../qcow2/image.ts'
import type { OpenSequence } from '../qcow2/open-sequence.ts'
import type { OwnerMap } from '../qcow2/owner-map.ts'
import { listStructures, type Structure } from '../qcow2/structure-list.ts'

type Json =
  | string
  | number
  | bigint
  | boolean
  | readonly Json[]
  | { readonly [key: string]: Json | undefined }
type JsonObject = { readonly [key: string]: Json | undefined }

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
        name: extensionName(magic),
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
    structures: () => listStructures(image, sequence),
  }
}

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
