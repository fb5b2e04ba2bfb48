import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alternating, type Call, engineCall, engineOptions, pairOf, WINDOW } from '../testing/engine-pair.ts'
import type { Checkpoint } from './checkpoint.ts'
import { createEngine } from './create-engine.ts'
import type { MetadataList } from './metadata-list.ts'

describe('the engine against the literal one', () => {
  it('says the same of 200 000 random calls', () => {
    let calls = 0
    fc.assert(
      fc.property(engineOptions, fc.array(engineCall, { minLength: 60, maxLength: 140 }), (shape, list) => {
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
        engineOptions,
        fc.integer({ min: 600, max: 900 }),
        fc.array(engineCall, { maxLength: 30 }),
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
        engineOptions,
        fc.array(engineCall, { minLength: 20, maxLength: 40 }),
        fc.integer({ min: 1, max: 3000 }),
        fc.array(engineCall, { minLength: 20, maxLength: 40 }),
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
        engineOptions,
        fc.array(engineCall, { minLength: 10, maxLength: 60 }),
        fc.array(engineCall, { minLength: 10, maxLength: 60 }),
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

  it('comes back to any checkpoint, from before and from behind, and goes on from there as it did', () => {
    const step = fc.record({ calls: fc.array(engineCall, { maxLength: 12 }), back: fc.option(fc.nat()) })
    fc.assert(
      fc.property(engineOptions, fc.array(step, { minLength: 3, maxLength: 12 }), (shape, steps) => {
        const { engine } = pairOf(shape)
        const kept: { checkpoint: Checkpoint; copy: MetadataList }[] = []
        let copy = engine.clone()
        for (const { calls, back } of steps) {
          for (const one of calls) for (const each of [engine, copy]) makeOn(each, one)
          expect(stateOf(engine)).toEqual(stateOf(copy))
          kept.push({ checkpoint: engine.checkpoint(), copy: copy.clone() })
          if (back === null) continue
          const to = kept[back % kept.length]!
          engine.restore(to.checkpoint)
          copy = to.copy.clone()
          expect(stateOf(engine)).toEqual(stateOf(copy))
        }
        for (const { checkpoint, copy: as } of kept) {
          engine.restore(checkpoint)
          expect(stateOf(engine)).toEqual(stateOf(as))
        }
      }),
      { numRuns: 400 },
    )
  })

  it('foretells whether a window would get a bitmap', () => {
    fc.assert(
      fc.property(engineOptions, fc.array(engineCall, { maxLength: 60 }), (shape, list) => {
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

it('gives out copies of its runs that stay as they are', () => {
  const { engine } = pairOf({
    room: 2 ** 20,
    windows: 4,
    clusterBits: 16,
    bitmapSize: 4096,
    version: 'v6',
    checkedTypes: 255,
  })
  engine.enter(0, 5, 3, 2)
  const [kept, inPlace] = [engine.runs(0), engine.runsInPlace(0)]
  expect(Array.from(kept)).toEqual(Array.from(inPlace))
  const before = Array.from(kept)
  engine.enter(0, 8, 3, 2)
  expect(Array.from(kept)).toEqual(before)
  expect(Array.from(engine.runs(0))).not.toEqual(before)
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

it('takes a checkpoint of what has changed since the last one, and of nothing else', () => {
  const engine = createEngine({
    version: 'v6',
    clusterBits: 16,
    checkedTypes: 255,
    fileSize: 10_000 * WINDOW * 65536,
    bitmapSize: 65536n,
    totalSizeLimit: undefined,
  })!
  for (let window = 0; window < 10_000; window++) engine.enter(window, 7, 1, 4)
  expect(engine.checkpoint().changed.rows).toHaveLength(10_000)
  expect(engine.checkpoint().changed.rows).toHaveLength(0)
  // Checked: two; evicted for them from the 16 slots: the two that were used longest ago.
  for (const window of [3, 5000, 3]) engine.check(window, 0, 1, 0)
  expect(Array.from(engine.checkpoint().changed.rows).sort((a, b) => a - b)).toEqual([3, 5000, 9984, 9985])
})

/** A call, as Pair makes it. */
function makeOn(engine: MetadataList, { kind, cluster, clusters, types, aligned }: Call): void {
  const window = Math.floor(cluster / WINDOW)
  const index = cluster % WINDOW
  if (kind === 'check') engine.check(window, index, clusters, types)
  else if (kind === 'remove') engine.remove(window, index, clusters + (aligned ? 0 : 1), types)
  else if (aligned) engine.enter(window, index, clusters, types)
}

/** Everything that can be seen of an engine. */
function stateOf(engine: MetadataList) {
  const { memUsage, peak, currentAge, windowCount, bitmapCount, arrayTotal } = engine
  const windows = engine.usedWindows().map(window => ({
    state: engine.windowState(window),
    runs: Array.from(engine.runs(window)),
    fragments: engine.fragments(window),
  }))
  return { memUsage, peak, currentAge, windowCount, bitmapCount, arrayTotal, slots: engine.slots(), windows }
}
