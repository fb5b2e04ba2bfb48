/** Reads places of the map as people type them. */
import { formatBytes, formatCount, GROUP_SPACE, parseSize } from '../../../lib/sizes.ts'
import { UserError } from '../../../lib/user-error.ts'
import { WINDOW_CLUSTERS } from '../../../lib/units.ts'

/** How far the map reaches. */
export interface MapExtent {
  readonly clusterSize: number
  readonly windows: number
}

/** A range of host clusters to go to. */
export interface Destination {
  readonly start: number
  /** 1 for a cluster, 4096 for a window. */
  readonly clusters: number
}

/** Takes away what people put between groups of digits. */
export const cleanNumbers = (text: string): string =>
  text
    .trim()
    .replaceAll(GROUP_SPACE, '')
    .replace(/(?<=\d)[ _](?=\d{3}(?!\d))/g, '')

/**
 * Understands `window 3`, `cluster 12288` (also `w3`, `c 0x3000`), and host offsets in bytes: decimal,
 * hexadecimal, or with QEMU's suffixes (`768M`, `768 MiB`). Spaces between groups of digits do not matter.
 * @param accepted what may be typed: advice for what is not understood
 * @throws UserError saying what is accepted, or how far the image reaches
 */
export function parseDestination(text: string, extent: MapExtent, accepted: string): Destination {
  const cleaned = cleanNumbers(text)
  const named = /^(w|win|window|c|cluster|o|offset|at)[\s:#]*(?=[0-9.])(.+)$/i.exec(cleaned)
  const kind = named?.[1]?.[0]?.toLowerCase() ?? 'o'
  const value = named?.[2] ?? cleaned
  if (kind === 'w') return windowAt(wholeNumber(value, text, accepted), extent)
  if (kind === 'c') return clusterAt(wholeNumber(value, text, accepted), extent)
  return offsetAt(offsetOf(value, text, accepted), extent)
}

function wholeNumber(value: string, text: string, accepted: string): bigint {
  if (!/^(\d+|0x[0-9a-f]+)$/i.test(value)) throw notUnderstood(text, accepted)
  return BigInt(value)
}

/**
 * Bytes, as QEMU takes them, or as people write them.
 * @param text all that was typed
 * @throws UserError
 */
export function offsetOf(value: string, text: string, accepted: string): bigint {
  // Of a hexadecimal number, b and e are digits.
  const suffix = /^0x/i.test(value) ? /\s*([kmgtp])i?b?$/i : /\s*([kmgtpe])i?b?$/i
  try {
    return parseSize(value.replace(suffix, '$1').replace(/\s*bytes?$/i, ''))
  } catch {
    throw notUnderstood(text, accepted)
  }
}

const notUnderstood = (text: string, accepted: string) =>
  new UserError(`“${text.trim()}” is no place that the map knows.`, { advice: accepted })

function windowAt(window: bigint, { windows }: MapExtent): Destination {
  if (window >= BigInt(windows))
    throw new UserError(`There is no window ${formatCount(window)}.`, {
      advice: `The image has ${windows === 1 ? 'window 0 only' : `windows 0 to ${formatCount(windows - 1)}`}.`,
    })
  return { start: Number(window) * WINDOW_CLUSTERS, clusters: WINDOW_CLUSTERS }
}

function clusterAt(cluster: bigint, { windows }: MapExtent): Destination {
  const count = windows * WINDOW_CLUSTERS
  if (cluster >= BigInt(count))
    throw new UserError(`There is no cluster ${formatCount(cluster)}.`, {
      advice: `The map shows clusters 0 to ${formatCount(count - 1)}.`,
    })
  return { start: Number(cluster), clusters: 1 }
}

function offsetAt(offset: bigint, { clusterSize, windows }: MapExtent): Destination {
  const end = BigInt(windows) * BigInt(WINDOW_CLUSTERS) * BigInt(clusterSize)
  if (offset >= end)
    throw new UserError(`Offset ${formatCount(offset)} lies past the end.`, {
      advice: `The map ends at ${formatCount(end)} (${formatBytes(end)}).`,
    })
  return { start: Number(offset / BigInt(clusterSize)), clusters: 1 }
}
