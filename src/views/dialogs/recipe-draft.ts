/** A recipe while it is being written: JSON text, which the form and the editor both change. */
import { UserError } from '../../lib/user-error.ts'
import { estimate, type RecipeEstimate } from '../../state/recipe-estimate.ts'
import type { Recipe } from '../../workload/recipe.ts'
import { parseRecipe } from '../../worker/catalogue.ts'

export interface RecipeReading {
  /** undefined where the text is no recipe. */
  readonly recipe: Recipe | undefined
  /** undefined where no such image can be made. */
  readonly estimate: RecipeEstimate | undefined
  readonly error: { readonly message: string; readonly advice: string | undefined } | undefined
}

export const recipeText = (recipe: Recipe): string => JSON.stringify(recipe, null, 2)

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
