import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellGuard, cellOwner, Guard, TILES_PER_BLOCK } from '../lib/cells.ts'
import { Owner, OWNERS } from '../lib/owners.ts'
import { LAYERS } from '../lib/layers.ts'
import { type OwnerRuns, RunFlag } from '../qcow2/owner-map.ts'
import { makeWindows } from '../testing/map-scene.ts'
import type { MetadataList } from '../overlap/metadata-list.ts'
import { packRun } from '../overlap/run-arena.ts'
import { changedWindows } from './changed-windows.ts'
import { NOTHING_KNOWN } from './layer-stretches.ts'
import { MapIndex } from './map-index.ts'
import type { MapState } from './window-cells.ts'
import type { WindowTable } from './report.ts'
import { TileStore } from './tile-store.ts'
import { cellsPerTile } from './tiles.ts'

const WINDOW = 4096
const OWNER = { layer: 'owner' } as const

/** A run of so many clusters of an owner, with flags. */
type Stretch = readonly [owner: number, length: number, flags: number]

function runsOf(stretches: readonly Stretch[]): OwnerRuns {
  const start = new Float64Array(stretches.length)
  let end = 0
  for (const [i, [, length]] of stretches.entries()) {
    start[i] = end
    end += length
  }
  return {
    count: stretches.length,
    start,
    owner: Uint8Array.from(stretches, ([owner]) => owner),
    flags: Uint8Array.from(stretches, ([, , flags]) => flags),
    end,
  }
}

const stretches = fc.array(
  fc.tuple(
    fc.constantFrom(Owner.free, Owner.free, ...OWNERS.map(({ code }) => code)),
    fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 9000 })),
    fc.constantFrom(0, 0, 0, RunFlag.claimedTwice),
  ),
  { minLength: 1, maxLength: 14 },
)

/** Nothing is recorded anywhere; what ought to be is what the runs say. */
function stateOf(runs: OwnerRuns, windows: WindowTable = makeWindows(0), checkedTypes = 255): MapState {
  return {
    input: { ...NOTHING_KNOWN, runs, checkedTypes, canBuild: true },
    windows,
    hasList: true,
  }
}

/** A window's cells. */
function cellsAt(index: MapIndex, level: number, window: number): Uint8Array {
  if (level === 0) return index.tile(OWNER, window).cells
  const count = cellsPerTile(level)
  const place = window % TILES_PER_BLOCK
  // At some levels all at once, at others one by one.
  const [from, to] = level % 2 ? [0, TILES_PER_BLOCK] : [place, place + 1]
  const { cells } = index.block(OWNER, level, Math.floor(window / TILES_PER_BLOCK), from, to)
  return cells.subarray(place * count, (place + 1) * count)
}

/** Everything an index answers, at every level. */
function answersOf(index: MapIndex, windows: number) {
  const tiles: Uint8Array[] = []
  for (let level = 0; level <= 6; level++)
    for (let window = 0; window < windows; window++) tiles.push(cellsAt(index, level, window))
  const { window, cell, refused } = index.windowCells(OWNER)
  // As text: comparing it is a matter of moments.
  return Buffer.concat([...tiles, Uint8Array.from(window), cell, refused]).toString('latin1')
}

const countOf = (...all: OwnerRuns[]) => Math.ceil(Math.max(...all.map(({ end }) => end)) / WINDOW) + 1

describe('MapIndex', () => {
  it('says the same, brought up to date by difference, as one made anew', () => {
    const cases = fc.record({
      steps: fc.array(stretches, { minLength: 2, maxLength: 4 }),
      checked: fc.array(fc.constantFrom(0, 8, 255), { minLength: 4, maxLength: 4 }),
    })
    fc.assert(
      fc.property(cases, ({ steps, checked }) => {
        const all = steps.map(runsOf)
        const windows = countOf(...all)
        const index = new MapIndex(all[0]!)
        for (const [i, runs] of all.entries()) {
          const state = stateOf(runs, makeWindows(0), checked[i])
          index.show(state)
          const anew = new MapIndex(runs)
          anew.show(state)
          expect(answersOf(index, windows) === answersOf(anew, windows)).toBe(true)
        }
      }),
      { numRuns: 25 },
    )
  })

  it('takes only the windows that it is told of as changed', () => {
    const before = runsOf([[Owner.guestData, 3 * WINDOW, 0]])
    const after = runsOf([
      [Owner.guestData, WINDOW + 5, 0],
      [Owner.activeL2, 1, 0],
      [Owner.guestData, 2 * WINDOW, 0],
    ])
    const index = new MapIndex(before)
    index.show(stateOf(before))
    const untouched = index.tile(OWNER, 0)
    index.show(stateOf(after), changedWindows(stateOf(before).input, stateOf(after).input))
    expect(index.tile(OWNER, 0)).toBe(untouched)
    expect(cellOwner(cellsAt(index, 6, 1)[0]!)).toBe(Owner.activeL2)
  })

  it('finds every cluster of every kind at every level', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...OWNERS.slice(1).map(({ code }) => code)),
        fc.nat(5 * WINDOW - 1),
        (owner, at) => {
          const runs = runsOf([
            ...(at > 0 ? [[Owner.free, at, 0] as const] : []),
            [owner, 1, 0],
            [Owner.free, 5 * WINDOW - at, 0],
          ])
          const index = new MapIndex(runs)
          index.show(stateOf(runs))
          for (let level = 0; level <= 6; level++) {
            for (let window = 0; window < 5; window++) {
              const cells = cellsAt(index, level, window)
              const side = 64 >> level
              const within = at - window * WINDOW
              const isHere = within >= 0 && within < WINDOW
              const place = ((within >> 6) >> level) * side + ((within & 63) >> level)
              expect(cells.findIndex(cell => cellOwner(cell) === owner)).toBe(isHere ? place : -1)
            }
          }
          const { count, window, cell } = index.windowCells(OWNER)
          expect([count, window[0], cellOwner(cell[0]!)]).toEqual([1, Math.floor(at / WINDOW), owner])
        },
      ),
      { numRuns: 40 },
    )
  })

  it('keeps no row for windows in which nothing is', () => {
    const runs = runsOf([
      [Owner.guestData, 10, 0],
      [Owner.free, 2 ** 32, 0],
      [Owner.guestData, 10, 0],
    ])
    const index = new MapIndex(runs)
    index.show(stateOf(runs))
    expect([...index.windowCells(OWNER).window]).toEqual([0, 2 ** 20])
    expect(index.bytes).toBeLessThan(64 * runs.count)
  })

  it('keeps the windows once, however many layers were seen', () => {
    const stretch = Array.from({ length: 100 }, (): Stretch[] => [
      [Owner.guestData, 10, 0],
      [Owner.free, 2 * WINDOW, 0],
    ])
    const runs = runsOf(stretch.flat())
    const index = new MapIndex(runs)
    index.show(stateOf(runs))
    const lists = LAYERS.map(layer => index.windowCells({ layer }).window)
    expect(new Set(lists).size).toBe(1)
    // A window's row takes 9 bytes, and 7 a layer.
    expect(index.bytes).toBe(100 * (9 + 7 * LAYERS.length))
  })

  it('lists windows that were refused something, though nothing is in them', () => {
    const runs = runsOf([
      [Owner.guestData, 10, 0],
      [Owner.free, 3 * WINDOW, 0],
    ])
    const windows = { ...makeWindows(1, () => 4), window: Uint32Array.of(2), count: 4 }
    const index = new MapIndex(runs)
    index.show(stateOf(runs, windows))
    const { window, cell, refused } = index.windowCells(OWNER)
    expect([[...window], [...cell], [...refused]]).toEqual([
      [0, 2],
      [Owner.guestData, 0],
      [0, 1],
    ])
  })

  it('paints metadata anew when only what is recorded of it has changed', () => {
    const runs = runsOf([
      [Owner.activeL2, 1, 0],
      [Owner.guestData, 100, 0],
    ])
    const index = new MapIndex(runs)
    const guardUnder = (recorded: Uint32Array) => {
      const { input, ...rest } = stateOf(runs)
      const engine = { runsInPlace: () => recorded, windowState: () => ({ hasBitmap: true }) }
      index.show({ ...rest, input: { ...input, engine: engine as never } })
      return [cellGuard(index.tile(OWNER, 0).cells[0]!), cellGuard(index.windowCells(OWNER).cell[0]!)]
    }
    const { type } = OWNERS[Owner.activeL2]!
    expect(guardUnder(new Uint32Array(0))).toEqual([Guard.lost, Guard.lost])
    expect(guardUnder(Uint32Array.of(packRun(0, 1, type)))).toEqual([Guard.guarded, Guard.guarded])
    expect(guardUnder(new Uint32Array(0))).toEqual([Guard.lost, Guard.lost])
  })
})

/** Owner and flags of every cluster, as text. */
const ownersOf = (runs: OwnerRuns, clusters: number) =>
  Array.from({ length: clusters }, (_, cluster) => {
    if (cluster >= runs.end) return ''
    const run = runs.start.findLastIndex(start => start <= cluster)
    return `${runs.owner[run]} ${runs.flags[run]}`
  })

describe('changedWindows', () => {
  it('are those with a cluster of another owner or other flags', () => {
    fc.assert(
      fc.property(stretches, stretches, (one, other) => {
        const [before, after] = [runsOf(one.slice(0, 5)), runsOf(other.slice(0, 5))]
        const clusters = countOf(before, after) * WINDOW
        const [a, b] = [ownersOf(before, clusters), ownersOf(after, clusters)]
        const expected = new Set(a.flatMap((owner, at) => (owner === b[at] ? [] : [Math.floor(at / WINDOW)])))
        expect(changedWindows(stateOf(before).input, stateOf(after).input)).toEqual([...expected])
      }),
      { numRuns: 20 },
    )
  })
})

describe('MapIndex.block', () => {
  it('paints only windows that are asked for, and those again that have changed', () => {
    const before = runsOf([[Owner.guestData, 100 * WINDOW, 0]])
    const index = new MapIndex(before)
    index.show(stateOf(before))
    const block = index.block(OWNER, 3, 0, 10, 12)
    expect(block.changes).toBe(2)
    expect(block.cells.indexOf(Owner.guestData)).toBe(10 * 64)
    expect(block.cells.lastIndexOf(Owner.guestData)).toBe(12 * 64 - 1)
    expect(index.block(OWNER, 3, 0, 11, 12).changes).toBe(2)
    expect(index.block(OWNER, 3, 0, 11, 14).changes).toBe(4)
    const after = runsOf([
      [Owner.guestData, 11 * WINDOW, 0],
      [Owner.free, WINDOW, 0],
      [Owner.guestData, 88 * WINDOW, 0],
    ])
    index.show(stateOf(after))
    const { cells, changes, unguarded } = index.block(OWNER, 3, 0, 10, 14)
    expect(changes).toBe(5)
    expect(cells.subarray(11 * 64, 12 * 64).every(cell => cell === Owner.free)).toBe(true)
    expect(unguarded).toHaveLength(0)
  })
})

it('forgets what was told of a window in which nothing is, once the list has no account of it', () => {
  const runs = runsOf([
    [Owner.guestData, WINDOW, 0],
    [Owner.free, 2 * WINDOW, 0],
  ])
  const list = {
    isUsed: (window: number) => window === 1,
    windowState: () => ({ age: 1, hasBitmap: true }),
    currentAge: 3,
  } as unknown as MetadataList
  const age = { layer: 'age' } as const
  const cellsOf = (index: MapIndex) => [...index.block(age, 3, 0).cells.subarray(0, 3 * 64)]
  const unlisted = stateOf(runs)
  const listed = stateOf(runs, { ...makeWindows(1), window: Uint32Array.of(1) })
  const index = new MapIndex(runs)
  index.show({ ...listed, input: { ...listed.input, list } })
  const before = cellsOf(index)
  expect(before.slice(64, 128).some(cell => cell !== 0)).toBe(true)
  index.show(unlisted)
  const anew = new MapIndex(runs)
  anew.show(unlisted)
  expect(cellsOf(index)).toEqual(cellsOf(anew))
})

describe('TileStore', () => {
  it('never holds more than its bound, and drops what was not used for longest', () => {
    const tile = {
      cells: new Uint8Array(1000),
      side: 1,
      isUniform: true,
      hasUnguarded: false,
      severities: undefined,
      paintedAt: 1,
    }
    const store = new TileStore(50_000)
    for (let key = 0; key < 200; key++) {
      store.put(key, tile)
      expect(store.bytes).toBeLessThanOrEqual(50_000)
      expect(store.get(0)).toBe(tile)
    }
    const kept = Array.from({ length: 200 }, (_, key) => key).filter(key => store.get(key))
    expect(kept.length).toBeGreaterThan(20)
    // The one that was always used, and the last ones without a gap.
    expect(kept).toEqual([0, ...kept.slice(1).map((_, i) => 200 - kept.length + 1 + i)])
  })
})
