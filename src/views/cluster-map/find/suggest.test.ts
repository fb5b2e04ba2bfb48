import { describe, expect, it } from 'vitest'
import { FIND_KINDS } from '../../../lib/find-kinds.ts'
import type { FindExtent } from './parse-find.ts'
import { type Counts, suggest } from './suggest.ts'

const extent: FindExtent = { clusterSize: 65536, windows: 4, virtualSize: 1n << 30n }
const counts = Object.fromEntries(FIND_KINDS.map(({ name }) => [name, name === 'activeL2' ? 7 : 0])) as Counts
const lines = (text: string, counted?: Counts) =>
  suggest(text, extent, counted).map(({ label, about, clusters }) => [label, about, clusters])

describe('suggestions', () => {
  it('offer every reading of a number that there is room for', () => {
    expect(lines('3', counts)).toEqual([
      ['Host offset 3', 'cluster 0, window 0', undefined],
      ['Cluster 3', 'cluster 3, window 0', undefined],
      ['Window 3', 'from 768 MiB', undefined],
      ['Guest offset 3', 'through L1 and L2', undefined],
    ])
    expect(lines('1M').map(([label]) => label)).toEqual(['Host offset 1M', 'Guest offset 1M'])
    expect(lines('2G')).toEqual([])
    expect(lines('guest 1M')).toEqual([['guest 1M', 'through L1 and L2', undefined]])
  })

  it('offer kinds by parts of their names, with their counts', () => {
    expect(lines('act l2', counts)).toEqual([['active L2 table', '', 7]])
    expect(lines('l2', counts)[0]).toEqual(['active L2 table', '', 7])
    expect(lines('l2').map(([label]) => label)).toContain('inactive L2 table')
    expect(lines('bitmap').map(([, , clusters]) => clusters)).toEqual([undefined, undefined, undefined])
    expect(lines('nonsense')).toEqual([])
    expect(lines('?!')).toEqual([])
  })

  it('offer what the image has, before anything is typed', () => {
    expect(lines('', counts).map(([label]) => label)).toEqual(['active L2 table'])
    expect(suggest('', extent, undefined)).toEqual([])
  })

  it('stand in the field so that they are understood again', () => {
    for (const { text, query } of [...suggest('3', extent, counts), ...suggest('a', extent, counts)])
      expect(suggest(text, extent, counts).map(each => each.query)).toContainEqual(query)
  })
})
