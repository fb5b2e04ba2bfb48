import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LiteralMetadataList, type LiteralOptions } from '../testing/literal-metadata-list.ts'
import { createEngine } from './create-engine.ts'
import type { MetadataList } from './metadata-list.ts'

type Call = {
  kind: 'enter' | 'remove' | 'check'
  cluster: number
  clusters: number
  types: number
  aligned: boolean
}

const WINDOW = 4096

/** As expect(…).toBe(…), but cheap enough to be asked a million times. */
function same<T>(what: string, actual: T, expected: T): void {
  if (actual !== expected) expect.fail(`${what}: ${String(actual)} instead of ${String(expected)}`)
}

/** A run of calls on both engines, and everything that either of them says, step by step. */
class Pair {
  readonly literalEvents: string[] = []
  readonly events: string[] = []
  readonly literal: LiteralMetadataList
  engine: MetadataList

  constructor(options: LiteralOptions) {
    this.literal = new LiteralMetadataList(options, (start, clusters) =>
      this.literalEvents.push(`${start}+${clusters}`),
    )
    const limit = options.totalSizeLimit
    this.engine = createEngine({
      ...options,
      bitmapSize: BigInt(options.bitmapSize),
      totalSizeLimit: limit === Infinity ? undefined : BigInt(limit),
    })!
    this.listen()
  }

  listen(): void {
    this.engine.listener = {
      limitReached: (_rule, window, length, repeats) => {
        for (let i = 0; i < repeats; i++) this.events.push(`${window * WINDOW}+${length}`)
      },
    }
  }

  /** Both ages so far on that the next calls wrap past 2^32. */
  skipTo(age: number): void {
    this.literal.currentAge = age
    this.engine = this.engine.clone()
    this.listen()
    Object.assign(this.engine, { ticks: age })
  }

  make({ kind, cluster, clusters, types, aligned }: Call): void {
    const window = Math.floor(cluster / WINDOW)
    const index = cluster % WINDOW
    this.literalEvents.length = 0
    this.events.length = 0
    if (kind === 'check') {
      const expected = this.literal.check(cluster, clusters, types)
      same('answer', this.engine.check(window, index, clusters, types), expected)
    } else if (kind === 'enter') {
      this.literal.enter(cluster, clusters, types, aligned)
      if (aligned) this.engine.enter(window, index, clusters, types)
    } else {
      this.literal.remove(cluster, clusters, types, aligned)
      this.engine.remove(window, index, clusters + (aligned ? 0 : 1), types)
    }
    const { engine, literal } = this
    same('events', this.events.join(), this.literalEvents.join())
    same('memUsage', engine.memUsage, literal.memUsage)
    same('currentAge', engine.currentAge, literal.currentAge)
    same('windows', engine.windowCount, literal.windows.length)
    const slots = engine.slots()
    while (slots.length < literal.cache.length) slots.push(-1)
    same('slots', slots.join(), literal.cache.join())
  }

  compareWindows(): void {
    const bytes = new Uint8Array(WINDOW)
    this.literal.windows.forEach((window, index) => {
      const state = this.engine.windowState(index)
      expect([state.age, state.hasBitmap, state.nbFragments, state.fragmentsArraySize]).toEqual([
        window.age,
        window.bitmap !== undefined,
        window.fragments.length,
        window.fragmentsArraySize,
      ])
      expect(this.engine.fragments(index)).toEqual(window.fragments.map(f => [f.start, f.clusters, f.types]))
      if (!window.bitmap) return
      expect(state.modified).toBe(window.bitmapModified)
      this.engine.readWindow(index, bytes)
      expect(Buffer.compare(bytes, window.bitmap)).toBe(0)
    })
    const bitmaps = this.literal.windows.filter(window => window.bitmap).length
    const capacity = this.literal.windows.reduce((sum, window) => sum + window.fragmentsArraySize, 0)
    expect([this.engine.bitmapCount, this.engine.arrayTotal]).toEqual([bitmaps, capacity])
  }
}

const WINDOWS = 5

const options = fc.record({
  version: fc.constantFrom<'v6' | 'v4'>('v6', 'v4'),
  clusterBits: fc.constantFrom(9, 12, 16, 21),
  checkedTypes: fc.constantFrom(43, 127, 255, 20),
  windows: fc.integer({ min: 1, max: WINDOWS }),
  bitmapSize: fc.constantFrom(0, 4096, 8192, 12288, 65536),
  /** Room left above the floor, in bytes. */
  room: fc.oneof(
    fc.constant(Infinity),
    fc.integer({ min: 0, max: 20000 }),
    fc.integer({ min: 4080, max: 4140 }),
  ),
})

const amount = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 3 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 700 }) },
  { weight: 1, arbitrary: fc.integer({ min: 4000, max: 9000 }) },
)

const call = fc.record({
  kind: fc.constantFrom<Call['kind']>('enter', 'enter', 'remove', 'check', 'check'),
  cluster: fc.oneof(
    fc.integer({ min: 0, max: (WINDOWS + 1) * WINDOW }),
    fc.integer({ min: 0, max: 40 }).map(n => n * 2),
    fc.integer({ min: WINDOW - 5, max: WINDOW + 5 }),
  ),
  clusters: amount,
  types: fc.constantFrom(1, 2, 4, 8, 16, 32, 64, 128, 132, 0, 255),
  aligned: fc.nat(9).map(n => n > 0),
})

/** Metadata on every other cluster: more fragments than a bitmap has bytes for. */
const alternating = (from: number, clusters: number): Call[] =>
  Array.from({ length: clusters }, (_, i) => ({
    kind: 'enter',
    cluster: from + 2 * i,
    clusters: 1,
    types: i % 3 === 0 ? 4 : 20,
    aligned: true,
  }))

function pairOf(
  shape: { room: number; windows: number; clusterBits: number; bitmapSize: number } & Pick<
    LiteralOptions,
    'version' | 'checkedTypes'
  >,
): Pair {
  const { room, windows, ...rest } = shape
  const slots = Math.max(1, Math.floor(rest.bitmapSize / WINDOW))
  return new Pair({
    ...rest,
    fileSize: windows * WINDOW * 2 ** rest.clusterBits,
    totalSizeLimit: 56 + 32 * windows + 4 * slots + room,
  })
}

describe('the engine against the literal one', () => {
  it('says the same of 200 000 random calls', () => {
    let calls = 0
    fc.assert(
      fc.property(options, fc.array(call, { minLength: 60, maxLength: 140 }), (shape, list) => {
        const pair = pairOf(shape)
        for (const one of list) pair.make(one)
        pair.compareWindows()
        calls += list.length
      }),
      { numRuns: 2400 },
    )
    expect(calls).toBeGreaterThan(200_000)
  })

  it('says the same where bitmaps are kept because their fragments are too many', () => {
    fc.assert(
      fc.property(
        options,
        fc.integer({ min: 600, max: 900 }),
        fc.array(call, { maxLength: 30 }),
        (shape, n, list) => {
          const pair = pairOf({ ...shape, room: Math.max(shape.room, 4096 * 2) })
          for (const one of [...alternating(0, n), ...alternating(WINDOW, n), ...list]) pair.make(one)
          pair.compareWindows()
        },
      ),
      { numRuns: 40 },
    )
  })

  it('says the same when ages wrap past 2^32', () => {
    fc.assert(
      fc.property(
        options,
        fc.array(call, { minLength: 20, maxLength: 40 }),
        fc.integer({ min: 1, max: 3000 }),
        fc.array(call, { minLength: 20, maxLength: 40 }),
        (shape, before, distance, after) => {
          const pair = pairOf(shape)
          for (const one of before) pair.make(one)
          pair.skipTo(2 ** 32 - distance)
          for (const one of after) pair.make(one)
          pair.compareWindows()
        },
      ),
      { numRuns: 200 },
    )
  })

  it('goes on from a clone as from the original, and leaves the original alone', () => {
    fc.assert(
      fc.property(
        options,
        fc.array(call, { minLength: 10, maxLength: 60 }),
        fc.array(call, { minLength: 10, maxLength: 60 }),
        (shape, before, after) => {
          const pair = pairOf(shape)
          for (const one of before) pair.make(one)
          const other = pair.engine.clone()
          for (const { cluster, clusters } of after)
            other.enter(Math.floor(cluster / WINDOW), cluster % WINDOW, clusters, 255)
          pair.compareWindows()
          pair.engine = pair.engine.clone()
          pair.listen()
          for (const one of after) pair.make(one)
          pair.compareWindows()
        },
      ),
      { numRuns: 200 },
    )
  })

  it('foretells whether a window would get a bitmap', () => {
    fc.assert(
      fc.property(options, fc.array(call, { maxLength: 60 }), (shape, list) => {
        const pair = pairOf(shape)
        for (const one of list) pair.make(one)
        const can = pair.engine.canBuild()
        for (let window = 0; window < pair.engine.windowCount; window++) {
          if (pair.engine.windowState(window).hasBitmap) continue
          const trial = pair.engine.clone()
          trial.check(window, 0, 1, 0)
          expect(trial.windowState(window).hasBitmap).toBe(can)
        }
      }),
      { numRuns: 300 },
    )
  })
})

it('costs nothing for windows and slots that nobody uses', () => {
  const engine = createEngine({
    version: 'v6',
    clusterBits: 9,
    checkedTypes: 255,
    fileSize: 0,
    bitmapSize: 2n ** 62n,
    totalSizeLimit: undefined,
  })!
  const last = 2 ** 42 - 1
  engine.enter(last, 4095, 1, 4)
  expect(engine.check(last, 4095, 1, 0)).toBe(4)
  expect(engine.memUsage).toBe(56 + 32 * 2 ** 42 + 4 * 2 ** 50 + 4096)
})

it('holds a million windows, one in a hundred in use, in far less than 64 MiB', () => {
  const windows = 1_000_000
  const engine = createEngine({
    version: 'v6',
    clusterBits: 16,
    checkedTypes: 255,
    fileSize: windows * WINDOW * 65536,
    bitmapSize: 65536n,
    totalSizeLimit: undefined,
  })!
  for (let window = 0; window < windows; window += 100)
    for (let index = 0; index < 8; index++) engine.enter(window, 512 * index, 1, 4)
  expect(engine.usedWindows()).toHaveLength(windows / 100)
  expect(engine.bytes).toBeLessThan(8 * 2 ** 20)
})
