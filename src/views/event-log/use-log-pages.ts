import { useMemo, useReducer, useRef } from 'react'
import type { LogGroup, LogMember } from '../../simulation/report.ts'
import { Pages } from '../../state/pages.ts'
import { simulator } from '../../state/simulator.ts'

export interface LogPages {
  readonly groups: Pages<LogGroup>
  /** The members of one group. */
  members(group: number): Pages<LogMember>
  /** Counts the pages that have arrived. */
  readonly arrived: number
}

/** @returns the log's groups and members page by page, for the run and revision that are shown */
export function useLogPages(run: number, revision: number): LogPages {
  const [arrived, redraw] = useReducer((count: number) => count + 1, 0)
  const previous = useRef<{ run: number; groups: Pages<LogGroup> }>(undefined)
  const pages = useMemo(() => {
    const groups = new Pages<LogGroup>(
      (from, count) => fetchGroups(run, from, count),
      redraw,
      previous.current?.run === run ? previous.current.groups : undefined,
    )
    previous.current = { run, groups }
    const members = new Map<number, Pages<LogMember>>()
    return {
      // A revision's pages are its own: what arrives for an older one goes into Pages nobody reads.
      revision,
      groups,
      members(group: number) {
        const known = members.get(group)
        if (known) return known
        const made = new Pages<LogMember>((from, count) => fetchMembers(run, group, from, count), redraw)
        members.set(group, made)
        return made
      },
    }
  }, [run, revision])
  return { ...pages, arrived }
}

export async function fetchGroups(run: number, from: number, count: number): Promise<readonly LogGroup[]> {
  return (await simulator.request({ type: 'log-groups', run, from, count })).groups
}

async function fetchMembers(run: number, group: number, from: number, count: number) {
  return (await simulator.request({ type: 'log-members', run, group, from, count })).members
}
