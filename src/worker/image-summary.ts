/** What the page says about an image at a glance. */
import type { Qcow2Image } from '../qcow2/image.ts'
import type { ImageSummary } from '../simulation/report.ts'
import type { Session } from '../simulation/session.ts'
import type { OpenedChoice } from './image-choice.ts'

export function summarize({ image, owners }: Session, choice: OpenedChoice): ImageSummary {
  const { header, clusterSize, fileClusters, disk, snapshots } = image
  const problems = [...image.problems, ...owners.problems]
  return {
    name: choice.name,
    version: header.version,
    virtualSize: header.size,
    fileSize: disk.size,
    clusterSize,
    fileClusters,
    refcountBits: 2 ** header.refcountOrder,
    snapshots: snapshots.map(({ name, id }) => name || id),
    features: featuresOf(image),
    problems,
    problemCount: image.problems.length + owners.problemCount,
    corruptions: owners.corruptions,
    leaks: owners.leaks,
    ownerCounts: owners.counts,
    bytesRead: choice.bytesRead(),
  }
}

const has = (features: bigint, bit: number): boolean => ((features >> BigInt(bit)) & 1n) === 1n

function featuresOf(image: Qcow2Image): string[] {
  const { header } = image
  const incompatible = header.incompatibleFeatures
  const crypt = ['', 'AES', 'LUKS'][header.cryptMethod]
  return [
    has(incompatible, 4) && 'extended L2',
    header.compressionType === 1 && 'zstd',
    crypt,
    image.backingFile !== undefined && `backing file ${image.backingFile}`,
    image.externalDataFile !== undefined && `data file ${image.externalDataFile}`,
    image.bitmapDirectory && `${image.bitmapDirectory.bitmaps.length} bitmaps`,
    has(header.compatibleFeatures, 0) && 'lazy refcounts',
    has(incompatible, 0) && 'dirty',
    has(incompatible, 1) && 'corrupt',
  ].filter(feature => typeof feature === 'string' && feature !== '') as string[]
}
