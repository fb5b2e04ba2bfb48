/** Which row of the event log shows what: a group of equal events, or one member of an unfolded group. */

export type LogRow =
  | { readonly kind: 'group'; readonly place: number }
  | { readonly kind: 'member'; readonly place: number; readonly member: number }

/** An unfolded group: its place among the groups shown, and how many members it has. */
export interface Unfolded {
  readonly place: number
  readonly members: number
}

export class LogRows {
  readonly count: number
  private readonly unfolded: readonly Unfolded[]

  /** @param groups how many groups are shown; @param unfolded in any order, those past the end are left out */
  constructor(groups: number, unfolded: readonly Unfolded[]) {
    this.unfolded = unfolded.filter(each => each.place < groups).sort((a, b) => a.place - b.place)
    this.count = this.unfolded.reduce((sum, each) => sum + each.members, groups)
  }

  /** @param row 0 to count - 1 */
  at(row: number): LogRow {
    let extra = 0
    for (const { place, members } of this.unfolded) {
      const first = place + extra + 1
      if (row < first) break
      if (row < first + members) return { kind: 'member', place, member: row - first }
      extra += members
    }
    return { kind: 'group', place: row - extra }
  }

  /** @returns the row of a group by its place */
  rowOf(place: number): number {
    return this.unfolded.reduce((row, each) => (each.place < place ? row + each.members : row), place)
  }
}
