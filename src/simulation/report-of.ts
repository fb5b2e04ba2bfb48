/** A run in figures, as the page shows it. */
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import { budgetOf } from './budget.ts'
import { figuresOf, measureCoverage } from './coverage.ts'
import { knownBy } from './known-by.ts'
import type { OpeningRun } from './opening-run.ts'
import type { LiveReport, RunReport, WindowTable } from './report.ts'
import type { Truth } from './truth.ts'

export interface Reported {
  readonly run: OpeningRun
  readonly truth: Truth
  /** Clusters of the file. */
  readonly fileClusters: number
  readonly live: LiveReport | undefined
}

/** @returns the run in figures, and its windows one by one, which the page never needs all of */
export function reportOf({ run, truth, fileClusters, live }: Reported): {
  report: RunReport
  windows: WindowTable
} {
  const { engine, options, outcome, recorder } = run
  const known = knownBy(run, truth)
  const canBuild = known?.canBuild() ?? false
  const { log, steps, missedOverlaps, refusedWindows } = recorder
  const { coverage, windows } = measureCoverage({
    truth: truth.engine,
    engine,
    known,
    canBuild,
    // An image that does not open has nothing that anybody could write over.
    checkedTypes: outcome.kind === 'refused' ? 0 : options.checkedTypes,
    refusedWindows,
    fileWindows: Math.ceil(fileClusters / WINDOW_CLUSTERS),
  })
  const report = {
    options,
    outcome,
    budget: budgetOf(run),
    windows: figuresOf(windows),
    coverage,
    scans: { total: recorder.scans.total, last: recorder.scans.last },
    typeCounts: truth.typeCounts,
    steps: steps.count,
    currentAge: engine?.currentAge ?? 0,
    events: log.events - missedOverlaps,
    logGroups: log.groups,
    canBuild,
    missedOverlaps,
    live,
  }
  return { report, windows }
}
