/** What the page may know of the core without asking the worker: small, and at hand at once. */
export { SCENARIOS } from '../scenarios/index.ts'
export { DEFAULT_OPTIONS, sameOptions } from '../simulation/run-options.ts'
export { checkLimits, geometryOf } from '../workload/geometry.ts'
export { parseRecipe } from '../workload/parse-recipe.ts'
export { RECIPE_LIBRARY } from '../workload/recipe-library.ts'
export { DEFAULT_WRITES, GENERATORS, parseWorkload } from '../workload/generators/index.ts'
export { COMMANDS as IMAGE_COMMANDS } from '../workload/commands/parse-command.ts'
