/** The driver's engine calls in columns: a long script makes millions. */
import type { Cause } from '../driver/cause.ts'
import type { EngineCall } from '../driver/guard.ts'
import { grown } from '../lib/grow.ts'
import type { TypeMask } from '../lib/metadata-types.ts'

const FIRST_LENGTH = 64
const KINDS = ['enter', 'remove', 'check'] as const

export class CallTable {
  private count = 0
  private kind = new Uint8Array(FIRST_LENGTH)
  private offset = new Float64Array(FIRST_LENGTH)
  private clusters = new Float64Array(FIRST_LENGTH)
  private types = new Uint8Array(FIRST_LENGTH)
  /** Mainline's bitmap directory is a ninth bit. */
  private found = new Uint16Array(FIRST_LENGTH)
  private cause = new Uint16Array(FIRST_LENGTH)
  /** Every cause there was, once. */
  private readonly causes: Cause[] = []

  /** @returns its index */
  add({ kind, offset, clusters, types, found, cause }: EngineCall): number {
    const at = this.count++
    if (at === this.kind.length) this.grow()
    this.kind[at] = KINDS.indexOf(kind)
    this.offset[at] = offset
    this.clusters[at] = clusters
    this.types[at] = types
    this.found[at] = found
    this.cause[at] = this.indexOfCause(cause)
    return at
  }

  at(index: number): EngineCall {
    return {
      kind: KINDS[this.kind[index]!]!,
      offset: this.offset[index]!,
      clusters: this.clusters[index]!,
      types: this.types[index]!,
      found: this.found[index]!,
      cause: this.causes[this.cause[index]!]!,
    }
  }

  /** Whether this call entered the byte at `offset` as metadata of one of these types. */
  enters(index: number, offset: number, clusterSize: number, types: TypeMask): boolean {
    const start = this.offset[index]!
    return (
      this.kind[index] === 0 &&
      (this.types[index]! & types) !== 0 &&
      offset >= start &&
      offset < start + this.clusters[index]! * clusterSize
    )
  }

  /** Told by their words: a cause may be made anew for each call. */
  private indexOfCause(cause: Cause): number {
    const known = this.causes.findIndex(
      one => one === cause || (one.phase === cause.phase && one.structure === cause.structure),
    )
    return known >= 0 ? known : this.causes.push(cause) - 1
  }

  private grow(): void {
    const length = 2 * this.kind.length
    this.kind = grown(this.kind, length)
    this.offset = grown(this.offset, length)
    this.clusters = grown(this.clusters, length)
    this.types = grown(this.types, length)
    this.found = grown(this.found, length)
    this.cause = grown(this.cause, length)
  }
}
