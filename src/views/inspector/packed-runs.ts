/** Runs as the engine packs them (overlap/run-arena.ts), from which only types can be had here. */

export interface TypeRun {
  /** First cluster within the window. */
  readonly start: number
  readonly clusters: number
  readonly types: number
}

export const runsOf = (packed: Uint32Array): TypeRun[] =>
  Array.from(packed, run => ({
    start: run >>> 20,
    clusters: ((run >>> 8) & 0xfff) + 1,
    types: run & 0xff,
  }))
