import { useEffect, useState } from 'react'
import { isFiltering, type LogFilter, type Matches, NO_FILTER, searchLog } from '../../state/log-filter.ts'
import { fetchGroups } from './use-log-pages.ts'

const NOTHING_YET: Matches = { groups: [], searched: 0 }

export interface FilteredLog {
  readonly filter: LogFilter
  setFilter(filter: LogFilter): void
  /** undefined where nothing is filtered: all groups are shown. */
  readonly matches: Matches | undefined
}

/** The log's filter, and what passes it. The search begins anew with every run and every change of filter. */
export function useLogFilter(run: number, revision: number, total: number): FilteredLog {
  const [filter, setFilter] = useState(NO_FILTER)
  const [found, setFound] = useState<{ readonly key: string; readonly matches: Matches }>()
  const active = isFiltering(filter)
  const key = `${run} ${revision} ${filter.kind} ${filter.text}`

  useEffect(
    () => (active ? startSearch(run, total, filter, matches => setFound({ key, matches })) : undefined),
    [active, run, total, filter, key],
  )

  const matches = found?.key === key ? found.matches : NOTHING_YET
  return { filter, setFilter, matches: active ? matches : undefined }
}

/** @returns how to stop it */
function startSearch(run: number, total: number, filter: LogFilter, onMatches: (matches: Matches) => void) {
  let stopped = false
  const search = async () => {
    for await (const matches of searchLog((from, count) => fetchGroups(run, from, count), total, filter)) {
      if (stopped) return
      onMatches(matches)
    }
  }
  // A search ends with its run; a lost worker is told by the session.
  search().catch(() => undefined)
  return () => {
    stopped = true
  }
}
