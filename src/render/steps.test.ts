import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseLayout, clusterPoint, type Direction, windowPoint } from './layout.ts'
import { firstOfWindow, lastOfWindow, verticalStep, windowStep } from './steps.ts'

const place = fc
  .tuple(fc.integer({ min: 1, max: 300 }), fc.double({ min: 0.2, max: 5, noNaN: true }), fc.nat(2 ** 20))
  .map(([count, aspect, at]) => ({ layout: chooseLayout(count, aspect), cluster: at % (count * 4096) }))

const OPPOSITE = { left: 'right', right: 'left', up: 'down', down: 'up' } as const

describe('a step over windows', () => {
  it('leads to the neighbour in the grid, and back', () => {
    fc.assert(
      fc.property(
        place,
        fc.constantFrom<Direction>('left', 'right', 'up', 'down'),
        ({ layout, cluster }, direction) => {
          const next = windowStep(layout, cluster, direction)
          expect(next % 4096).toBe(cluster % 4096)
          expect(Math.floor(next / 4096)).toBeLessThan(layout.count)
          if (next === cluster) return
          expect(windowStep(layout, next, OPPOSITE[direction])).toBe(cluster)
          const from = windowPoint(layout, Math.floor(cluster / 4096))
          const to = windowPoint(layout, Math.floor(next / 4096))
          const isSideways = direction === 'left' || direction === 'right'
          expect(isSideways ? from.y : from.x).toBe(isSideways ? to.y : to.x)
        },
      ),
    )
  })

  it('keeps to the window it ends', () => {
    expect([firstOfWindow(4096 + 70), lastOfWindow(4096 + 70)]).toEqual([4096, 8191])
  })
})

describe('a step straight up or down', () => {
  it('stays in its column, goes as far as asked where there is room, and never off the map', () => {
    fc.assert(
      fc.property(place, fc.integer({ min: -4000, max: 4000 }), ({ layout, cluster }, by) => {
        const next = verticalStep(layout, cluster, by)
        expect(next).toBeGreaterThanOrEqual(0)
        expect(next).toBeLessThan(layout.count * 4096)
        const from = clusterPoint(layout, cluster)
        const to = clusterPoint(layout, next)
        expect(to.x).toBe(from.x)
        const gone = to.y - from.y
        expect(Math.sign(gone) * Math.sign(by)).toBeGreaterThanOrEqual(0)
        expect(Math.abs(gone)).toBeLessThanOrEqual(Math.abs(by) + 12)
      }),
    )
  })
})
