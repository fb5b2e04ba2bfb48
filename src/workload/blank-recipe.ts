import type { Recipe } from './recipe.ts'

/** An image as `qemu-img create` leaves it when it is told nothing but a size. */
export const BLANK_RECIPE: Omit<Recipe, 'virtualSize'> = {
  format: 'overlapscope-recipe',
  recipeVersion: 1,
  clusterSize: '64k',
  version: 3,
  refcountBits: 16,
  fill: { pattern: 'empty' },
  snapshots: [],
  preallocation: 'off',
  seed: 0,
}
