/** Walking from one unguarded cluster to the next. */
import { isUnguarded } from '../lib/cells.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import type { OverlapEngine } from '../overlap/engine.ts'
import { firstRowFrom } from '../lib/window-rows.ts'
import { runEnd, runStart, runTypes } from '../overlap/run-arena.ts'
import { typesAt } from '../overlap/type-runs.ts'
import { guardOf, isReadable } from './coverage.ts'
import type { RunOptions, RunReport, WindowTable } from './report.ts'

export interface FindContext {
  readonly truth: OverlapEngine
  readonly engine: OverlapEngine | undefined
  readonly options: Pick<RunOptions, 'checkedTypes'>
  readonly report: Pick<RunReport, 'canBuild'>
  readonly windows: WindowTable
}

/**
 * @param after where to start, itself left out
 * @returns the nearest unguarded cluster in this direction, going round at the end; undefined for none
 */
export function findUnguarded(context: FindContext, after: number, direction: 1 | -1): number | undefined {
  const { rows, window: windowOf, unguarded } = context.windows
  if (rows === 0) return undefined
  const at = Math.floor(after / WINDOW_CLUSTERS)
  const next = firstRowFrom(windowOf, rows, Math.max(0, at))
  // Going back, a window without a row starts from the row before it.
  const start = direction < 0 && windowOf[next] !== at ? next - 1 : next
  // The first window is looked at twice: past `after` at first, up to it at last.
  for (let i = 0; i <= rows; i++) {
    const row = (((start + direction * i) % rows) + rows) % rows
    if (unguarded[row] === 0) continue
    const window = windowOf[row]!
    const clusters = unguardedIn(context, window)
    if (direction < 0) clusters.reverse()
    const isFirst = i === 0 && window === at
    const wanted = clusters.find(cluster => !isFirst || (direction > 0 ? cluster > after : cluster < after))
    if (wanted !== undefined) return wanted
  }
  return undefined
}

function unguardedIn({ truth, engine, options, report }: FindContext, window: number): number[] {
  const recorded = engine?.runs(window)
  const readable = engine !== undefined && isReadable(engine, window, report.canBuild)
  const found: number[] = []
  for (const run of truth.runs(window)) {
    const expected = runTypes(run) & options.checkedTypes
    for (let index = runStart(run); index < runEnd(run); index++) {
      const known = recorded ? typesAt(recorded, 0, recorded.length, index) : 0
      if (isUnguarded(guardOf(expected, known, readable))) found.push(window * WINDOW_CLUSTERS + index)
    }
  }
  return found
}
