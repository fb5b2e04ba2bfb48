import { useReducer, useState } from 'react'
import type { LogGroup, LogMember } from '../../simulation/report.ts'
import { Pages } from '../../state/pages.ts'
import { simulator } from '../../state/simulator.ts'

/** The log of one run and revision, page by page. */
export interface LogPages {
  readonly run: number
  readonly revision: number
  readonly groups: Pages<LogGroup>
  /** The members of one group. */
  members(group: number): Pages<LogMember>
}

/** @returns the pages of the run and revision that are shown; whoever uses them is redrawn as pages arrive */
export function useLogPages(run: number, revision: number): LogPages {
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  const [pages, setPages] = useState(() => makePages(run, revision, redraw, undefined))
  if (pages.run === run && pages.revision === revision) return pages
  const next = makePages(run, revision, redraw, pages.run === run ? pages.groups : undefined)
  setPages(next)
  return next
}

function makePages(
  run: number,
  revision: number,
  redraw: () => void,
  before: Pages<LogGroup> | undefined,
): LogPages {
  const members = new Map<number, Pages<LogMember>>()
  return {
    run,
    revision,
    groups: new Pages((from, count) => fetchGroups(run, from, count), redraw, before),
    members(group) {
      const known = members.get(group)
      if (known) return known
      const made = new Pages<LogMember>((from, count) => fetchMembers(run, group, from, count), redraw)
      members.set(group, made)
      return made
    },
  }
}

export async function fetchGroups(run: number, from: number, count: number): Promise<readonly LogGroup[]> {
  return (await simulator.request({ type: 'log-groups', run, from, count })).groups
}

async function fetchMembers(run: number, group: number, from: number, count: number) {
  return (await simulator.request({ type: 'log-members', run, group, from, count })).members
}
