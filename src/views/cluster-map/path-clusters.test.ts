import { expect, it } from 'vitest'
import { pathClusters } from './path-clusters.ts'

it('marks short ranges whole, long ones at their ends, and what went wrong last', () => {
  expect(
    pathClusters([
      { start: 4, clusters: 1, kind: 'refused' },
      { start: 7, clusters: 2, kind: 'data' },
      { start: 100, clusters: 5000, kind: 'table' },
    ]),
  ).toEqual([
    { cluster: 7, isWrong: false },
    { cluster: 8, isWrong: false },
    { cluster: 100, isWrong: false },
    { cluster: 5099, isWrong: false },
    { cluster: 4, isWrong: true },
  ])
})
