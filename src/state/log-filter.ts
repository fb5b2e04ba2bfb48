/** Which rows of the event log are shown. The worker has the log, so filtering looks through it page by page. */
import type { LogGroup } from '../simulation/report.ts'

export const LOG_KINDS = ['all', 'range', 'whole-image', 'repeated', 'corrupted', 'missed'] as const
export type LogKind = (typeof LOG_KINDS)[number]

export interface LogFilter {
  /** Part of the JSON or of the sentence, in whatever case; '' for all. */
  readonly text: string
  readonly kind: LogKind
}

export const NO_FILTER: LogFilter = { text: '', kind: 'all' }

export const isFiltering = ({ text, kind }: LogFilter): boolean => text.trim() !== '' || kind !== 'all'

export function passes(group: LogGroup, { text, kind }: LogFilter): boolean {
  if (kind === 'range' && !group.range) return false
  if (kind === 'whole-image' && (group.range || group.kind !== 'limit')) return false
  if ((kind === 'corrupted' || kind === 'missed') && group.kind !== kind) return false
  if (kind === 'repeated' && group.count < 2) return false
  const wanted = text.trim().toLowerCase()
  return (
    wanted === '' || group.json.toLowerCase().includes(wanted) || group.why.toLowerCase().includes(wanted)
  )
}

export interface Matches {
  /** Indexes of the groups that pass, ascending. */
  readonly groups: readonly number[]
  /** How many groups were looked at so far. */
  readonly searched: number
}

/** Groups asked for at a time. */
const CHUNK = 1000

/**
 * Looks through a log, yielding what was found so far after every chunk.
 * @param fetchGroups answers with `count` groups from `from` on
 */
export async function* searchLog(
  fetchGroups: (from: number, count: number) => Promise<readonly LogGroup[]>,
  total: number,
  filter: LogFilter,
): AsyncGenerator<Matches> {
  const groups: number[] = []
  let searched = 0
  while (searched < total) {
    const chunk = await fetchGroups(searched, Math.min(CHUNK, total - searched))
    if (chunk.length === 0) return
    for (const group of chunk) if (passes(group, filter)) groups.push(group.index)
    searched += chunk.length
    yield { groups: groups.slice(), searched }
  }
}
