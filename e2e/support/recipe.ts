import { BLANK_RECIPE } from '../../src/workload/blank-recipe.ts'

/** @returns the address (its part after `#`) that opens a synthetic image; fields left out are those of a plain 64k one */
export const recipeHash = (name: string, fields: object): string =>
  `v=1&name=${encodeURIComponent(name)}&recipe=${encodeURIComponent(
    JSON.stringify({ ...BLANK_RECIPE, seed: 1, ...fields }),
  )}`
