import type { Timestamp } from '../overlap/qmp-event.ts'
import type { RunOptions } from '../simulation/report.ts'
import { DEFAULT_OPTIONS } from '../simulation/run-options.ts'
import { BLANK_RECIPE } from '../workload/blank-recipe.ts'
import type { Recipe } from '../workload/recipe.ts'

/**
 * Something worth seeing: an image, and the options under which it is opened. Nothing of what happens then is
 * written down here; it comes out of the engine.
 */
export interface Scenario {
  /** Stands in links: not to be changed. */
  readonly id: string
  readonly title: string
  /** What is to be seen and why it happens, in a sentence or two. */
  readonly sentence: string
  readonly recipe: Recipe
  readonly options: RunOptions
  /** When the simulated opening begins; each engine call takes a microsecond. */
  readonly clock: Timestamp
  /** Given once the image is open, a line each; '' for none. */
  readonly commands: string
}

/** What a scenario says of itself; the rest is the defaults of QEMU, and of its own. */
export interface ScenarioOutline {
  readonly id: string
  readonly title: string
  readonly sentence: string
  readonly image: Pick<Recipe, 'virtualSize'> & Partial<Recipe>
  readonly options?: Partial<RunOptions>
  readonly clock?: Timestamp
  readonly commands?: readonly string[]
}

/** The second of the example in the patch that defines the event: 2015-04-18, 04:30:00 UTC. */
export const EXAMPLE_SECONDS = 1429331400n

export function scenario({
  id,
  title,
  sentence,
  image,
  options,
  clock,
  commands = [],
}: ScenarioOutline): Scenario {
  const recipe: Recipe = {
    ...BLANK_RECIPE,
    ...image,
  }
  return {
    id,
    title,
    sentence,
    recipe,
    options: { ...DEFAULT_OPTIONS, ...options },
    clock: clock ?? { seconds: EXAMPLE_SECONDS, microseconds: 0 },
    commands: commands.join('\n'),
  }
}
