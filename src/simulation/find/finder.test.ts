import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FIND_KINDS, type FindKindName, findKind, isGuardKind } from '../../lib/find-kinds.ts'
import { Owner, OWNERS } from '../../lib/owners.ts'
import { type OwnerRuns, RunFlag } from '../../qcow2/owner-map.ts'
import { arbitraryRuns, ownerRuns } from '../../testing/owner-runs.ts'
import { emptyReport } from '../../testing/fake-worker.ts'
import { emptyTable } from '../coverage.ts'
import { NOTHING_KNOWN } from '../layer-stretches.ts'
import { Finder } from './finder.ts'

/** What an image without a list has to say of guards: nothing. */
const finderOf = (runs: OwnerRuns) =>
  new Finder({
    runs,
    guards: { ...NOTHING_KNOWN, checkedTypes: 0, canBuild: true },
    coverage: emptyReport().coverage,
    windows: emptyTable(0, new Uint32Array()),
  })

/** Whether one cluster is of a kind, said without tables of states. */
function isIt(kind: FindKindName, owner: number, flags: number): boolean {
  const has = (flag: number) => (flags & flag) !== 0
  if (kind === 'metadata') return owner >= Owner.header
  if (kind === 'snapshotsOnly') return has(RunFlag.inactiveOnly)
  if (kind === 'claimedTwice') return has(RunFlag.claimedTwice)
  if (kind === 'refcountWrong') return has(RunFlag.refcountWrong)
  if (owner === Owner.free && has(RunFlag.pastEnd)) return false
  if (kind === 'pastEnd') return has(RunFlag.pastEnd)
  if (kind === 'problem')
    return (
      owner === Owner.leaked ||
      has(RunFlag.pastEnd) ||
      has(RunFlag.claimedTwice) ||
      has(RunFlag.refcountWrong)
    )
  return OWNERS[owner]!.name === kind
}

/** Looks at every cluster. */
function placesOf(runs: OwnerRuns, kind: FindKindName) {
  const { step } = findKind(kind)
  const places: { start: number; clusters: number }[] = []
  let clusters = 0
  let before = false
  for (let run = 0; run < runs.count; run++) {
    const end = run + 1 < runs.count ? runs.start[run + 1]! : runs.end
    for (let cluster = runs.start[run]!; cluster < end; cluster++) {
      const is = isIt(kind, runs.owner[run]!, runs.flags[run]!)
      if (is) clusters++
      if (is && before && step === 'stretch') places.at(-1)!.clusters++
      else if (is) places.push({ start: cluster, clusters: 1 })
      before = is
    }
  }
  return { places, clusters }
}

const RUN_KINDS = FIND_KINDS.map(({ name }) => name).filter(name => !isGuardKind(name))

it('finds what a look at every cluster finds, from everywhere, both ways, with its number', () => {
  fc.assert(
    fc.property(
      // Several blocks of runs that are counted together.
      arbitraryRuns(700),
      fc.constantFrom(...RUN_KINDS),
      fc.array(fc.nat(3000), { minLength: 8, maxLength: 8 }),
      (runs, kind, starts) => {
        const finder = finderOf(runs)
        const { places, clusters } = placesOf(runs, kind)
        for (const after of [-1, 0, runs.end - 1, runs.end, runs.end + 5, ...starts]) {
          const next = places.findIndex(({ start }) => start > after)
          const previous = places.findLastIndex(({ start }) => start < after)
          const expected = (place: number) =>
            places.length === 0
              ? undefined
              : {
                  range: places.at(place)!,
                  ordinal: place < 0 ? places.length : place + 1,
                  count: places.length,
                  clusters,
                }
          expect(finder.find(kind, after, 1)).toEqual(expected(next < 0 ? 0 : next))
          expect(finder.find(kind, after, -1)).toEqual(expected(previous))
        }
        expect(finder.counts[kind]).toBe(clusters)
      },
    ),
    { numRuns: 300 },
  )
})

it('goes through all of a kind and comes round', () => {
  const runs = ownerRuns([
    { owner: Owner.header, flags: 0, length: 1 },
    { owner: Owner.activeL2, flags: 0, length: 3 },
    { owner: Owner.leaked, flags: 0, length: 5 },
    { owner: Owner.leaked, flags: RunFlag.pastEnd, length: 2 },
    { owner: Owner.activeL2, flags: RunFlag.claimedTwice, length: 1 },
    { owner: Owner.leaked, flags: 0, length: 1 },
  ])
  const finder = finderOf(runs)
  const tour = (kind: FindKindName, steps: number) => {
    const seen: string[] = []
    let after = -1
    for (let i = 0; i < steps; i++) {
      const found = finder.find(kind, after, 1)!
      after = found.range.start
      seen.push(`${after}+${found.range.clusters} ${found.ordinal}/${found.count} of ${found.clusters}`)
    }
    return seen
  }
  expect(tour('activeL2', 5)).toEqual([
    '1+1 1/4 of 4',
    '2+1 2/4 of 4',
    '3+1 3/4 of 4',
    '11+1 4/4 of 4',
    '1+1 1/4 of 4',
  ])
  expect(tour('leaked', 3)).toEqual(['4+7 1/2 of 8', '12+1 2/2 of 8', '4+7 1/2 of 8'])
  expect(tour('problem', 2)).toEqual(['4+9 1/1 of 9', '4+9 1/1 of 9'])
  expect(finder.find('bitmapData', 0, 1)).toBeUndefined()
  // From inside a stretch, back is to where it begins.
  expect(finder.find('leaked', 8, -1)?.range.start).toBe(4)
})
