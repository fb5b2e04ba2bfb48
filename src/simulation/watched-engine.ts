/**
 * The engine of a run with an unlimited one beside it, which knows everything that the driver entered. Where a check
 * lets a write through that the unlimited one would have refused, that is a missed overlap.
 */
import type { CheckingEngine } from '../driver/guard.ts'
import { type TypeMask, TEMPLATES } from '../lib/metadata-types.ts'
import { WINDOW_CLUSTERS, type WindowIndex } from '../lib/units.ts'
import { createEngine } from '../overlap/create-engine.ts'
import type { OverlapEngine } from '../overlap/engine.ts'
import type { MissedOverlap } from './event-log.ts'
import type { OpeningInput } from './opening-run.ts'

/** Room for 1024 bitmaps: none is packed and unpacked again for want of slots. */
const BITMAP_BYTES = 2n ** 22n

/** An engine without limit that knows what the opening enters, of every type. */
export function unlimitedEngine({ clusterBits, fileSize, sequence }: OpeningInput): OverlapEngine {
  const engine = createEngine({
    version: 'v6',
    clusterBits,
    checkedTypes: TEMPLATES.all,
    fileSize,
    bitmapSize: BITMAP_BYTES,
    totalSizeLimit: undefined,
  })!
  for (let i = 0; i < sequence.count; i++)
    if (sequence.aligned[i])
      engine.enter(sequence.window[i]!, sequence.index[i]!, sequence.nbClusters[i]!, sequence.types[i]!)
  return engine
}

export class WatchedEngine implements CheckingEngine {
  /** What the last check let through, though it lies on metadata. */
  missed: MissedOverlap | undefined
  /** undefined where nothing is checked. */
  private readonly engine: CheckingEngine | undefined
  private readonly unlimited: CheckingEngine
  private readonly unjudged: TypeMask

  /**
   * @param unjudged types that are passed over: the original enters an L2 table that a snapshot shares as an inactive
   *   one too, and then refuses sound writes if it checks them. That is no miss where it does not.
   */
  constructor(engine: CheckingEngine | undefined, unlimited: CheckingEngine, unjudged: TypeMask) {
    this.engine = engine
    this.unlimited = unlimited
    this.unjudged = unjudged
  }

  enter(window: WindowIndex, index: number, nbClusters: number, types: TypeMask): void {
    this.engine?.enter(window, index, nbClusters, types)
    this.unlimited.enter(window, index, nbClusters, types)
  }

  remove(window: WindowIndex, index: number, nbClusters: number, types: TypeMask): void {
    this.engine?.remove(window, index, nbClusters, types)
    this.unlimited.remove(window, index, nbClusters, types)
  }

  check(window: WindowIndex, index: number, nbClusters: number, ignored: TypeMask): TypeMask {
    const found = this.engine?.check(window, index, nbClusters, ignored) ?? 0
    const passed = ignored | this.unjudged
    const there = this.unlimited.check(window, index, nbClusters, passed)
    this.missed = found === 0 && there !== 0 ? this.hits(window, index, nbClusters, passed, there) : undefined
    return found
  }

  clone(): WatchedEngine {
    return new WatchedEngine(this.engine?.clone(), this.unlimited.clone(), this.unjudged)
  }

  /** The range narrowed to the clusters that hold metadata. */
  private hits(
    window: WindowIndex,
    index: number,
    nbClusters: number,
    ignored: TypeMask,
    types: TypeMask,
  ): MissedOverlap {
    const isHit = (at: number): boolean => {
      const cluster = index + at
      const inWindow = cluster % WINDOW_CLUSTERS
      return this.unlimited.check(window + Math.floor(cluster / WINDOW_CLUSTERS), inWindow, 1, ignored) !== 0
    }
    let first = 0
    while (!isHit(first)) first++
    let last = nbClusters - 1
    while (!isHit(last)) last--
    return { start: window * WINDOW_CLUSTERS + index + first, clusters: last - first + 1, types }
  }
}
