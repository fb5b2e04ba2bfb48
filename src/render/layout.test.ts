import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  chooseLayout,
  clusterPoint,
  layoutHeight,
  layoutWidth,
  neighbour,
  PITCH_X,
  PITCH_Y,
} from './layout.ts'

const counts = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 1_200_000 }))
const aspects = fc.double({ min: 0.3, max: 6, noNaN: true })

describe('chooseLayout', () => {
  it('has room for every window, and no row without one', () => {
    fc.assert(
      fc.property(counts, aspects, (count, aspect) => {
        const { columns, rows } = chooseLayout(count, aspect)
        expect(columns * rows).toBeGreaterThanOrEqual(count)
        expect(columns * (rows - 1)).toBeLessThan(count)
        expect(columns).toBeLessThanOrEqual(count)
      }),
    )
  })

  it('makes the tiles as large as any number of columns would', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), aspects, (count, aspect) => {
        const scale = (columns: number) => {
          const layout = { count, columns, rows: Math.ceil(count / columns) }
          return Math.min(aspect / layoutWidth(layout), 1 / layoutHeight(layout))
        }
        const all = Array.from({ length: count }, (_, i) => scale(i + 1))
        expect(scale(chooseLayout(count, aspect).columns)).toBeCloseTo(Math.max(...all), 12)
      }),
    )
  })

  it('knows an image without windows', () => {
    expect(chooseLayout(0, 2)).toEqual({ count: 0, columns: 0, rows: 0 })
  })
})

describe('clusterPoint', () => {
  it('gives every cluster of a small map a place of its own', () => {
    const layout = chooseLayout(5, 1.5)
    const places = new Set<string>()
    for (let cluster = 0; cluster < 5 * 4096; cluster++) {
      const { x, y } = clusterPoint(layout, cluster)
      expect(x % PITCH_X).toBeLessThan(64)
      expect(y % PITCH_Y).toBeLessThan(64)
      places.add(`${x} ${y}`)
    }
    expect(places.size).toBe(5 * 4096)
  })
})

describe('neighbour', () => {
  const opposite = { left: 'right', right: 'left', up: 'down', down: 'up' } as const
  const step = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] } as const
  const directions = fc.constantFrom('left', 'right', 'up', 'down')

  it('is the next cell in that direction, a gutter further at a tile’s edge, and can be undone', () => {
    fc.assert(
      fc.property(counts, aspects, fc.nat(), directions, (count, aspect, seed, direction) => {
        const layout = chooseLayout(count, aspect)
        const cluster = seed % (count * 4096)
        const next = neighbour(layout, cluster, direction)
        expect(next).toBeGreaterThanOrEqual(0)
        expect(next).toBeLessThan(count * 4096)
        if (next === cluster) return
        const from = clusterPoint(layout, cluster)
        const to = clusterPoint(layout, next)
        const [dx, dy] = step[direction]
        expect([dx, dx * (1 + PITCH_X - 64)]).toContain(to.x - from.x)
        expect([dy, dy * (1 + PITCH_Y - 64)]).toContain(to.y - from.y)
        expect(neighbour(layout, next, opposite[direction])).toBe(cluster)
      }),
      { numRuns: 2000 },
    )
  })

  it('stops at the edges of the grid', () => {
    const layout = { count: 3, columns: 2, rows: 2 }
    expect(neighbour(layout, 0, 'left')).toBe(0)
    expect(neighbour(layout, 0, 'up')).toBe(0)
    expect(neighbour(layout, 4096 + 63, 'right')).toBe(4096 + 63)
    // No window stands below window 1, nor right of window 2.
    expect(neighbour(layout, 4096 + 4095, 'down')).toBe(4096 + 4095)
    expect(neighbour(layout, 2 * 4096 + 63, 'right')).toBe(2 * 4096 + 63)
  })
})
