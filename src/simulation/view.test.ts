import { expect, test } from 'vitest'
import { BLANK_RECIPE } from '../workload/blank-recipe.ts'
import { parseRecipe } from '../workload/parse-recipe.ts'
import { syntheticSource } from '../workload/synthetic-image.ts'
import { viewOf } from './view.ts'

const view = (fill: object) =>
  viewOf(syntheticSource(parseRecipe({ ...BLANK_RECIPE, virtualSize: '64G', fill })))

test('of an image written in order at most 24 bytes a run are kept', async () => {
  const { owners } = await view({ pattern: 'sequential', share: 1 })
  expect(owners.runs.count).toBeGreaterThan(200)
  expect(owners.byteLength / owners.runs.count).toBeLessThan(24)
}, 60_000)

test('of an image written at random hardly more is kept of a piece than tells its table from the others', async () => {
  const { owners } = await view({ pattern: 'random', share: 0.3 })
  const { claims } = owners.parts
  expect(claims.count).toBeGreaterThan(200_000)
  // 7 bits for 128 tables.
  expect(owners.byteLength / claims.count).toBeLessThan(1.5)
}, 60_000)
