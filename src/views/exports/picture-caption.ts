/** What is said below an exported picture: of what image it is, under which options, and what part is seen. */
import { TILE_SIDE } from '../../lib/cells.ts'
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import { formatBytes, formatCount, formatOffset } from '../../lib/sizes.ts'
import { type Layout, layoutHeight, layoutWidth, PITCH_X, PITCH_Y, windowPoint } from '../../render/layout.ts'
import { type PlaneRect, type Viewport, visibleTiles } from '../../render/viewport.ts'
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
  const all = `${formatCount(layout.count)} ${layout.count === 1 ? 'window' : 'windows'} of ${formatCount(WINDOW_CLUSTERS)} clusters`
  if (isInside({ x: 0, y: 0, width: layoutWidth(layout), height: layoutHeight(layout) }, viewport))
    return `Seen: all of ${all}.`
  const { firstColumn, lastColumn, firstRow, lastRow } = visibleTiles(layout, viewport)
  const first = firstRow * layout.columns + firstColumn
  const last = Math.min(lastRow * layout.columns + lastColumn, layout.count - 1)
  // Of several rows, windows in between lie beside the picture.
  const isRow = firstRow === lastRow || (firstColumn === 0 && lastColumn === layout.columns - 1)
  const corner = windowPoint(layout, first)
  const end = { x: lastColumn * PITCH_X + TILE_SIDE, y: lastRow * PITCH_Y + TILE_SIDE }
  const isWhole =
    isRow && isInside({ ...corner, width: end.x - corner.x, height: end.y - corner.y }, viewport)
  const windows =
    first === last ? `window ${formatCount(first)}` : `windows ${formatCount(first)} to ${formatCount(last)}`
  const bytes = BigInt(WINDOW_CLUSTERS) * BigInt(clusterSize)
  const range = `${formatOffset(BigInt(first) * bytes)} to ${formatOffset(BigInt(last + 1) * bytes)}`
  return `Seen: ${isWhole ? '' : 'a part of '}${windows} (host offsets ${range}), of ${all} in all.`
}

/** Half a pixel is rounding. */
function isInside({ x, y, width, height }: PlaneRect, viewport: Viewport): boolean {
  const slack = 0.5 / viewport.scale
  return (
    x >= viewport.x - slack &&
    y >= viewport.y - slack &&
    x + width <= viewport.x + viewport.width / viewport.scale + slack &&
    y + height <= viewport.y + viewport.height / viewport.scale + slack
  )
}
