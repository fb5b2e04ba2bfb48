/**
 * The overlap check as the driver meets it: byte offsets in, engine calls out, each told to a listener with its
 * cause. Which engine answers is chosen by whoever opens the image.
 */
import type { TypeMask } from '../lib/metadata-types.ts'
import { type Bytes, WINDOW_CLUSTERS } from '../lib/units.ts'
import type { OverlapEngine } from '../overlap/engine.ts'
import type { Cause } from './cause.ts'

/** A call of the engine, as it was made; offsets and sizes in bytes. */
export interface EngineCall {
  readonly kind: 'enter' | 'remove' | 'check'
  readonly offset: Bytes
  readonly clusters: number
  /** What was entered or removed; of a check, the types that it ignored. */
  readonly types: TypeMask
  /** What a check found; 0 for everything else. */
  readonly found: TypeMask
  readonly cause: Cause
}

/** Told of every engine call, after it was made. */
export type CallListener = (call: EngineCall) => void

/** What the driver needs of an engine. */
export interface CheckingEngine extends Pick<OverlapEngine, 'enter' | 'remove' | 'check'> {
  clone(): CheckingEngine
}

export class Guard {
  /** undefined: nothing is checked. */
  readonly engine: CheckingEngine | undefined
  listener: CallListener | undefined
  private readonly clusterSize: Bytes

  constructor(engine: CheckingEngine | undefined, clusterSize: Bytes) {
    this.engine = engine
    this.clusterSize = clusterSize
  }

  /** Records metadata; an offset off the cluster boundary is not recorded, as in the original. */
  enter(offset: Bytes, clusters: number, types: TypeMask, cause: Cause): void {
    if (!this.engine) return
    const cluster = Math.floor(offset / this.clusterSize)
    if (offset % this.clusterSize === 0)
      this.engine.enter(windowOf(cluster), indexOf(cluster), clusters, types)
    this.listener?.({ kind: 'enter', offset, clusters, types, found: 0, cause })
  }

  /** Forgets metadata; an offset off the cluster boundary makes the range one cluster longer. */
  remove(offset: Bytes, clusters: number, types: TypeMask, cause: Cause): void {
    if (!this.engine) return
    const cluster = Math.floor(offset / this.clusterSize)
    const count = clusters + (offset % this.clusterSize === 0 ? 0 : 1)
    this.engine.remove(windowOf(cluster), indexOf(cluster), count, types)
    this.listener?.({ kind: 'remove', offset, clusters: count, types, found: 0, cause })
  }

  /** @returns types of metadata among the bytes, without the ignored ones; 0 for no bytes */
  check(ignored: TypeMask, offset: Bytes, size: Bytes, cause: Cause): TypeMask {
    if (!this.engine || size === 0) return 0
    const cluster = Math.floor(offset / this.clusterSize)
    const clusters = Math.ceil((offset + size) / this.clusterSize) - cluster
    const found = this.engine.check(windowOf(cluster), indexOf(cluster), clusters, ignored)
    this.listener?.({ kind: 'check', offset, clusters, types: ignored, found, cause })
    return found
  }

  /** An independent copy, without listener. */
  clone(): Guard {
    return new Guard(this.engine?.clone(), this.clusterSize)
  }
}

const windowOf = (cluster: number): number => Math.floor(cluster / WINDOW_CLUSTERS)
const indexOf = (cluster: number): number => cluster % WINDOW_CLUSTERS
