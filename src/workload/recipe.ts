/** How a synthetic image is described: small, versioned JSON. The same recipe gives the same image. */
export interface Recipe {
  readonly format: 'overlapscope-recipe'
  readonly recipeVersion: 1
  /** Bytes, as a number or with QEMU's suffix: 1099511627776 or "1T". Rounded up to a multiple of 512. */
  readonly virtualSize: number | string
  /** 512 to 2097152, a power of two; a number or "64k". */
  readonly clusterSize: number | string
  readonly version: 2 | 3
  /** 1, 2, 4, 8, 16, 32 or 64; version 2 knows only 16. */
  readonly refcountBits: number
  readonly fill: Fill
  /** Internal snapshots, taken when this share (0 to 1) of the filling was done; each holds what was there. */
  readonly snapshots: readonly PlannedSnapshot[]
  readonly preallocation: Preallocation
  /** 32-bit unsigned. */
  readonly seed: number
}

export interface PlannedSnapshot {
  readonly name: string
  readonly at: number
}

export type Preallocation = 'off' | 'metadata' | 'falloc'

/**
 * Which guest clusters are written, one cluster a write and none of them twice. `share` is a part of all
 * guest clusters, 0 to 1.
 */
export type Fill =
  | { readonly pattern: 'empty' }
  | { readonly pattern: 'sequential'; readonly share: number }
  | { readonly pattern: 'random'; readonly share: number }
  /** Guest cluster 0, n, 2n, … */
  | { readonly pattern: 'every-nth'; readonly n: number }
  /** `share` of the clusters, gathered around `spots` places. */
  | { readonly pattern: 'hot-spots'; readonly share: number; readonly spots: number }
