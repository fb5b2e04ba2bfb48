/**
 * Every structure of an image's metadata, as rows: for the headless `inspect`, and for the page's exports. In the
 * order in which the 2015 series enters them at opening, then what it does not know.
 */
import { METADATA_TYPES, MetadataType } from '../lib/metadata-types.ts'
import { OWNERS } from '../lib/owners.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import { l1EntryOffset, refcountTableEntryOffset } from './entries.ts'
import type { Qcow2Image, Snapshot } from './image.ts'
import { l2Entries } from './l2-cursor.ts'
import type { OpenSequence } from './open-sequence.ts'

/** One structure of metadata: a table, a block, the header. Its keys are those of the JSON that it becomes. */
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
  /** How one gets there from the header, as the inspector writes it. */
  readonly path: string
  /** What part of the guest's disk it maps (bytes); left out where it maps none. */
  readonly 'guest-offset'?: bigint
  readonly 'guest-length'?: bigint
}

export function* listStructures(image: Qcow2Image, sequence: OpenSequence): Generator<Structure, void, void> {
  for (let i = 0; i < sequence.count; i++) {
    const structure = sequenceStructure(image, sequence, i)
    if (structure.length > 0n) yield structure
  }
  const { luksHeader: luks, bitmapDirectory: directory } = image
  if (luks) yield whole(image, 'LUKS header', luks.offset, luks.length, 'image', 'crypto header')
  if (!directory) return
  yield whole(
    image,
    'bitmap directory',
    directory.offset,
    BigInt(directory.size),
    'image',
    'bitmap directory',
  )
  for (const { name, tableOffset, tableSize } of directory.bitmaps)
    yield whole(
      image,
      'bitmap table',
      tableOffset,
      BigInt(tableSize) * 8n,
      `bitmap ${name}`,
      'bitmap directory',
      `bitmap ${name}`,
    )
}

/**
 * The guest's bytes that one L2 table maps.
 * @param size of the disk: of a table at its end only a part is used
 * @returns undefined where the table lies past the disk's end, and maps nothing
 */
export function guestRangeOf(
  image: Qcow2Image,
  l1Index: number,
  size: bigint,
): { readonly offset: bigint; readonly length: bigint } | undefined {
  const span = BigInt(l2Entries(image)) * BigInt(image.clusterSize)
  const offset = BigInt(l1Index) * span
  if (offset >= size) return undefined
  return { offset, length: size - offset < span ? size - offset : span }
}

/** How large the disk is that a snapshot holds. Old snapshots do not say: as large as the active one then. */
export const snapshotDiskSize = (image: Qcow2Image, snapshot: Snapshot): bigint =>
  snapshot.diskSize ?? image.header.size

const pathOf = (...steps: readonly string[]): string => ['header', ...steps].join(' → ')

function sequenceStructure(image: Qcow2Image, sequence: OpenSequence, i: number): Structure {
  const types = sequence.types[i]!
  const snapshotIndex = sequence.snapshot[i]!
  const snapshot = image.snapshots[snapshotIndex]
  const index = sequence.tableIndex[i]!
  const cluster = BigInt(sequence.window[i]!) * BigInt(WINDOW_CLUSTERS) + BigInt(sequence.index[i]!)
  const clusterSize = BigInt(image.clusterSize)
  const owner = snapshot ? `snapshot ${snapshot.name || snapshot.id}` : 'image'
  const structure = {
    type: TYPE_LABELS.get(types) ?? 'metadata',
    offset: cluster * clusterSize,
    length: BigInt(sequence.nbClusters[i]!) * clusterSize,
    owner,
    aligned: sequence.aligned[i] === 1,
    path: pathOf(),
  }
  switch (types) {
    case MetadataType.refcountTable:
      return { ...structure, path: pathOf('refcount table') }
    case MetadataType.activeL1:
      return {
        ...structure,
        offset: image.header.l1TableOffset,
        length: BigInt(image.header.l1Size) * 8n,
        owner: 'active disk',
        path: pathOf('L1 table'),
        ...guestKeys({ offset: 0n, length: image.header.size }),
      }
    case MetadataType.activeL2:
      return {
        ...structure,
        offset: l1EntryOffset(image.l1Table.getBigUint64(8 * index)),
        owner: 'active disk',
        index,
        path: pathOf(`L1[${index}]`),
        ...guestKeys(guestRangeOf(image, index, image.header.size)),
      }
    case MetadataType.refcountBlock:
      return {
        ...structure,
        offset: refcountTableEntryOffset(image.refcountTable.getBigUint64(8 * index)),
        index,
        path: pathOf(`refcount table[${index}]`),
      }
    case MetadataType.snapshotTable:
      return {
        ...structure,
        offset: image.header.snapshotsOffset,
        length: BigInt(image.snapshotTableLength),
        path: pathOf('snapshot table'),
      }
    case MetadataType.inactiveL1:
      return snapshot
        ? {
            ...structure,
            offset: snapshot.l1TableOffset,
            length: BigInt(snapshot.l1Size) * 8n,
            path: pathOf(owner, 'L1 table'),
            ...guestKeys({ offset: 0n, length: snapshotDiskSize(image, snapshot) }),
          }
        : structure
    case MetadataType.inactiveL2:
      return snapshot
        ? {
            ...structure,
            index,
            path: pathOf(owner, `L1[${index}]`),
            ...guestKeys(guestRangeOf(image, index, snapshotDiskSize(image, snapshot))),
          }
        : { ...structure, index }
    default:
      return structure
  }
}

const guestKeys = (range: { readonly offset: bigint; readonly length: bigint } | undefined) =>
  range ? { 'guest-offset': range.offset, 'guest-length': range.length } : {}

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
  ...path: readonly string[]
): Structure => ({
  type,
  offset,
  length,
  owner,
  aligned: offset % BigInt(image.clusterSize) === 0n,
  path: pathOf(...path),
})
