/**
 * The engine beside the literal one (literal-metadata-list.ts): both are given the same calls, and whatever
 * either of them says is compared.
 */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { createEngine } from '../overlap/create-engine.ts'
import type { MetadataList } from '../overlap/metadata-list.ts'
import { LiteralMetadataList, type LiteralOptions } from './literal-metadata-list.ts'

export type Call = {
  kind: 'enter' | 'remove' | 'check'
  cluster: number
  clusters: number
  types: number
  aligned: boolean
}

export const WINDOW = 4096

/** As assert.equal, but cheap enough to be asked a million times. */
function same<T>(what: string, actual: T, expected: T): void {
  if (actual !== expected) assert.fail(`${what}: ${String(actual)} instead of ${String(expected)}`)
}

/** A run of calls on both engines, and everything that either of them says, step by step. */
export class Pair {
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
    same('number of events', this.events.length, this.literalEvents.length)
    if (this.events.length > 0) same('events', this.events.join(), this.literalEvents.join())
    same('memUsage', engine.memUsage, literal.memUsage)
    same('currentAge', engine.currentAge, literal.currentAge)
    same('windows', engine.windowCount, literal.windows.length)
    const slots = engine.slots()
    // Slots past the engine's were never used.
    literal.cache.forEach((held, slot) => same('slot', slots[slot] ?? -1, held))
  }

  compareWindows(): void {
    const bytes = new Uint8Array(WINDOW)
    this.literal.windows.forEach((window, index) => {
      const state = this.engine.windowState(index)
      assert.deepEqual(
        [state.age, state.hasBitmap, state.nbFragments, state.fragmentsArraySize],
        [window.age, window.bitmap !== undefined, window.fragments.length, window.fragmentsArraySize],
      )
      assert.deepEqual(
        this.engine.fragments(index),
        window.fragments.map(f => [f.start, f.clusters, f.types]),
      )
      if (!window.bitmap) return
      same('modified', state.modified, window.bitmapModified)
      this.engine.readWindow(index, bytes)
      same('bytes', Buffer.compare(bytes, window.bitmap), 0)
    })
    const bitmaps = this.literal.windows.filter(window => window.bitmap).length
    const capacity = this.literal.windows.reduce((sum, window) => sum + window.fragmentsArraySize, 0)
    assert.deepEqual([this.engine.bitmapCount, this.engine.arrayTotal], [bitmaps, capacity])
  }
}

const WINDOWS = 5

export const engineOptions = fc.record({
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

export const engineCall = fc.record({
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
export const alternating = (from: number, clusters: number): Call[] =>
  Array.from({ length: clusters }, (_, i) => ({
    kind: 'enter',
    cluster: from + 2 * i,
    clusters: 1,
    types: i % 3 === 0 ? 4 : 20,
    aligned: true,
  }))

export function pairOf(
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
