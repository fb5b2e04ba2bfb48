import { describe, expect, it } from 'vitest'
import { AGE_STEPS, ageHasBitmap, ageIsMetadata, ageStep, ageValue, ticksBetween } from './age-bucket.ts'
import { CELL_OWNER_MASK, cellOf, Guard } from './cells.ts'
import { CELLS, PROMINENT } from './layer-cells.ts'
import { SEVERITIES, severitiesOf } from './layer-severity.ts'
import { LAYERS } from './layers.ts'
import { isMetadata, Owner, OWNERS } from './owners.ts'
import { isLeakedValue, isMetadataValue, problemValue, Wrong, wrongOf } from './problem-value.ts'
import { RefcountBucket, REFCOUNT_BUCKETS, refcountBucket } from './refcount-bucket.ts'

const nameOf = (stored: number, order = 4) => REFCOUNT_BUCKETS[refcountBucket(stored, order)]!.name
const guardOf = (cell: number) => (cell >> 5) & 3
const allCells = Array.from({ length: CELLS }, (_, cell) => cell)

describe('refcount buckets', () => {
  it('have the common refcounts each for itself, and the others by powers', () => {
    expect([0, 1, 2, 3, 4, 5, 8, 9, 16, 17, 256, 257, 65534].map(stored => nameOf(stored))).toEqual([
      'zero',
      'one',
      'two',
      'upTo4',
      'upTo4',
      'upTo8',
      'upTo8',
      'upTo16',
      'upTo16',
      'upTo256',
      'upTo256',
      'upTo65534',
      'upTo65534',
    ])
    expect(nameOf(65535)).toBe('most')
    expect(nameOf(65535, 5)).toBe('above')
    expect(nameOf(255, 3)).toBe('most')
    expect(nameOf(15, 2)).toBe('most')
    expect(nameOf(3, 1)).toBe('most')
    expect(nameOf(2, 1)).toBe('two')
    // The only refcount there is besides 0 is nothing to point out.
    expect(nameOf(1, 0)).toBe('one')
    expect(nameOf(2 ** 32 - 1, 5)).toBe('most')
    expect(nameOf(2 ** 64, 6)).toBe('above')
  })

  it('are numbered as they are listed', () => {
    expect(REFCOUNT_BUCKETS.map(({ code }) => code)).toEqual([...REFCOUNT_BUCKETS.keys()])
    expect(REFCOUNT_BUCKETS.map(({ name, code }) => [name, code])).toEqual(Object.entries(RefcountBucket))
  })
})

describe('ages', () => {
  it('fall into steps of a logarithmic scale, and can be taken apart again', () => {
    for (const hasBitmap of [false, true]) {
      for (const metadata of [false, true]) {
        for (const [ticks, step] of [
          [1, 0],
          [2, 1],
          [10, 1],
          [11, 2],
          [1000, 3],
          [100_001, 6],
          [2 ** 32 - 1, 6],
        ]) {
          const value = ageValue(ticks, hasBitmap, metadata)
          expect(value).toBeLessThan(CELL_OWNER_MASK)
          expect([ageStep(value), ageHasBitmap(value), ageIsMetadata(value)]).toEqual([
            step,
            hasBitmap,
            metadata,
          ])
        }
        const never = ageValue(undefined, hasBitmap, metadata)
        expect([ageStep(never), ageHasBitmap(never), ageIsMetadata(never)]).toEqual([-1, false, metadata])
      }
    }
    expect(AGE_STEPS.at(-1)).toBe(Infinity)
  })

  it('are told by a clock that wraps', () => {
    expect(ticksBetween(2 ** 32 - 1, 4)).toBe(5)
    expect(ticksBetween(7, 8)).toBe(1)
  })
})

it('problems of every owner can be told from its value', () => {
  for (const { code } of OWNERS) {
    for (let wrong = 0; wrong < 8; wrong++) {
      const value = problemValue(code, wrong)
      expect(value).toBeLessThan(CELL_OWNER_MASK)
      const mayBeWrong = code === Owner.free ? 0 : code === Owner.leaked ? Wrong.pastEnd : 7
      expect(wrongOf(value)).toBe(wrong & mayBeWrong)
      expect(isLeakedValue(value)).toBe(code === Owner.leaked)
      expect(isMetadataValue(value)).toBe(isMetadata(code))
    }
  }
})

describe.each(LAYERS)('severity in layer %s', layer => {
  const severities = SEVERITIES[layer]
  const cells = allCells

  it('puts lost before locked out, and both before all else; nothing comes last', () => {
    const least = (guard: number) =>
      Math.min(...cells.filter(cell => guardOf(cell) === guard).map(cell => severities[cell]!))
    const most = (guard: number) =>
      Math.max(...cells.filter(cell => guardOf(cell) === guard).map(cell => severities[cell]!))
    expect(least(Guard.lost)).toBeGreaterThan(most(Guard.lockedOut))
    expect(least(Guard.lockedOut)).toBeGreaterThan(Math.max(most(Guard.none), most(Guard.guarded)))
    expect(severities[0]).toBe(0)
  })

  it('keeps its order under a filter, shown before muted', () => {
    const muted = Uint8Array.from(cells, cell => (cell % 3 === 0 ? 1 : 0))
    const filtered = severitiesOf(layer, muted)
    for (let a = 0; a < CELLS; a += 5) {
      for (let b = 1; b < CELLS; b += 3) {
        if (severities[a] === 0 || severities[b] === 0) continue
        const before = muted[a] === muted[b] ? severities[a]! - severities[b]! : muted[b]! - muted[a]!
        expect(Math.sign(filtered[a]! - filtered[b]!)).toBe(Math.sign(before))
      }
    }
    expect(severitiesOf(layer, new Uint8Array(CELLS))).toBe(severities)
  })

  it('draws all that is unguarded as figure', () => {
    expect(cells.filter(cell => guardOf(cell) >= Guard.lost && PROMINENT[layer][cell] === 0)).toEqual([])
  })
})

const refcount = (bucket: number, wrong = false) => SEVERITIES.refcount[cellOf(bucket, Guard.none, wrong)]!
const problem = (owner: number, wrong: number) =>
  SEVERITIES.problem[cellOf(problemValue(owner, wrong), Guard.none, wrong !== 0)]!
const age = (ticks: number | undefined, metadata: boolean) =>
  SEVERITIES.age[cellOf(ageValue(ticks, true, metadata), Guard.none)]!

it('each layer notices first what it is about', () => {
  expect(refcount(RefcountBucket.two)).toBeGreaterThan(refcount(RefcountBucket.one))
  expect(refcount(RefcountBucket.most)).toBeGreaterThan(refcount(RefcountBucket.upTo8))
  expect(refcount(RefcountBucket.one, true)).toBeGreaterThan(refcount(RefcountBucket.most))
  expect(problem(Owner.guestData, Wrong.claimedTwice)).toBeGreaterThan(
    problem(Owner.activeL2, Wrong.refcountWrong),
  )
  expect(problem(Owner.leaked, 0)).toBeGreaterThan(problem(Owner.header, 0))
  expect(age(1, true)).toBeGreaterThan(age(1000, true))
  expect(age(undefined, true)).toBeGreaterThan(age(undefined, false))
})
