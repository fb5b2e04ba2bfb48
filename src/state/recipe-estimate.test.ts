import { describe, expect, it } from 'vitest'
import { UserError } from '../lib/user-error.ts'
import { parseRecipe } from '../worker/catalogue.ts'
import { estimate } from './recipe-estimate.ts'

const recipe = (fields: object) =>
  parseRecipe({ format: 'overlapscope-recipe', recipeVersion: 1, virtualSize: '1G', ...fields })

const inOrder = (virtualSize: string) => recipe({ virtualSize, fill: { pattern: 'sequential', share: 1 } })

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
    expect(() => estimate(recipe({ virtualSize: '1P', fill: { pattern: 'random', share: 0.1 } }))).toThrow(
      'scattered writes are too many',
    )
  })

  it('refuses what could not be opened: tables of more than 8 GiB', () => {
    // 131 072 tables of 64 KiB are 8 GiB, and reach over 64 TiB.
    expect(estimate(inOrder('64T')).l2Tables).toBe(131_072)
    expect(() => estimate(inOrder('65T'))).toThrow('L2 tables are too many')
    expect(() => estimate(recipe({ virtualSize: '65T', preallocation: 'metadata' }))).toThrow(UserError)
  })
})
