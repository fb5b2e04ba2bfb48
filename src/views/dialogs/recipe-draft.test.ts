import { expect, it } from 'vitest'
import { RECIPE_LIBRARY } from '../../worker/catalogue.ts'
import { readRecipe, recipeName, recipeText } from './recipe-draft.ts'

it('names a recipe after the library only while it is the library’s', () => {
  for (const { name, recipe } of RECIPE_LIBRARY) {
    const reading = readRecipe(recipeText(recipe))
    expect(reading.error).toBeUndefined()
    expect(recipeName(reading.recipe!, reading.estimate!.virtualSize)).toBe(name)
    expect(recipeName({ ...recipe, virtualSize: '3T', seed: 77 }, 3n << 40n)).toMatch(/^3 TiB, /)
  }
})
