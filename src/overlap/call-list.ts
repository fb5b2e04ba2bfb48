/** Engine calls taken apart beforehand, so that many can be made with nothing else between them. */
import type { OverlapEngine } from './engine.ts'

export const CallKind = { enter: 0, remove: 1, check: 2 } as const

/** Parallel arrays, one element a call; positions and counts as in OverlapEngine. */
export interface CallList {
  readonly count: number
  readonly kind: Uint8Array
  readonly window: Float64Array
  readonly index: Uint16Array
  readonly nbClusters: Float64Array
  /** Types, or the ignored ones of a check. */
  readonly types: Uint8Array
}

export function emptyCallList(count: number): CallList {
  return {
    count,
    kind: new Uint8Array(count),
    window: new Float64Array(count),
    index: new Uint16Array(count),
    nbClusters: new Float64Array(count),
    types: new Uint8Array(count),
  }
}

export function makeCalls(engine: OverlapEngine, calls: CallList): void {
  const { count, kind, window, index, nbClusters, types } = calls
  for (let i = 0; i < count; i++) {
    if (kind[i] === CallKind.check) engine.check(window[i]!, index[i]!, nbClusters[i]!, types[i]!)
    else if (kind[i] === CallKind.enter) engine.enter(window[i]!, index[i]!, nbClusters[i]!, types[i]!)
    else engine.remove(window[i]!, index[i]!, nbClusters[i]!, types[i]!)
  }
}
