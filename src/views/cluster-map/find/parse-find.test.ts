import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FIND_KINDS } from '../../../lib/find-kinds.ts'
import { UserError } from '../../../lib/user-error.ts'
import { type FindExtent, parseFind, showQuery } from './parse-find.ts'

const extent: FindExtent = { clusterSize: 65536, windows: 4, virtualSize: 1n << 30n }
const find = (text: string) => parseFind(text, extent)
const kind = (name: string) => ({ type: 'kind', kind: name })

const failureOf = (text: string): unknown => {
  try {
    find(text)
    return undefined
  } catch (error) {
    return error
  }
}

describe('parseFind', () => {
  it.each([
    ['768M', 12288, 1],
    ['0x30000000', 12288, 1],
    ['cluster 12288', 12288, 1],
    ['c0x3000', 12288, 1],
    ['window 3', 12288, 4096],
    ['w 3', 12288, 4096],
    ['at 64k', 1, 1],
  ])('takes %s for a place', (text, start, clusters) => {
    expect(find(text)).toEqual({ type: 'place', start, clusters })
  })

  it.each([
    ['guest 1M', 1n << 20n],
    ['g 1M', 1n << 20n],
    ['g0x100000', 1n << 20n],
    ['Guest offset 1 048 576', 1n << 20n],
    ['guest: 0', 0n],
  ])('takes %s for a guest offset', (text, offset) => {
    expect(find(text)).toEqual({ type: 'guest', offset })
  })

  it.each([
    ['active l2', 'activeL2'],
    ['Active L2 table', 'activeL2'],
    ['active-l2', 'activeL2'],
    ['L2', 'activeL2'],
    ['qcow2_header', 'header'],
    ['refcount block', 'refcountBlock'],
    ['snapshot table', 'snapshotTable'],
    ['guest data', 'guestData'],
    ['leak', 'leaked'],
    ['leaked', 'leaked'],
    ['compressed', 'compressedData'],
    ['bitmap data', 'bitmapData'],
    ['luks', 'luksHeader'],
    ['claimed twice', 'claimedTwice'],
    ['twice', 'claimedTwice'],
    ['refcount wrong', 'refcountWrong'],
    ['past', 'pastEnd'],
    ['unguarded', 'unguarded'],
    ['lost', 'lost'],
    ['not recorded', 'lost'],
    ['locked out', 'lockedOut'],
    ['problem', 'problem'],
  ])('takes %s for a kind', (text, name) => {
    expect(find(text)).toEqual(kind(name))
  })

  it.each(['', ' ', 'somewhere', 'window', 'window x', 'cluster 1.5', '-5', '12Q', '0xzz', 'guest 1.5', '→'])(
    'says what it takes instead of "%s"',
    text => {
      expect(() => find(text)).toThrowError(
        expect.objectContaining({ advice: expect.stringContaining('“guest 1M”') }),
      )
    },
  )

  it('says how far image and disk reach', () => {
    expect(() => find('window 4')).toThrowError('There is no window 4.')
    expect(() => find('guest 1G')).toThrowError(
      expect.objectContaining({
        message: 'Guest offset 0x40000000 is past the end of the disk.',
        advice: 'The guest’s disk is 1073741824 bytes long (1 GiB).',
      }),
    )
  })

  it('asks which kind is meant', () => {
    expect(() => find('bitmap')).toThrowError(
      expect.objectContaining({
        message: '“bitmap” may be more than one thing.',
        advice: 'Type more of it: bitmap directory, bitmap table, bitmap data.',
      }),
    )
  })

  it('takes back what it shows', () => {
    const query = fc.oneof(
      fc.nat(4 * 4096 - 1).map(start => ({ type: 'place', start, clusters: 1 }) as const),
      fc.nat(3).map(window => ({ type: 'place', start: window * 4096, clusters: 4096 }) as const),
      fc.bigInt(0n, (1n << 30n) - 1n).map(offset => ({ type: 'guest', offset }) as const),
      fc.constantFrom(...FIND_KINDS).map(({ name }) => ({ type: 'kind', kind: name }) as const),
    )
    fc.assert(
      fc.property(query, each => {
        expect(find(showQuery(each))).toEqual(each)
      }),
      { numRuns: 500 },
    )
  })

  it('knows every kind by every one of its names, whatever the case', () => {
    for (const { name, label, aliases } of FIND_KINDS)
      for (const word of [label, ...aliases]) expect(find(word.toUpperCase())).toEqual(kind(name))
  })

  it('refuses whatever else is typed in words, and in no other way', () => {
    const pieces = fc.constantFrom(
      'guest',
      'g',
      'c',
      'window',
      ' ',
      '0x',
      '1',
      '999',
      'M',
      'e',
      'b',
      '.',
      '-',
      'l2',
      'le',
    )
    const typed = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 5 }).map(list => list.join('')),
    )
    fc.assert(
      fc.property(typed, text => {
        const failure = failureOf(text)
        expect(failure === undefined || failure instanceof UserError).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })
})
