import { describe, expect, it } from 'vitest'
import type { FindKindName } from '../../../lib/find-kinds.ts'
import type { Found } from '../../../simulation/find/places.ts'
import type { FindResult } from './find-store.ts'
import { countText, countTitle, spokenResult } from './find-words.ts'

const FOUND: Found = { range: { start: 100, clusters: 41 }, ordinal: 3, count: 17, clusters: 1217 }
const extent = { clusterSize: 65536, clusters: 4096 }
const resultOf = (kind: FindKindName, change: object = {}): FindResult => ({
  type: 'kind',
  kind,
  found: FOUND,
  wrapped: false,
  asked: true,
  ...change,
})

describe('what was found', () => {
  it('is counted as it is stepped through', () => {
    expect(countText(resultOf('leaked'), 100)).toBe('stretch 3 of 17')
    expect(countText(resultOf('activeL2'), 100)).toBe('3 of 17')
    expect(countTitle(resultOf('leaked'))).toBe('leaked: 1\u202f217 clusters in 17 stretches')
  })

  it('has no number once another cluster is pinned', () => {
    expect(countText(resultOf('leaked'), 101)).toBe('17')
    expect(countText(resultOf('leaked'), undefined)).toBe('17')
  })

  it('is spoken with its range, and whether the search came round', () => {
    expect(spokenResult(resultOf('leaked'), extent)).toBe(
      'leaked, stretch 3 of 17, clusters 100 to 140, 1\u202f217 in all',
    )
    expect(spokenResult(resultOf('activeL2', { wrapped: true }), extent)).toBe(
      'active L2 table 3 of 17, gone round',
    )
    const only = { ...FOUND, ordinal: 1, count: 1 }
    expect(spokenResult(resultOf('header', { found: only, wrapped: true }), extent)).toContain('no other')
  })

  it('is not spoken when nobody asked for it', () => {
    expect(spokenResult(resultOf('leaked', { asked: false }), extent)).toBe('')
    expect(countText(resultOf('leaked', { asked: false }), 100)).toBe('stretch 3 of 17')
  })

  it('may be nothing', () => {
    const none = resultOf('leaked', { found: undefined })
    expect(countText(none, 100)).toBe('0')
    expect(spokenResult(none, extent)).toBe('This image has no cluster of the kind “leaked”.')
  })
})
