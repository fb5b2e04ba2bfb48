import { CELLS } from '../lib/layer-cells.ts'
import type { Layer } from '../lib/layers.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import { type LayerInput, unusedStretches, type VisitStretch, windowStretches } from './layer-stretches.ts'

/**
 * How many clusters of the whole image have each cell of a layer, indexed by cell. Windows that no engine has an
 * account of are counted run by run, however many there are.
 */
export function countCells(input: LayerInput, layer: Layer): Float64Array {
  const counts = new Float64Array(CELLS)
  const count: VisitStretch = (from, to, cell) => {
    counts[cell]! += to - from
  }
  let at = 0
  for (const window of usedWindows(input)) {
    const first = window * WINDOW_CLUSTERS
    if (first >= input.runs.end) break
    if (first > at) unusedStretches(input, layer, at, first, count)
    windowStretches(input, layer, window, count)
    at = first + WINDOW_CLUSTERS
  }
  if (at < input.runs.end) unusedStretches(input, layer, at, input.runs.end, count)
  return counts
}

function usedWindows({ truth, engine, list }: LayerInput): number[] {
  const used = new Set(truth.usedWindows())
  for (const each of [engine, list]) for (const window of each?.usedWindows() ?? []) used.add(window)
  return [...used].sort((a, b) => a - b)
}
