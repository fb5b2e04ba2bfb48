import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEngine, slotsOfCache, windowsOfFile } from '../../overlap/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../worker/catalogue.ts'
import { limitAfterKey, makeBudgetScale } from './budget-scale.ts'
import { listFloor } from './list-floor.ts'

const sizes = fc.record({
  floor: fc.integer({ min: 60, max: 40_000_000 }),
  above: fc.integer({ min: 0, max: 10_000_000 }),
})

describe('the scale', () => {
  it('rises with the bytes, and the unlimited is its end', () => {
    fc.assert(
      fc.property(sizes, fc.nat(50_000_000), fc.nat(50_000_000), ({ floor, above }, a, b) => {
        const scale = makeBudgetScale(floor, floor + above)
        const [less, more] = a < b ? [a, b] : [b, a]
        expect(scale.fraction(less)).toBeLessThanOrEqual(scale.fraction(more))
        expect(scale.fraction(more)).toBeLessThan(scale.fraction(undefined))
        expect(scale.fraction(undefined)).toBe(1)
      }),
    )
  })

  it('finds the bytes again, to a pixel of a thousand', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 900 }), ({ floor, above }, pixel) => {
        const scale = makeBudgetScale(floor, floor + above)
        const limit = scale.limitAt(pixel / 1000)
        expect(limit).toBeTypeOf('number')
        expect(Math.abs(scale.fraction(limit) * 1000 - pixel)).toBeLessThan(17)
      }),
    )
  })

  it('keeps both the floor and one bitmap above it to be seen, whatever the image', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 40_000_000 }), floor => {
        const scale = makeBudgetScale(floor, floor + 4096)
        expect(scale.fraction(floor)).toBeGreaterThan(0.03)
        expect(scale.fraction(floor + 4096) - scale.fraction(floor)).toBeGreaterThan(0.02)
        expect(scale.fraction(floor)).toBeLessThan(0.3)
      }),
    )
  })

  it('has a zone past all need, and a very end without limit', () => {
    const scale = makeBudgetScale(248, 4384)
    expect(scale.fraction(1 << 30)).toBeGreaterThan(scale.fraction(scale.end))
    expect(scale.limitAt(1)).toBeUndefined()
    expect(scale.limitAt(-3)).toBe(0)
    expect(scale.broken).toBe(false)
    expect(makeBudgetScale(2_100_000, 2_170_000).broken).toBe(true)
  })
})

describe('the keys', () => {
  const scale = makeBudgetScale(248, 4384)
  it.each([
    ['ArrowRight', false, 4380, 4384],
    ['ArrowLeft', false, 4380, 4376],
    ['ArrowUp', true, 4380, 8476],
    ['ArrowLeft', true, 4380, 284],
    ['ArrowLeft', true, 284, 0],
    ['PageUp', false, 4380, 69916],
    ['Home', false, 4380, 248],
    ['End', false, 4380, undefined],
    ['ArrowLeft', false, undefined, scale.end],
    ['ArrowRight', false, undefined, undefined],
  ])('%s, shift %s, moves %s to %s', (key, shift, from, to) => {
    expect(limitAfterKey(key, shift, from, scale)).toEqual({ limit: to })
  })

  it('leaves other keys alone', () => {
    expect(limitAfterKey('Tab', false, 4380, scale)).toBeUndefined()
  })
})

it('the floor is what the engine itself reserves for its list', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2 ** 33 }),
      fc.integer({ min: 9, max: 21 }),
      fc.bigInt({ min: 0n, max: 1n << 20n }),
      (fileSize, clusterBits, bitmapSize) => {
        const floor = listFloor({ fileSize, clusterSize: 2 ** clusterBits }, { bitmapSize })
        expect(floor.windowCount).toBe(windowsOfFile(fileSize, clusterBits))
        expect(floor.slotCount).toBe(slotsOfCache(bitmapSize))
        const open = (limit: number) =>
          createEngine({
            ...DEFAULT_OPTIONS,
            version: 'v6',
            fileSize,
            clusterBits,
            bitmapSize,
            totalSizeLimit: BigInt(limit),
          })
        expect(open(floor.bytes)?.memUsage).toBe(floor.bytes)
        expect(() => open(floor.bytes - 1)).toThrow('Cannot allocate')
      },
    ),
    { numRuns: 60 },
  )
})
