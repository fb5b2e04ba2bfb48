import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellGuard, Guard, isUnguarded, severity } from '../lib/cells.ts'
import { isMetadata, Owner, OWNERS } from '../lib/owners.ts'
import type { OwnerRuns } from '../qcow2/owner-map.ts'
import { sequenceOf } from '../testing/open-sequences.ts'
import { GuardPlaces } from './find/guard-places.ts'
import type { LayerInput } from './layer-stretches.ts'
import { measureCoverage } from './coverage.ts'
import { runOpening } from './opening-run.ts'
import { cellsPerTile, paintTile } from './tiles.ts'
import { buildTruth } from './truth.ts'

const WINDOW = 4096
const CLUSTER_BITS = 16

function runsOf(owners: readonly number[], lengths: readonly number[]): OwnerRuns {
  const start = new Float64Array(owners.length)
  lengths.slice(0, -1).forEach((length, i) => {
    start[i + 1] = start[i]! + length
  })
  return {
    count: owners.length,
    start,
    owner: Uint8Array.from(owners),
    flags: new Uint8Array(owners.length),
    end: start.at(-1)! + lengths.at(-1)!,
  }
}

const layout = fc
  .array(
    fc.record({
      owner: fc.constantFrom(...OWNERS.map(({ code }) => code)),
      length: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 1500 })),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map(list =>
    runsOf(
      list.map(({ owner }) => owner),
      list.map(({ length }) => length),
    ),
  )

/** An image laid out like this, opened with so much room above what the list itself needs. */
function opened(runs: OwnerRuns, room: number, checkedTypes = 127) {
  const metadata = Array.from(runs.owner.keys()).filter(i => OWNERS[runs.owner[i]!]!.type !== 0)
  const sequence = sequenceOf(
    metadata.map(i => ({
      cluster: runs.start[i]!,
      clusters: (i + 1 < runs.count ? runs.start[i + 1]! : runs.end) - runs.start[i]!,
      types: OWNERS[runs.owner[i]!]!.type,
    })),
  )
  const windows = Math.ceil(runs.end / WINDOW)
  const input = { clusterBits: CLUSTER_BITS, fileSize: runs.end * 2 ** CLUSTER_BITS, sequence }
  const run = runOpening(input, {
    checkedTypes,
    bitmapSize: 8192n,
    totalSizeLimit: BigInt(56 + 32 * windows + 8 + room),
    version: 'v6',
    device: 'drv0',
    nodeName: '',
    openUnchecked: false,
  })
  const truth = buildTruth({ ...input, runs }).engine
  const canBuild = run.engine!.canBuild()
  const tiles: LayerInput = {
    runs,
    refcounts: { count: 1, start: new Float64Array(1), bucket: new Uint8Array(1) },
    truth,
    engine: run.engine,
    list: run.engine,
    checkedTypes,
    canBuild,
  }
  const measured = measureCoverage({
    truth,
    engine: run.engine,
    known: run.engine,
    checkedTypes,
    canBuild,
    refusedWindows: run.recorder.refusedWindows,
    fileWindows: windows,
  })
  return { run, tiles, windowCount: windows, coverage: measured.coverage, windows: measured.windows }
}

function tileOf(input: LayerInput, window: number, level: number): Uint8Array {
  const cells = new Uint8Array(cellsPerTile(level))
  paintTile(input, { layer: 'owner' }, window, level, cells, 0)
  return cells
}

const is = (wanted: number) => (guard: number) => guard === wanted

const rooms = fc.oneof(fc.constant(1e6), fc.integer({ min: 4000, max: 9000 }), fc.nat(200))

describe('tiles of the cluster map', () => {
  it('show at every level the most severe cluster under a cell', () => {
    fc.assert(
      fc.property(layout, rooms, (runs, room) => {
        const { tiles, windowCount } = opened(runs, room)
        for (let window = 0; window < windowCount; window++) {
          const finest = tileOf(tiles, window, 0)
          for (let level = 1; level <= 6; level++) {
            const side = 64 >> level
            const expected = new Uint8Array(side * side)
            finest.forEach((cell, i) => {
              const at = ((i >> 6) >> level) * side + ((i & 63) >> level)
              expected[at] = Math.max(expected[at]!, severity(cell))
            })
            expect(tileOf(tiles, window, level).map(severity)).toEqual(expected)
          }
        }
      }),
      { numRuns: 150 },
    )
  })

  it('count what the coverage counts, and hold what the search finds', () => {
    fc.assert(
      fc.property(layout, rooms, fc.constantFrom(43, 127, 255), (runs, room, checked) => {
        const { tiles, windows, coverage, windowCount } = opened(runs, room, checked)
        const cells = Array.from({ length: windowCount }, (_, window) =>
          Array.from(tileOf(tiles, window, 0)),
        ).flat()
        const unguarded = cells.flatMap((cell, cluster) => (isUnguarded(cellGuard(cell)) ? [cluster] : []))
        const guarded = cells.filter(cell => cellGuard(cell) === Guard.guarded).length
        expect([coverage.unguarded, coverage.guarded]).toEqual([unguarded.length, guarded])
        const kinds = { unguarded: isUnguarded, lost: is(Guard.lost), lockedOut: is(Guard.lockedOut) }
        for (const kind of ['unguarded', 'lost', 'lockedOut'] as const) {
          const wanted = cells.flatMap((cell, cluster) => (kinds[kind](cellGuard(cell)) ? [cluster] : []))
          const places = new GuardPlaces(tiles, windows, kind)
          expect(places.count).toBe(wanted.length)
          const step = Math.ceil(wanted.length / 12)
          wanted.forEach((cluster, place) => {
            if (place % step !== 0) return
            expect([places.at(place).start, places.before(cluster)]).toEqual([cluster, place])
            expect(places.before(cluster + 1)).toBe(place + 1)
          })
          expect(places.before(cells.length)).toBe(wanted.length)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('show a single lost cluster among 4096 at the coarsest level', () => {
    const { tiles, run } = opened(
      runsOf([Owner.guestData, Owner.activeL2, Owner.guestData], [2000, 1, 2095]),
      0,
    )
    expect(run.recorder.log.events).toBe(1)
    expect(cellGuard(tileOf(tiles, 0, 6)[0]!)).toBe(Guard.lost)
    expect(isMetadata(tileOf(tiles, 0, 6)[0]! & 31)).toBe(true)
  })
})
