/** Which of the things that share a cell or a pixel of the map wins, in each layer. */
import { ageIsMetadata, AGE_STEPS, ageStep } from './age-bucket.ts'
import { type Cell, CELL_PROBLEM, cellGuard, cellOwner, Guard, SEVERITY } from './cells.ts'
import { CELLS_OF, ofCells, ofLayers } from './layer-cells.ts'
import type { Layer } from './layers.ts'
import { isLeakedValue, isMetadataValue, Wrong, wrongOf } from './problem-value.ts'

/** How much a value matters beside others of its layer, below 40; the nothing that tiles begin as is 0. */
const RANKS: Readonly<Record<Layer, (value: number) => number>> = {
  owner: value => value,
  protection: value => value,
  refcount: value => value,
  // What was used last matters most, and metadata before what only shares its window.
  age: value =>
    (ageIsMetadata(value) ? 16 : 0) + (ageStep(value) < 0 ? 0 : 2 * (AGE_STEPS.length - ageStep(value))),
  problem: problemRank,
}

function problemRank(value: number): number {
  if (value === 0) return 0
  const wrong = wrongOf(value)
  const rank =
    (wrong & Wrong.claimedTwice ? 16 : 0) +
    (wrong & Wrong.refcountWrong ? 8 : 0) +
    (wrong & Wrong.pastEnd ? 4 : 0) +
    (isLeakedValue(value) ? 3 : 0)
  return rank + (isMetadataValue(value) ? 2 : 1)
}

function severityIn(layer: Layer, cell: Cell): number {
  if (CELLS_OF[layer] === 'owner') return SEVERITY[cell]!
  const rank = RANKS[layer](cellOwner(cell))
  const guard = cellGuard(cell)
  if (guard === Guard.lost) return 200 + rank
  if (guard === Guard.lockedOut) return 160 + rank
  // Where the layer is about something else, a problem does not hide it.
  if (layer === 'refcount' && cell & CELL_PROBLEM) return 40 + rank
  return cell === 0 ? 0 : Math.max(1, rank)
}

/** Of every cell byte of a layer: the most severe of many clusters is what their pixel shows. */
export const SEVERITIES: Readonly<Record<Layer, Uint8Array>> = ofLayers(layer =>
  ofCells(cell => severityIn(layer, cell)),
)

/**
 * The same under a filter: what is shown wins over all that is muted.
 * @param muted by cell, 1 for what is filtered out
 */
export function severitiesOf(layer: Layer, muted?: Uint8Array): Uint8Array {
  const severities = SEVERITIES[layer]
  if (!muted?.includes(1)) return severities
  // Muted cells keep their order below the shown ones: no layer has more than 127 ranks.
  const ranks = [...new Set(severities)].sort((a, b) => a - b)
  return severities.map((severity, cell) => {
    const rank = ranks.indexOf(severity)
    return rank === 0 || muted[cell] ? rank : rank + ranks.length - 1
  })
}
