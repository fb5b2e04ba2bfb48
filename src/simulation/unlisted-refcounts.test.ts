import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TILES_PER_BLOCK } from '../lib/cells.ts'
import { Owner } from '../lib/owners.ts'
import { RefcountBucket } from '../lib/refcount-bucket.ts'
import { cellsOf } from '../lib/window-codes.ts'
import { RunFlag } from '../qcow2/owner-map.ts'
import { makeWindows } from '../testing/map-scene.ts'
import { ownerRuns } from '../testing/owner-runs.ts'
import { NOTHING_KNOWN } from './layer-stretches.ts'
import { MapIndex } from './map-index.ts'
import { WindowGrid } from './window-grid.ts'
import { SEVERITIES } from '../lib/layer-severity.ts'

const WISH = { layer: 'refcount' } as const
const LENGTH = 40 * 4096

const length = fc.oneof(
  fc.integer({ min: 1, max: 5000 }),
  fc.integer({ min: 1, max: 10 }).map(n => n * 4096),
)
const owners = fc.array(
  fc.record({
    owner: fc.constantFrom(Owner.free, Owner.free, Owner.free, Owner.guestData, Owner.activeL2),
    flags: fc.constantFrom(0, 0, RunFlag.refcountWrong),
    length,
  }),
  { minLength: 1, maxLength: 12 },
)
const { zero, noBlock, one, unknown } = RefcountBucket
const buckets = fc.array(fc.tuple(fc.constantFrom(zero, noBlock, one, unknown), length), {
  minLength: 1,
  maxLength: 12,
})

function refcountRuns(list: readonly (readonly [number, number])[]) {
  let end = 0
  const start = list.map(([, clusters]) => (end += clusters) - clusters)
  return { count: list.length, start: Float64Array.from(start), bucket: Uint8Array.from(list, ([of]) => of) }
}

it('shows from afar of every window what its tile shows, listed or not', () => {
  fc.assert(
    fc.property(owners, buckets, (ownerList, refcountList) => {
      const runs = ownerRuns(ownerList)
      const refcounts = refcountRuns([...refcountList, [noBlock, LENGTH]])
      const count = Math.ceil(runs.end / 4096)
      const index = new MapIndex(runs)
      const input = { ...NOTHING_KNOWN, runs, refcounts, checkedTypes: 255, canBuild: true }
      index.show({ input, windows: makeWindows(0), hasList: true })
      const shown = Array.from(
        { length: count },
        (_, window) =>
          index.block(WISH, 6, Math.floor(window / TILES_PER_BLOCK)).cells[window % TILES_PER_BLOCK],
      )
      const list = index.windowCells(WISH)
      const cellAt = cellsOf(list.unlisted ?? [])
      const said = Array.from({ length: count }, (_, window) => cellAt(window))
      for (let i = 0; i < list.count && list.window[i]! < count; i++) said[list.window[i]!] = list.cell[i]!
      expect(said).toEqual(shown)
      const grid = new WindowGrid(count, 7, SEVERITIES.refcount)
      grid.show(list)
      expect(Array.from({ length: count }, (_, window) => grid.one[2 * window]! & 0xff)).toEqual(said)
    }),
    { numRuns: 300 },
  )
})

it('has nothing to say of other layers', () => {
  const runs = ownerRuns([{ owner: Owner.free, flags: 0, length: LENGTH }])
  const index = new MapIndex(runs)
  const refcounts = refcountRuns([[noBlock, LENGTH]])
  const input = { ...NOTHING_KNOWN, runs, refcounts, checkedTypes: 255, canBuild: true }
  index.show({ input, windows: makeWindows(0), hasList: true })
  expect(index.windowCells({ layer: 'owner' }).unlisted).toEqual([])
  expect(index.windowCells(WISH).unlisted).toEqual([{ from: 0, to: 40, cell: noBlock }])
})
