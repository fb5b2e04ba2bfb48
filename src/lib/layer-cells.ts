/**
 * What a map cell means in each layer. The guard bits and the problem bit (cells.ts) are the same in all of them; the
 * value in the low five bits is an owner, a step of refcounts, a step of ages, or what is wrong. Tables of all 256
 * cells say which matters most where many share a pixel, and which are figure rather than ground.
 */
import { ageIsMetadata, AGE_STEPS, ageStep } from './age-bucket.ts'
import { type Cell, CELL_PROBLEM, cellGuard, cellOwner, Guard, SEVERITY } from './cells.ts'
import { LAYERS, type Layer } from './layers.ts'
import { isMetadata } from './owners.ts'
import { isLeakedValue, isMetadataValue, Wrong, wrongOf } from './problem-value.ts'
import { RefcountBucket } from './refcount-bucket.ts'

export const CELLS = 256

/**
 * A value of no layer that only the map uses: some metadata or other, where a window is known by its counts
 * alone and its cells have not arrived.
 */
export const SOME_METADATA = 31

/** Layers whose cells are the same share their tiles. */
export const CELLS_OF: Readonly<Record<Layer, Layer>> = {
  owner: 'owner',
  protection: 'owner',
  refcount: 'refcount',
  age: 'age',
  problem: 'problem',
}

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

const PROMINENT_VALUES: Readonly<Record<Layer, (value: number) => boolean>> = {
  owner: isMetadata,
  protection: isMetadata,
  refcount: value => value >= RefcountBucket.two,
  age: ageIsMetadata,
  problem: value => wrongOf(value) !== 0 || isLeakedValue(value),
}

function severityIn(layer: Layer, cell: Cell): number {
  if (CELLS_OF[layer] === 'owner') return SEVERITY[cell]!
  const rank = rankOf(layer, cellOwner(cell))
  const guard = cellGuard(cell)
  if (guard === Guard.lost) return 200 + rank
  if (guard === Guard.lockedOut) return 160 + rank
  // Where the layer is about something else, a problem does not hide it.
  if (layer === 'refcount' && cell & CELL_PROBLEM) return 40 + rank
  return cell === 0 ? 0 : Math.max(1, rank)
}

const rankOf = (layer: Layer, value: number): number => (value === SOME_METADATA ? 1 : RANKS[layer](value))

const tables = <T>(make: (layer: Layer) => T): Readonly<Record<Layer, T>> =>
  Object.fromEntries(LAYERS.map(layer => [layer, make(layer)])) as Record<Layer, T>

const table = (value: (cell: Cell) => number): Uint8Array =>
  Uint8Array.from({ length: CELLS }, (_, cell) => value(cell))

/** Of every cell byte of a layer: the most severe of many clusters is what their pixel shows. */
export const SEVERITIES: Readonly<Record<Layer, Uint8Array>> = tables(layer =>
  table(cell => severityIn(layer, cell)),
)

/** 1 for cells that are drawn larger than they are, over others, and with their sign: what the layer is about. */
export const PROMINENT: Readonly<Record<Layer, Uint8Array>> = tables(layer =>
  table(cell => {
    const value = cellOwner(cell)
    if (cellGuard(cell) >= Guard.lost || value === SOME_METADATA) return 1
    return PROMINENT_VALUES[layer](value) || (layer === 'refcount' && cell & CELL_PROBLEM) ? 1 : 0
  }),
)

/**
 * The same under a filter: what is shown wins over all that is muted.
 * @param muted by cell, 1 for what is filtered out
 */
export function severitiesOf(layer: Layer, muted: Uint8Array | undefined): Uint8Array {
  const severities = SEVERITIES[layer]
  if (!muted?.includes(1)) return severities
  // Muted cells keep their order below the shown ones: no layer has more than 127 ranks.
  const ranks = [...new Set(severities)].sort((a, b) => a - b)
  return severities.map((severity, cell) => {
    const rank = ranks.indexOf(severity)
    return rank === 0 || muted[cell] ? rank : rank + ranks.length - 1
  })
}
