/** What is said below an exported picture: of what image it is, under which options, and what part is seen. */
import { TILE_SIDE } from '../../lib/cells.ts'
import type { Layer } from '../../lib/layers.ts'
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import { formatBytes, formatCount, formatOffset } from '../../lib/sizes.ts'
import { type Layout, PITCH_X, PITCH_Y, windowPoint } from '../../render/layout.ts'
import type { PlaneRect, Viewport } from '../../render/viewport.ts'
import type { ImageSummary, RunOptions, RunReport } from '../../simulation/report.ts'
import { overlapCheckOption } from '../../state/overlap-check-option.ts'

export interface CaptionFacts {
  readonly image: ImageSummary
  readonly report: RunReport
  /** What the image is, besides its name: "scenario", "synthetic image", "file". */
  readonly source: string
  readonly layer: Layer
  /** Whether kinds are filtered out. */
  readonly isFiltered: boolean
}

/** The lines, the first of them a title. Nothing in them depends on when they were written. */
export function pictureCaption(
  { image, report, source, layer, isFiltered }: CaptionFacts,
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
    `${seenText(layout, viewport, image.clusterSize)} Layer: ${layer}${isFiltered ? ', with kinds filtered out' : ''}.`,
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

function seenText(layout: Layout, viewport: Viewport, clusterSize: number): string {
  const all = `${formatCount(layout.count)} ${layout.count === 1 ? 'window' : 'windows'} of ${formatCount(WINDOW_CLUSTERS)} clusters`
  const seen = seenWindows(layout, viewport)
  if (!seen) return `Seen: none of ${all}.`
  const { first, last, isWhole } = seen
  if (isWhole && first === 0 && last === layout.count - 1) return `Seen: all of ${all}.`
  const windows =
    first === last ? `window ${formatCount(first)}` : `windows ${formatCount(first)} to ${formatCount(last)}`
  const bytes = BigInt(WINDOW_CLUSTERS) * BigInt(clusterSize)
  const range = `${formatOffset(BigInt(first) * bytes)} to ${formatOffset(BigInt(last + 1) * bytes)}`
  return `Seen: ${isWhole ? '' : 'a part of '}${windows} (host offsets ${range}), of ${all} in all.`
}

interface SeenWindows {
  readonly first: number
  readonly last: number
  /** Whether all cells of all windows from the first to the last are in view. */
  readonly isWhole: boolean
}

/** @returns undefined where only gutters are in view, or the end of the last row, which has no windows */
function seenWindows(layout: Layout, viewport: Viewport): SeenWindows | undefined {
  const { x, y, width, height, scale } = viewport
  const slack = ROUNDING / scale
  const rows = seenTiles(y + slack, y + height / scale - slack, PITCH_Y, layout.rows)
  const columns = seenTiles(x + slack, x + width / scale - slack, PITCH_X, layout.columns)
  // The last row may end before the picture begins.
  const hasWindows = rows.last * layout.columns + columns.first < layout.count
  const lastRow = hasWindows ? rows.last : rows.last - 1
  if (lastRow < rows.first || columns.last < columns.first) return undefined
  const first = rows.first * layout.columns + columns.first
  const last = Math.min(lastRow * layout.columns + columns.last, layout.count - 1)
  const isOneRow = rows.first === lastRow
  // Of several rows, windows in between lie beside the picture.
  const isRun = isOneRow || (columns.first === 0 && columns.last === layout.columns - 1)
  const corner = windowPoint(layout, first)
  const right = (isOneRow ? last % layout.columns : columns.last) * PITCH_X + TILE_SIDE
  const bottom = lastRow * PITCH_Y + TILE_SIDE
  const rect = { ...corner, width: right - corner.x, height: bottom - corner.y }
  return { first, last, isWhole: isRun && isInside(rect, viewport) }
}

/** Those of the tiles in a row or a column that have cells between two places in the plane; none if last < first. */
function seenTiles(from: number, to: number, pitch: number, count: number): { first: number; last: number } {
  return {
    first: Math.max(0, Math.floor((from - TILE_SIDE) / pitch) + 1),
    last: Math.min(count, Math.ceil(to / pitch)) - 1,
  }
}

/** Pixels that may be lost or won where a cell is drawn on whole ones. */
const ROUNDING = 0.5

function isInside({ x, y, width, height }: PlaneRect, viewport: Viewport): boolean {
  const slack = ROUNDING / viewport.scale
  return (
    x >= viewport.x - slack &&
    y >= viewport.y - slack &&
    x + width <= viewport.x + viewport.width / viewport.scale + slack &&
    y + height <= viewport.y + viewport.height / viewport.scale + slack
  )
}
