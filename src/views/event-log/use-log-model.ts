import { useMemo, useState } from 'react'
import type { LogGroup, LogMember } from '../../simulation/report.ts'
import { type LogRow, LogRows, type Unfolded } from './log-rows.ts'
import { type FilteredLog, useLogFilter } from './use-log-filter.ts'
import { useLogPages } from './use-log-pages.ts'

export interface ShownRow {
  readonly row: LogRow
  /** The group's index in the whole log. */
  readonly index: number
  readonly group: LogGroup | undefined
  readonly member: { readonly index: number; readonly event: LogMember | undefined } | undefined
  readonly unfolded: boolean
  readonly position: { readonly place: number; readonly of: number }
}

export interface LogModel extends FilteredLog {
  readonly rowCount: number
  row(row: number): ShownRow
  /** The row of a group by its place among those shown. */
  rowOf(place: number): number
  /** Unfolds a group that has more than one event, or folds it again. */
  toggle(shown: ShownRow): void
}

/** The rows of the event log: groups, filtered, some of them unfolded. */
export function useLogModel(run: number, revision: number, total: number): LogModel {
  const pages = useLogPages(run, revision)
  const filtered = useLogFilter(run, revision, total)
  const { matches } = filtered
  // By the group's index in the log. What was unfolded belongs to one revision.
  const [state, setState] = useState<{
    readonly key: string
    readonly members: ReadonlyMap<number, number>
  }>()
  const key = `${run} ${revision}`
  const members = state?.key === key ? state.members : NONE

  const rows = useMemo(() => {
    const unfolded: Unfolded[] = []
    for (const [index, count] of members) {
      const place = matches ? matches.groups.indexOf(index) : index
      if (place >= 0) unfolded.push({ place, members: count })
    }
    return new LogRows(matches ? matches.groups.length : total, unfolded)
  }, [matches, members, total])
  const groupCount = matches ? matches.groups.length : total

  return {
    ...filtered,
    rowCount: rows.count,
    rowOf: place => rows.rowOf(place),
    row(at) {
      const row = rows.at(at)
      const index = matches ? (matches.groups[row.place] ?? 0) : row.place
      const group = pages.groups.at(index)
      const isMember = row.kind === 'member'
      return {
        row,
        index,
        group,
        member: isMember ? { index: row.member, event: pages.members(index).at(row.member) } : undefined,
        unfolded: members.has(index),
        position: isMember
          ? { place: row.member, of: members.get(index) ?? 0 }
          : { place: row.place, of: groupCount },
      }
    },
    toggle({ index, group }) {
      const next = new Map(members)
      if (!next.delete(index) && group && group.count > 1) next.set(index, group.count)
      setState({ key, members: next })
    },
  }
}

const NONE: ReadonlyMap<number, number> = new Map()
