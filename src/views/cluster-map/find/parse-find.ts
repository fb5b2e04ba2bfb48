/** Reads what people type into the box that finds things. */
import { findKind, type FindKindName } from '../../../lib/find-kinds.ts'
import { formatBytes } from '../../../lib/sizes.ts'
import type { GuestOffset } from '../../../lib/units.ts'
import { WINDOW_CLUSTERS } from '../../../lib/units.ts'
import { UserError } from '../../../lib/user-error.ts'
import { cleanNumbers, type MapExtent, offsetOf, parseDestination } from './destination.ts'
import { matchKinds } from './match-kinds.ts'

export interface FindExtent extends MapExtent {
  /** The disk that the guest sees (bytes). */
  readonly virtualSize: bigint
}

export type FindQuery =
  /** 1 cluster, or the 4096 of a window. */
  | { readonly type: 'place'; readonly start: number; readonly clusters: number }
  | { readonly type: 'guest'; readonly offset: GuestOffset }
  | { readonly type: 'kind'; readonly kind: FindKindName }

export const ACCEPTED =
  'Type a host offset (805306368, 0x30000000, 768M), “cluster 12288”, “window 3”, “guest 1M”, or a kind: “active L2”, “leaked”, “unguarded” …'

const GUEST = /^(?:g|guest)(?:\s*offset)?[\s:#]*(?=[0-9.])(.+)$/i
/** What begins with a number, or names a place that is one. */
const PLACE = /^(?:[-+.]?\d|(?:w|win|window|c|cluster|o|offset|at)[\s:#]*[0-9.])/i

/**
 * Understands places (destination.ts), `guest 1M` (also `g 0x100000`), and kinds of clusters by their names, QEMU's
 * names, or as many letters as tell them apart.
 * @throws UserError saying what is accepted, how far the image reaches, or which kinds may be meant
 */
export function parseFind(text: string, extent: FindExtent): FindQuery {
  const cleaned = cleanNumbers(text)
  if (cleaned === '') throw new UserError('Nothing to look for yet.', { advice: ACCEPTED })
  const guest = GUEST.exec(cleaned)
  if (guest) return guestAt(offsetOf(guest[1]!, text, ACCEPTED), extent)
  if (PLACE.test(cleaned)) return { type: 'place', ...parseDestination(text, extent, ACCEPTED) }
  const { best } = matchKinds(cleaned)
  const [only] = best
  if (!only) throw new UserError(`“${text.trim()}” is nothing that can be found.`, { advice: ACCEPTED })
  if (best.length > 1)
    throw new UserError(`“${text.trim()}” may be more than one thing.`, {
      advice: `Type more of it: ${best.map(({ label }) => label).join(', ')}.`,
    })
  return { type: 'kind', kind: only.name }
}

function guestAt(offset: bigint, { virtualSize }: FindExtent): FindQuery {
  if (offset >= virtualSize)
    throw new UserError(`Guest offset 0x${offset.toString(16)} is past the end of the disk.`, {
      advice: `The guest’s disk is ${virtualSize} bytes long (${formatBytes(virtualSize)}).`,
    })
  return { type: 'guest', offset }
}

/** A query as it can be typed. */
export function showQuery(query: FindQuery): string {
  if (query.type === 'kind') return findKind(query.kind).label
  if (query.type === 'guest') return `guest 0x${query.offset.toString(16)}`
  const { start, clusters } = query
  return clusters === 1 ? `cluster ${start}` : `window ${Math.floor(start / WINDOW_CLUSTERS)}`
}
