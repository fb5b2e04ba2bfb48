/** What the page may know of the core without asking the worker: small, and at hand at once. */
export { checkLimits, geometryOf } from '../workload/geometry.ts'
export { parseRecipe } from '../workload/parse-recipe.ts'
