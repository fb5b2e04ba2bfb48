/** What the box that finds things offers while one types. */
import { type FindKind, FIND_KINDS, type FindKindName } from '../../../lib/find-kinds.ts'
import { formatBytes, formatCount } from '../../../lib/sizes.ts'
import { WINDOW_CLUSTERS } from '../../../lib/units.ts'
import { UserError } from '../../../lib/user-error.ts'
import { matchKinds } from './match-kinds.ts'
import { type FindExtent, type FindQuery, parseFind, showQuery } from './parse-find.ts'

export interface Suggestion {
  /** What stands in the field when it is chosen; tells suggestions apart. */
  readonly text: string
  readonly label: string
  readonly about: string
  /** How many clusters there are; undefined for places, and as long as nobody has counted. */
  readonly clusters: number | undefined
  readonly query: FindQuery
}

export type Counts = Readonly<Record<FindKindName, number>>

/** What a bare number may be. */
const READINGS = [
  ['', 'Host offset'],
  ['cluster ', 'Cluster'],
  ['window ', 'Window'],
  ['guest ', 'Guest offset'],
] as const

const NUMBER = /^[0-9.]/

/** @returns readings of a number, a place, or kinds; of no text, the kinds that the image has */
export function suggest(text: string, extent: FindExtent, counts: Counts | undefined): Suggestion[] {
  const typed = text.trim()
  if (typed === '')
    return FIND_KINDS.filter(({ name }) => counts && counts[name] > 0).map(kind =>
      kindSuggestion(kind, counts),
    )
  if (NUMBER.test(typed))
    return READINGS.flatMap(([prefix, label]) => {
      const query = queryOf(prefix + typed, extent)
      return query ? [placeSuggestion(prefix + typed, `${label} ${typed}`, query, extent)] : []
    })
  const query = queryOf(typed, extent)
  if (query && query.type !== 'kind') return [placeSuggestion(typed, typed, query, extent)]
  return matchKinds(typed).kinds.map(kind => kindSuggestion(kind, counts))
}

function queryOf(text: string, extent: FindExtent): FindQuery | undefined {
  try {
    return parseFind(text, extent)
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

function placeSuggestion(text: string, label: string, query: FindQuery, extent: FindExtent): Suggestion {
  return { text, label, about: aboutPlace(query, extent), clusters: undefined, query }
}

function aboutPlace(query: FindQuery, { clusterSize }: FindExtent): string {
  if (query.type !== 'place') return 'through L1 and L2'
  const { start, clusters } = query
  if (clusters > 1) return `from ${formatBytes(BigInt(start) * BigInt(clusterSize))}`
  return `cluster ${formatCount(start)}, window ${formatCount(Math.floor(start / WINDOW_CLUSTERS))}`
}

function kindSuggestion({ name, label, about }: FindKind, counts: Counts | undefined): Suggestion {
  const query = { type: 'kind', kind: name } as const
  return { text: showQuery(query), label, about, clusters: counts?.[name], query }
}
