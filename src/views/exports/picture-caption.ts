/** What is said below an exported picture: of what image it is, under which options, and what part is seen. */
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import { formatBytes, formatCount } from '../../lib/sizes.ts'
import type { Layout } from '../../render/layout.ts'
import { type Viewport, visibleTiles } from '../../render/viewport.ts'
import type { ImageSummary, RunOptions, RunReport } from '../../simulation/report.ts'
import { overlapCheckOption } from '../../state/overlap-check-option.ts'

export interface CaptionFacts {
  readonly image: ImageSummary
  readonly report: RunReport
  /** What the image is, besides its name: "scenario", "synthetic image", "file". */
  readonly source: string
}

/** The lines, the first of them a title. Nothing in them depends on when they were written. */
export function pictureCaption(
  { image, report, source }: CaptionFacts,
  layout: Layout,
  viewport: Viewport,
): string[] {
  const live = report.live
    ? `, after ${formatCount(report.live.commands)} ${report.live.commands === 1 ? 'command' : 'commands'}`
    : ''
  return [
    image.name,
    `${formatBytes(image.virtualSize)} disk in a file of ${formatBytes(image.fileSize)}, ${formatBytes(image.clusterSize)} clusters, qcow2 version ${image.version}${live}.`,
    `${optionsText(report.options)} ${guardText(report)}`,
    seenText(layout, viewport, image.clusterSize),
    `Drawn by Overlapscope, a simulation of QEMU’s qcow2 overlap checks (${source}).`,
  ]
}

function optionsText(options: RunOptions): string {
  const { template, overrides } = overlapCheckOption(options.checkedTypes)
  const checks = [
    `overlap-check=${template}`,
    ...overrides.map(({ option, on }) => `overlap-check.${option}=${on ? 'on' : 'off'}`),
  ].join(', ')
  if (options.version === 'mainline') return `Mainline’s own check, ${checks}.`
  const limit =
    options.totalSizeLimit === undefined ? 'no memory limit' : `total-size-limit=${options.totalSizeLimit}`
  return `Engine ${options.version}, ${checks}, bitmap-size=${options.bitmapSize}, ${limit}.`
}

function guardText({ coverage, outcome }: RunReport): string {
  if (outcome.kind === 'refused') return `The image does not open: ${outcome.error}.`
  if (outcome.kind === 'off') return 'No type is checked: nothing is guarded.'
  const { metadata, guarded, unguarded } = coverage
  const words = `${formatCount(metadata)} metadata ${metadata === 1 ? 'cluster' : 'clusters'} of checked types: ${formatCount(guarded)} guarded, ${formatCount(unguarded)} unguarded.`
  return outcome.kind === 'unchecked' ? `Opened unchecked: ${outcome.error}. ${words}` : words
}

/** Windows are seen row by row: of a part of the grid there is no first and last. */
function seenText(layout: Layout, viewport: Viewport, clusterSize: number): string {
  const { firstColumn, lastColumn, firstRow, lastRow } = visibleTiles(layout, viewport)
  const all = `${formatCount(layout.count)} ${layout.count === 1 ? 'window' : 'windows'} of ${formatCount(WINDOW_CLUSTERS)} clusters`
  const isWhole =
    firstColumn === 0 && firstRow === 0 && lastColumn === layout.columns - 1 && lastRow === layout.rows - 1
  if (isWhole) return `Seen: all of ${all}.`
  const first = firstRow * layout.columns + firstColumn
  const last = Math.min(lastRow * layout.columns + lastColumn, layout.count - 1)
  const windowBytes = WINDOW_CLUSTERS * clusterSize
  const between = firstRow === lastRow ? '' : 'parts of '
  const which =
    first === last
      ? `window ${formatCount(first)}`
      : `${between}windows ${formatCount(first)} to ${formatCount(last)}`
  const from = formatBytes(BigInt(first) * BigInt(windowBytes))
  const to = formatBytes(BigInt(last + 1) * BigInt(windowBytes))
  return `Seen: ${which} of ${all}, from ${first === 0 ? '0' : from} to ${to} in the file.`
}
