/** A window's history in words, each line with the step that did it and, of a refusal, its row of the event log. */
import { formatCount } from '../lib/sizes.ts'
import type { OpeningRun } from './opening-run.ts'
import type { HistoryInspection, HistoryLine } from './inspection.ts'
import { clusterOfStep, nameOfStep } from './step-name.ts'
import type { HistoryKind, HistoryRecord } from './window-history.ts'

/** More are told in numbers only. */
const MOST_LINES = 100

const DONE: Readonly<Record<Exclude<HistoryKind, 'refused'>, string>> = {
  built: 'built',
  fragments: 'given back as fragments',
  unmodified: 'given back unmodified',
  kept: 'pinned for good',
}

export function historyOf(run: OpeningRun, window: number, clusterSize: number): HistoryInspection {
  const { history } = run.recorder
  const counts = history.counts(window)
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const { kept, newest } = history.records(window, MOST_LINES)
  return { counts, total, kept, lines: newest.map(record => lineOf(run, window, clusterSize, record)) }
}

function lineOf(run: OpeningRun, window: number, clusterSize: number, record: HistoryRecord): HistoryLine {
  const { log, steps } = run.recorder
  const { step, kind, times } = record
  const refused = kind === 'refused' ? log.limitAt(step, window) : undefined
  // What happens as an image is opened for commands may belong to no call of theirs.
  const isStep = step < steps.count
  return {
    step,
    kind,
    times,
    text: kind === 'refused' ? refusalText(refused?.record) : DONE[kind],
    cause: isStep ? nameOfStep(run, step, clusterSize) : undefined,
    cluster: isStep ? clusterOfStep(run, step, clusterSize) : undefined,
    group: refused?.group,
  }
}

function refusalText(record: { asked: number; memUsage: number } | undefined): string {
  if (!record) return 'refused'
  return `refused: ${formatCount(record.asked)} bytes on top of the ${formatCount(record.memUsage)} in use`
}
