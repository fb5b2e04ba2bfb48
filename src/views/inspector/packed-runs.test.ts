import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { packRun } from '../../overlap/run-arena.ts'
import { runsOf } from './packed-runs.ts'

it('reads runs as the engine packs them', () => {
  const run = fc
    .record({
      start: fc.nat({ max: 4095 }),
      clusters: fc.integer({ min: 1, max: 4096 }),
      types: fc.integer({ min: 1, max: 255 }),
    })
    .filter(({ start, clusters }) => start + clusters <= 4096)
  fc.assert(
    fc.property(fc.array(run), runs => {
      const packed = Uint32Array.from(runs, ({ start, clusters, types }) =>
        packRun(start, start + clusters, types),
      )
      expect(runsOf(packed)).toEqual(runs)
    }),
  )
})
