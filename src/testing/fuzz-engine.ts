/** The engine's part of `npm run fuzz`: random calls on it and on the literal one, until so many were compared. */
import fc from 'fast-check'
import { engineCall, engineOptions, pairOf } from './engine-pair.ts'

/** Lists that are made and given calls before the next word of progress. */
const LISTS = 2000

/**
 * @param seed of the first lists; those after it count on
 * @returns how many calls were compared, `calls` at least
 * @throws Error with the shortest calls that tell the two apart
 */
export function fuzzEngine(seed: number, calls: number): number {
  let compared = 0
  for (let round = seed; compared < calls; round++) {
    compared += compareLists(round)
    console.log(`${compared} engine calls identical`)
  }
  return compared
}

function compareLists(seed: number): number {
  let compared = 0
  fc.assert(
    fc.property(engineOptions, fc.array(engineCall, { minLength: 200, maxLength: 400 }), (shape, list) => {
      const pair = pairOf(shape)
      for (const one of list) pair.make(one)
      pair.compareWindows()
      compared += list.length
    }),
    { numRuns: LISTS, seed },
  )
  return compared
}
