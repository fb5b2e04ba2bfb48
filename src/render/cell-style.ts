import type { ColourRecipe } from './colours.ts'

/** What is drawn into a cell that has room for it, so that colour is not the only sign. */
export const Pattern = {
  plain: 0,
  /** A frame around nothing. */
  hollow: 1,
  /** Broad stripes. */
  hatched: 2,
  /** A thin frame and thin stripes: something that is there for nobody. */
  ghost: 3,
} as const

export type PatternCode = (typeof Pattern)[keyof typeof Pattern]

/** Whether what is under a mark is the tile rather than the cell's colour. */
export const isOpen = (pattern: number): boolean => pattern === Pattern.hollow || pattern === Pattern.ghost

/** How a cell of some layer looks, its guard apart. */
export interface CellStyle {
  readonly colour: ColourRecipe
  /** A few letters; '' for what needs none. */
  readonly glyph: string
  readonly label: string
  readonly pattern: PatternCode
}
