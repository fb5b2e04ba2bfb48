import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ageHasBitmap, ageIsMetadata, AGE_STEPS, ageStep } from '../lib/age-bucket.ts'
import { CELL_PROBLEM, cellGuard, cellOwner, Guard, isUnguarded } from '../lib/cells.ts'
import { CELLS } from '../lib/layer-cells.ts'
import { SEVERITIES, severitiesOf } from '../lib/layer-severity.ts'
import { LAYERS } from '../lib/layers.ts'
import { isMetadata, Owner, OWNERS } from '../lib/owners.ts'
import { isLeakedValue, Wrong, wrongOf } from '../lib/problem-value.ts'
import { REFCOUNT_BUCKETS } from '../lib/refcount-bucket.ts'
import { typesAt } from '../overlap/type-runs.ts'
import { type OwnerRuns, type RefcountRuns, RunFlag } from '../qcow2/owner-map.ts'
import { sequenceOf } from '../testing/open-sequences.ts'
import { guardOf, isReadable } from './window-guards.ts'
import { countCells } from './layer-counts.ts'
import type { LayerInput } from './layer-stretches.ts'
import { runOpening } from './opening-run.ts'
import { cellsPerTile, paintTile } from './tiles.ts'
import { buildTruth } from './truth.ts'

const WINDOW = 4096
const CLUSTER_BITS = 16

interface Piece {
  readonly owner: number
  readonly flags: number
  readonly length: number
}

const pieces = fc
  .array(
    fc.record({
      owner: fc.constantFrom(...OWNERS.map(({ code }) => code)),
      flags: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 15 })),
      length: fc.oneof(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 1500 }),
        fc.constant(3 * WINDOW),
      ),
    }),
    { minLength: 1, maxLength: 10 },
  )
  .map(list =>
    // What nobody claims has no other flag.
    list.map(piece =>
      piece.owner > Owner.leaked ? piece : { ...piece, flags: piece.flags & RunFlag.pastEnd },
    ),
  )
const buckets = fc.array(
  fc.record({
    bucket: fc.constantFrom(...REFCOUNT_BUCKETS.map(({ code }) => code)),
    length: fc.integer({ min: 1, max: 3000 }),
  }),
  { minLength: 1, maxLength: 14 },
)

const startsOf = (lengths: readonly number[]): Float64Array => {
  const start = new Float64Array(lengths.length)
  for (let i = 1; i < lengths.length; i++) start[i] = start[i - 1]! + lengths[i - 1]!
  return start
}

function runsOf(list: readonly Piece[]): OwnerRuns {
  const start = startsOf(list.map(({ length }) => length))
  return {
    count: list.length,
    start,
    owner: Uint8Array.from(list, ({ owner }) => owner),
    flags: Uint8Array.from(list, ({ flags }) => flags),
    end: start.at(-1)! + list.at(-1)!.length,
  }
}

/** An image laid out like this, opened with so much room above what the list itself needs. */
function opened(
  list: readonly Piece[],
  refcounts: RefcountRuns,
  room: number,
  checkedTypes: number,
): LayerInput {
  const runs = runsOf(list)
  const sequence = sequenceOf(
    list.flatMap(({ owner, length }, i) =>
      OWNERS[owner]!.type === 0
        ? []
        : [{ cluster: runs.start[i]!, clusters: length, types: OWNERS[owner]!.type }],
    ),
  )
  const windows = Math.ceil(runs.end / WINDOW)
  const input = { clusterBits: CLUSTER_BITS, fileSize: runs.end * 2 ** CLUSTER_BITS, sequence }
  const { engine } = runOpening(input, {
    checkedTypes,
    bitmapSize: 8192n,
    totalSizeLimit: BigInt(56 + 32 * windows + 8 + room),
    version: 'v6',
    device: 'drv0',
    nodeName: '',
    openUnchecked: false,
  })
  const truth = buildTruth({ ...input, runs }).engine
  const canBuild = engine?.canBuild() ?? false
  return { runs, refcounts, truth, engine, list: engine, checkedTypes, canBuild }
}

const images = fc.record({
  list: pieces,
  buckets,
  room: fc.oneof(fc.constant(1e6), fc.integer({ min: 4000, max: 9000 }), fc.nat(200)),
  checkedTypes: fc.constantFrom(0, 43, 127, 255),
})

const inputOf = ({ list, buckets: steps, room, checkedTypes }: RecordOf<typeof images>): LayerInput =>
  opened(
    list,
    {
      count: steps.length,
      start: startsOf(steps.map(({ length }) => length)),
      bucket: Uint8Array.from(steps, ({ bucket }) => bucket),
    },
    room,
    checkedTypes,
  )

type RecordOf<A> = A extends fc.Arbitrary<infer T> ? T : never

/** Everything about one cluster, the long way round. */
function factsOf(input: LayerInput, cluster: number) {
  const { runs, refcounts, truth, engine, list } = input
  const run = runs.start.findLastIndex(start => start <= cluster)
  const owner = runs.owner[run]!
  const flags = runs.flags[run]!
  const window = Math.floor(cluster / WINDOW)
  const known = (runsOfWindow: Uint32Array | undefined) =>
    runsOfWindow ? typesAt(runsOfWindow, 0, runsOfWindow.length, cluster % WINDOW) : 0
  const types = (known(truth.runsInPlace(window)) | OWNERS[owner]!.type) & input.checkedTypes
  const readable = engine !== undefined && isReadable(engine, window, input.canBuild)
  return {
    owner,
    flags,
    bucket: refcounts.bucket[refcounts.start.findLastIndex(start => start <= cluster)]!,
    guard: isMetadata(owner) ? guardOf(types, known(engine?.runsInPlace(window)), readable) : Guard.none,
    isThere: !(owner === Owner.free && flags & RunFlag.pastEnd),
    used: list?.usedWindows().includes(window) ?? false,
    state: list?.windowState(window),
    currentAge: list?.currentAge ?? 0,
  }
}

/** Cells of all clusters of the image, window by window. */
function cellsOf(input: LayerInput, layer: (typeof LAYERS)[number], level = 0): Uint8Array[] {
  return Array.from({ length: Math.ceil(input.runs.end / WINDOW) }, (_, window) => {
    const cells = new Uint8Array(cellsPerTile(level))
    paintTile(input, { layer }, window, level, cells, 0)
    return cells
  })
}

describe('layers of the cluster map', () => {
  it('say of every cluster what its owner, its refcount, its problems and its window’s age are', () => {
    fc.assert(
      fc.property(images, fc.nat(), (image, seed) => {
        const input = inputOf(image)
        const of = Object.fromEntries(LAYERS.map(layer => [layer, cellsOf(input, layer)]))
        for (let i = 0; i < 25; i++) {
          const cluster = (seed + i * 7919) % input.runs.end
          const facts = factsOf(input, cluster)
          if (!facts.isThere) continue
          const { owner, flags, guard, state } = facts
          const cell = (layer: string) => of[layer]![Math.floor(cluster / WINDOW)]![cluster % WINDOW]!
          for (const layer of LAYERS) expect(cellGuard(cell(layer))).toBe(guard)
          expect(cellOwner(cell('owner'))).toBe(owner)
          expect(cell('protection')).toBe(cell('owner'))
          expect(cellOwner(cell('refcount'))).toBe(facts.bucket)
          const differs = owner === Owner.leaked || (flags & RunFlag.refcountWrong) !== 0
          expect((cell('refcount') & CELL_PROBLEM) !== 0).toBe(differs)
          const age = cellOwner(cell('age'))
          expect(ageIsMetadata(age)).toBe(isMetadata(owner))
          const ticks = facts.used && state ? (facts.currentAge - state.age) >>> 0 : undefined
          expect(ageStep(age)).toBe(
            ticks === undefined
              ? -1
              : AGE_STEPS.findLastIndex((_, step) => ticks > (AGE_STEPS[step - 1] ?? 0)),
          )
          expect(ageHasBitmap(age)).toBe(ticks !== undefined && state!.hasBitmap)
          const problem = cellOwner(cell('problem'))
          expect(isLeakedValue(problem)).toBe(owner === Owner.leaked)
          const expected =
            owner === Owner.free || owner === Owner.leaked
              ? flags & RunFlag.pastEnd
              : flags & ~RunFlag.inactiveOnly
          expect(wrongOf(problem)).toBe(
            owner === Owner.free
              ? 0
              : (expected & RunFlag.claimedTwice ? Wrong.claimedTwice : 0) |
                  (expected & RunFlag.refcountWrong ? Wrong.refcountWrong : 0) |
                  (expected & RunFlag.pastEnd ? Wrong.pastEnd : 0),
          )
        }
      }),
      { numRuns: 25 },
    )
  })

  it('are counted as their clusters are, one by one', () => {
    fc.assert(
      fc.property(images, fc.constantFrom(...LAYERS), (image, layer) => {
        const input = inputOf(image)
        const naive = new Float64Array(CELLS)
        const cells = cellsOf(input, layer)
        for (let i = 0; i < input.runs.count; i++) {
          const end = i + 1 < input.runs.count ? input.runs.start[i + 1]! : input.runs.end
          for (let cluster = input.runs.start[i]!; cluster < end; cluster++)
            if (!(input.runs.owner[i] === Owner.free && input.runs.flags[i]! & RunFlag.pastEnd))
              naive[cells[Math.floor(cluster / WINDOW)]![cluster % WINDOW]!]!++
        }
        expect(countCells(input, layer)).toEqual(naive)
      }),
      { numRuns: 60 },
    )
  })

  it('show at every level the most severe cluster under a cell, and what is unguarded before all else', () => {
    fc.assert(
      fc.property(images, fc.constantFrom(...LAYERS), (image, layer) => {
        const input = inputOf(image)
        const severities = SEVERITIES[layer]
        const finest = cellsOf(input, layer)
        for (const level of [1, 3, 6]) {
          for (const [window, cells] of cellsOf(input, layer, level).entries()) {
            const side = 64 >> level
            const most = new Uint8Array(side * side)
            const unguarded = new Uint8Array(side * side)
            finest[window]!.forEach((cell, i) => {
              const at = ((i >> 6) >> level) * side + ((i & 63) >> level)
              most[at] = Math.max(most[at]!, severities[cell]!)
              if (isUnguarded(cellGuard(cell))) unguarded[at] = 1
            })
            expect(cells.map(cell => severities[cell]!)).toEqual(most)
            expect(cells.map(cell => (isUnguarded(cellGuard(cell)) ? 1 : 0))).toEqual(unguarded)
          }
        }
      }),
      { numRuns: 25 },
    )
  })

  it('let what is filtered out give way to what is shown', () => {
    fc.assert(
      fc.property(
        images,
        fc.constantFrom(...LAYERS),
        fc.uint8Array({ minLength: CELLS, maxLength: CELLS, max: 1 }),
        (image, layer, muted) => {
          const input = inputOf(image)
          const finest = cellsOf(input, layer)
          for (const [window, clusters] of finest.entries()) {
            const cells = new Uint8Array(1)
            paintTile(input, { layer, severities: severitiesOf(layer, muted) }, window, 6, cells, 0)
            const isSeen = clusters.some(cell => SEVERITIES[layer][cell]! > 0 && muted[cell] === 0)
            expect(muted[cells[0]!] === 0 || SEVERITIES[layer][cells[0]!] === 0).toBe(
              isSeen || clusters.every(cell => SEVERITIES[layer][cell] === 0),
            )
          }
        },
      ),
      { numRuns: 25 },
    )
  })
})
