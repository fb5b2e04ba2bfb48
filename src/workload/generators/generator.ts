/** What every workload generator is: commands, one after another, the same for the same parameters. */

export interface WorkloadOptions {
  /** Guest writes; snapshots, flushes and the like come on top. */
  readonly count: number
  /** The virtual disk's size in bytes: nothing is written beyond. */
  readonly diskSize: bigint
  /** 32 bits. */
  readonly seed: number
}

export interface WorkloadGenerator {
  /** As it is named on a command line: no spaces, no colons. */
  readonly name: string
  /** What it does, in a line. */
  readonly summary: string
  /** @returns lines of the command language, made as they are asked for */
  lines(options: WorkloadOptions): Generator<string, void, undefined>
}
