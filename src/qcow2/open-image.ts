/**
 * Opening an image in the order of QEMU's qcow2_do_open, read/write, refusing what it refuses. Four things
 * that QEMU would not write to are opened and told as problems, for here they are only looked at: images
 * marked corrupt, images encrypted with a key that is not given, and images whose data file or backing
 * file is not there (both are named, not opened).
 */
import type { ByteSource } from '../disk/byte-source.ts'
import { type CancelSignal, throwIfCancelled } from '../lib/cancel.ts'
import { readBitmapDirectory } from './bitmap-directory.ts'
import { checkBitmapTables } from './bitmap-tables.ts'
import type { BitmapsExtension } from './bitmaps-extension.ts'
import { Qcow2Error } from './errors.ts'
import { readExtensions } from './extensions.ts'
import { Autoclear, Incompatible } from './features.ts'
import { HeaderField, type HeaderCluster, readHeader } from './header.ts'
import type { BitmapDirectory, Header, Problem, Qcow2Image } from './image.ts'
import { checkCryptMethod, checkEncryption } from './luks.ts'
import { cString, MAX_LENGTH, readAt, viewOf } from './read-at.ts'
import { MAX_SNAPSHOTS, SNAPSHOT_HEADER_LENGTH, readSnapshots } from './snapshots.ts'
import { validateTable } from './validate-table.ts'

const MAX_L1_BYTES = 32 * 2 ** 20
const MAX_REFCOUNT_TABLE_BYTES = 8 * 2 ** 20
const MAX_BACKING_FILE_NAME = 1023
const INT_MAX = 2n ** 31n - 1n

export interface OpenHooks {
  /** @param phase what is being done, as a person reads it; `done` of `total` tables */
  readonly onProgress?: (phase: string, done: number, total: number) => void
  readonly signal?: CancelSignal
}

/**
 * @throws Qcow2Error when QEMU would refuse the image, in its words and with the offset at fault
 * @throws Cancelled
 */
export async function openImage(disk: ByteSource, hooks: OpenHooks = {}): Promise<Qcow2Image> {
  const problems: Problem[] = []
  const step = (phase: string, done = 0, total = 1): void => {
    throwIfCancelled(hooks.signal)
    hooks.onProgress?.(phase, done, total)
  }

  step('Reading the header')
  const headerCluster = await readHeader(disk)
  const { header, cluster } = headerCluster
  const clusterSize = cluster.length
  noteFeatures(header, problems)
  validateTables(headerCluster)

  step('Reading the L1 table')
  const l1 = await readAt(
    disk,
    header.l1TableOffset,
    header.l1Size * 8,
    'Could not read L1 table',
    HeaderField.l1TableOffset,
  )
  checkCryptMethod(header)
  step('Reading the refcount table')
  const refcountTable = await readAt(
    disk,
    header.refcountTableOffset,
    header.refcountTableClusters * clusterSize,
    'Could not initialize refcount handling',
    HeaderField.refcountTableOffset,
  )

  const extensions = readExtensions(headerCluster, problems)
  checkDataFile(header, extensions.externalDataFile, problems)
  await checkEncryption(disk, header, extensions.luksHeader, problems)
  const backingFile = readBackingFile(headerCluster)

  const { snapshots, length } = await readSnapshots(disk, header, {
    ...hooks,
    onProgress: entries => step('Reading the snapshot table', entries, header.nbSnapshots),
  })
  step('Reading bitmaps')
  const bitmapDirectory = await readBitmaps(disk, header, extensions.bitmaps, problems, hooks.signal)
  step('Reading bitmaps', 1)
  // So large a size slips through the check against the L1 table, by overflow. QEMU's block layer sees it.
  if (header.size > MAX_LENGTH)
    throw new Qcow2Error('Could not refresh total sector count: File too large', HeaderField.size)

  return {
    disk,
    header,
    clusterSize,
    fileClusters: Math.ceil(disk.size / clusterSize),
    extensions: extensions.all,
    backingFile,
    backingFormat: extensions.backingFormat,
    externalDataFile: extensions.externalDataFile,
    luksHeader: extensions.luksHeader,
    snapshots,
    snapshotTableLength: length,
    bitmapDirectory,
    l1Table: viewOf(l1),
    refcountTable: viewOf(refcountTable),
    problems,
  }
}

function noteFeatures({ incompatibleFeatures }: Header, problems: Problem[]): void {
  const offset = HeaderField.incompatibleFeatures
  if (incompatibleFeatures & Incompatible.corrupt)
    problems.push({ message: 'qcow2: Image is corrupt; cannot be opened read/write', offset })
  if (incompatibleFeatures & Incompatible.dirty)
    problems.push({
      message:
        'The image was not cleanly shut down (dirty bit): its refcounts may be wrong, and QEMU repairs them when it opens the image read/write',
      offset,
    })
}

function validateTables({ header, cluster, sizeAsWritten }: HeaderCluster): void {
  const clusterSize = cluster.length
  if (header.refcountTableClusters === 0)
    throw new Qcow2Error(
      'Image does not contain a reference count table',
      HeaderField.refcountTableClusters,
      'qemu-img check -r all can rebuild it.',
    )
  validateTable(
    {
      name: 'Reference count table',
      offset: header.refcountTableOffset,
      entries: header.refcountTableClusters,
      entrySize: clusterSize,
      maxBytes: MAX_REFCOUNT_TABLE_BYTES,
      offsetField: HeaderField.refcountTableOffset,
      entriesField: HeaderField.refcountTableClusters,
    },
    clusterSize,
  )
  validateTable(
    {
      name: 'Snapshot table',
      offset: header.snapshotsOffset,
      entries: header.nbSnapshots,
      entrySize: SNAPSHOT_HEADER_LENGTH,
      maxBytes: SNAPSHOT_HEADER_LENGTH * MAX_SNAPSHOTS,
      offsetField: HeaderField.snapshotsOffset,
      entriesField: HeaderField.nbSnapshots,
    },
    clusterSize,
  )
  validateTable(
    {
      name: 'Active L1 table',
      offset: header.l1TableOffset,
      entries: header.l1Size,
      entrySize: 8,
      maxBytes: MAX_L1_BYTES,
      offsetField: HeaderField.l1TableOffset,
      entriesField: HeaderField.l1Size,
    },
    clusterSize,
  )
  checkSize(header, sizeAsWritten)
}

function checkSize(header: Header, sizeAsWritten: bigint): void {
  const extended = (header.incompatibleFeatures & Incompatible.extendedL2) !== 0n
  const l2Bits = header.clusterBits - (extended ? 4 : 3)
  const shift = BigInt(header.clusterBits + l2Bits)
  const needed = BigInt.asUintN(64, sizeAsWritten + (1n << shift) - 1n) >> shift
  if (needed > INT_MAX) throw new Qcow2Error('Image is too big', HeaderField.size)
  if (BigInt(header.l1Size) < needed)
    throw new Qcow2Error(
      'L1 table is too small',
      HeaderField.l1Size,
      `A disk of ${sizeAsWritten} bytes needs ${needed} entries, and the table has ${header.l1Size}.`,
    )
}

function checkDataFile(header: Header, name: string | undefined, problems: Problem[]): void {
  if (header.incompatibleFeatures & Incompatible.dataFile) {
    if (name === undefined)
      problems.push({
        message: "'data-file' is required for this image",
        offset: HeaderField.incompatibleFeatures,
      })
  } else if (header.autoclearFeatures & Autoclear.rawDataFile)
    throw new Qcow2Error('data-file-raw requires a data file', HeaderField.autoclearFeatures)
}

function readBackingFile({ header, cluster }: HeaderCluster): string | undefined {
  if (header.backingFileOffset === 0n) return undefined
  const offset = Number(header.backingFileOffset)
  const length = header.backingFileSize
  if (length > Math.min(MAX_BACKING_FILE_NAME, cluster.length - offset))
    throw new Qcow2Error(
      'Backing file name too long',
      HeaderField.backingFileSize,
      `It may have ${MAX_BACKING_FILE_NAME} bytes, and must lie in the first cluster.`,
    )
  return cString(cluster.subarray(offset, offset + length))
}

/** Bitmaps that QEMU has given up are shown if they can be read, and told as a problem if not. */
async function readBitmaps(
  disk: ByteSource,
  header: Header,
  extension: BitmapsExtension | undefined,
  problems: Problem[],
  signal?: CancelSignal,
): Promise<BitmapDirectory | undefined> {
  if (!extension) return undefined
  try {
    const directory = await readBitmapDirectory(disk, header, extension)
    await checkBitmapTables(disk, header, directory, problems, signal)
    return directory
  } catch (error) {
    if (extension.consistent || !(error instanceof Qcow2Error)) throw error
    problems.push({ message: error.message, ...(error.offset === undefined ? {} : { offset: error.offset }) })
    return undefined
  }
}
