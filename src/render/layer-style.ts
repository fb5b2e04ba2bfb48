/** How every cell of every layer looks: one place to ask for the map, its legend and its words. */
import { cellGuard, cellOwner, Guard } from '../lib/cells.ts'
import type { Layer } from '../lib/layers.ts'
import type { TypeMask } from '../lib/metadata-types.ts'
import { isMetadata, Owner, OWNERS } from '../lib/owners.ts'
import { ageStyle } from './age-style.ts'
import { type CellStyle, Pattern, type PatternCode } from './cell-style.ts'
import { guardStyle } from './guard-style.ts'
import { ownerStyle } from './owner-style.ts'
import { problemStyle } from './problem-style.ts'
import { refcountStyle } from './refcount-style.ts'

/** Patterns of what is not metadata. */
const DATA_PATTERNS: Readonly<Record<number, PatternCode>> = {
  [Owner.zeroData]: Pattern.hollow,
  [Owner.compressedData]: Pattern.hatched,
  [Owner.leaked]: Pattern.ghost,
}

const dataPattern = (owner: number): PatternCode => DATA_PATTERNS[owner] ?? Pattern.plain

const STYLES: Readonly<Record<Layer, (cell: number, checkedTypes: TypeMask) => CellStyle>> = {
  owner: cell => {
    const owner = cellOwner(cell)
    return { ...ownerStyle(owner), label: OWNERS[owner]?.label ?? '', pattern: dataPattern(owner) }
  },
  protection: (cell, checkedTypes) => {
    const owner = cellOwner(cell)
    const guard = cellGuard(cell)
    const hollow = isMetadata(owner) && guard === Guard.none
    return {
      ...guardStyle(owner, guard, checkedTypes),
      pattern: hollow ? Pattern.hollow : dataPattern(owner),
    }
  },
  refcount: cell => refcountStyle(cellOwner(cell)),
  age: cell => ageStyle(cellOwner(cell)),
  problem: cell => problemStyle(cellOwner(cell)),
}

/** @param checkedTypes what the options have checked: other metadata cannot be unguarded */
export const cellStyle = (layer: Layer, cell: number, checkedTypes: TypeMask): CellStyle =>
  STYLES[layer](cell, checkedTypes)
