/** A recipe while it is being written: JSON text, which the form and the editor both change. */
import { formatBytes, formatCount } from '../../lib/sizes.ts'
import { UserError } from '../../lib/user-error.ts'
import { estimate, type RecipeEstimate } from '../../state/recipe-estimate.ts'
import type { Fill, Recipe } from '../../workload/recipe.ts'
import { parseRecipe, RECIPE_LIBRARY } from '../../worker/catalogue.ts'

export interface RecipeReading {
  /** undefined where the text is no recipe. */
  readonly recipe: Recipe | undefined
  /** undefined where no such image can be made. */
  readonly estimate: RecipeEstimate | undefined
  readonly error: { readonly message: string; readonly advice: string | undefined } | undefined
}

export const recipeText = (recipe: Recipe): string => JSON.stringify(recipe, null, 2)

const WRITTEN: { readonly [Pattern in Fill['pattern']]: (fill: Fill & { pattern: Pattern }) => string } = {
  empty: () => 'nothing written',
  sequential: () => 'written in order',
  random: () => 'written at random',
  'every-nth': ({ n }) => `one cluster in ${formatCount(n)} written`,
  'hot-spots': () => 'hot spots',
}

/** @returns the library's name for its own recipes; others are named after what is in them, for they are no longer those */
export function recipeName(recipe: Recipe, virtualSize: bigint): string {
  // Parsed like every other, for the fields to come in the same order.
  const own = RECIPE_LIBRARY.find(
    entry => recipeText(parseRecipe(entry.recipe)) === recipeText(parseRecipe(recipe)),
  )
  if (own) return own.name
  const { fill } = recipe
  const written = (WRITTEN[fill.pattern] as (fill: Fill) => string)(fill)
  return `${formatBytes(virtualSize)}, ${written}`
}

export function readRecipe(text: string): RecipeReading {
  let recipe: Recipe | undefined
  try {
    recipe = parseRecipe(JSON.parse(text))
    return { recipe, estimate: estimate(recipe), error: undefined }
  } catch (error) {
    return { recipe, estimate: undefined, error: errorOf(error) }
  }
}

function errorOf(error: unknown): RecipeReading['error'] {
  if (error instanceof UserError) return { message: error.message, advice: error.advice }
  // JSON.parse tells the place in its message.
  if (error instanceof SyntaxError)
    return {
      message: `This is not JSON: ${error.message}.`,
      advice: 'Text stands in double quotes; no comma before a closing bracket.',
    }
  throw error
}
