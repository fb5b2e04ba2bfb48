/**
 * What a map cell means in each layer. The guard bits and the problem bit (cells.ts) are the same in all of them; the
 * value in the low five bits is an owner, a step of refcounts, a step of ages, or what is wrong.
 */
import { ageIsMetadata } from './age-bucket.ts'
import { type Cell, CELL_PROBLEM, cellGuard, cellOwner, Guard } from './cells.ts'
import { LAYERS, type Layer } from './layers.ts'
import { isMetadata } from './owners.ts'
import { isLeakedValue, wrongOf } from './problem-value.ts'
import { RefcountBucket } from './refcount-bucket.ts'

export const CELLS = 256

/** Layers whose cells are the same share their tiles. */
export const CELLS_OF: Readonly<Record<Layer, Layer>> = {
  owner: 'owner',
  protection: 'owner',
  refcount: 'refcount',
  age: 'age',
  problem: 'problem',
}

const PROMINENT_VALUES: Readonly<Record<Layer, (value: number) => boolean>> = {
  owner: isMetadata,
  protection: isMetadata,
  refcount: value => value >= RefcountBucket.two,
  age: ageIsMetadata,
  problem: value => wrongOf(value) !== 0 || isLeakedValue(value),
}

/** Something for every layer. */
export const ofLayers = <T>(make: (layer: Layer) => T): Readonly<Record<Layer, T>> =>
  Object.fromEntries(LAYERS.map(layer => [layer, make(layer)])) as Record<Layer, T>

/** Something for every cell byte. */
export const ofCells = (value: (cell: Cell) => number): Uint8Array =>
  Uint8Array.from({ length: CELLS }, (_, cell) => value(cell))

/** 1 for cells that are drawn larger than they are, over others, and with their sign: what the layer is about. */
export const PROMINENT: Readonly<Record<Layer, Uint8Array>> = ofLayers(layer =>
  ofCells(cell => {
    const value = cellOwner(cell)
    if (cellGuard(cell) >= Guard.lost) return 1
    return PROMINENT_VALUES[layer](value) || (layer === 'refcount' && cell & CELL_PROBLEM) ? 1 : 0
  }),
)
