import { describe, expect, it } from 'vitest'
import { UserError } from '../lib/user-error.ts'
import { parseRecipe } from '../worker/catalogue.ts'
import { estimate } from './recipe-estimate.ts'

const recipe = (fields: object) =>
  parseRecipe({ format: 'overlapscope-recipe', recipeVersion: 1, virtualSize: '1G', ...fields })

describe('the estimate', () => {
  it('counts what is written, and the tables for it', () => {
    expect(estimate(recipe({ fill: { pattern: 'sequential', share: 0.5 } }))).toMatchObject({
      virtualSize: 1n << 30n,
      guestClusters: 16384,
      written: 8192,
      l2Tables: 1,
    })
    expect(estimate(recipe({ virtualSize: '4G', fill: { pattern: 'every-nth', n: 8192 } }))).toMatchObject({
      written: 8,
      l2Tables: 8,
    })
    expect(estimate(recipe({ virtualSize: '4G', fill: { pattern: 'random', share: 0.9 } })).l2Tables).toBe(8)
  })

  it('of an empty image is a handful of clusters', () => {
    expect(estimate(recipe({})).metadata).toBe(4 * 65536)
  })

  it('counts all tables where they are preallocated', () => {
    expect(estimate(recipe({ virtualSize: '4G', preallocation: 'metadata' }))).toMatchObject({ l2Tables: 8 })
  })

  it('refuses what cannot be made, saying the limit', () => {
    expect(() => estimate(recipe({ virtualSize: '1T', clusterSize: 512 }))).toThrow(UserError)
  })
})
