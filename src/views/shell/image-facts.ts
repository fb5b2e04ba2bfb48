/** The open image in one line. */
import { formatBytes, formatCount } from '../../lib/sizes.ts'
import type { ImageSummary, RunOptions } from '../../simulation/report.ts'

export function imageFacts(image: ImageSummary, options: RunOptions): string {
  const { snapshots, bytesRead } = image
  const reference =
    options.device !== '' ? `device ${options.device}` : options.nodeName && `node ${options.nodeName}`
  return [
    `${formatBytes(image.virtualSize)} disk in a file of ${formatBytes(image.fileSize)}`,
    bytesRead > 0 && `${formatBytes(bytesRead)} read`,
    `${formatBytes(image.clusterSize)} clusters`,
    `v${image.version}`,
    snapshots.length > 0 && `${formatCount(snapshots.length)} snapshot${snapshots.length === 1 ? '' : 's'}`,
    ...image.features,
    reference,
    `engine ${options.version}`,
  ]
    .filter(Boolean)
    .join(' · ')
}

/** What is wrong with the image, as `qemu-img check` counts it; undefined where nothing is. */
export function imageFaults({ corruptions, leaks, problemCount }: ImageSummary): string | undefined {
  const parts = [
    corruptions > 0 && `${formatCount(corruptions)} corruption${corruptions === 1 ? '' : 's'}`,
    leaks > 0 && `${formatCount(leaks)} leaked cluster${leaks === 1 ? '' : 's'}`,
    corruptions === 0 &&
      leaks === 0 &&
      problemCount > 0 &&
      `${formatCount(problemCount)} ${problemCount === 1 ? 'oddity' : 'oddities'}`,
  ].filter(Boolean)
  return parts.length > 0 ? parts.join(', ') : undefined
}
