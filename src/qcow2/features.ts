/** Feature bits of version 3 headers, and the names QEMU writes for them into the feature name table. */

export type FeatureType = 'incompatible' | 'compatible' | 'autoclear'

export interface Feature {
  readonly type: FeatureType
  readonly bit: number
  readonly name: string
}

/** Masks of incompatible features. A reader that does not know one must not open the image. */
export const Incompatible = {
  dirty: 1n << 0n,
  corrupt: 1n << 1n,
  dataFile: 1n << 2n,
  compressionType: 1n << 3n,
  extendedL2: 1n << 4n,
} as const

/** Masks of compatible features. Unknown ones may be ignored. */
export const Compatible = { lazyRefcounts: 1n << 0n } as const

/** Masks of autoclear features. A writer that does not know one clears it. */
export const Autoclear = { bitmaps: 1n << 0n, rawDataFile: 1n << 1n } as const

/** All features QEMU 7.2 knows, in the order and words of its feature name table. */
export const FEATURES: readonly Feature[] = [
  { type: 'incompatible', bit: 0, name: 'dirty bit' },
  { type: 'incompatible', bit: 1, name: 'corrupt bit' },
  { type: 'incompatible', bit: 2, name: 'external data file' },
  { type: 'incompatible', bit: 3, name: 'compression type' },
  { type: 'incompatible', bit: 4, name: 'extended L2 entries' },
  { type: 'compatible', bit: 0, name: 'lazy refcounts' },
  { type: 'autoclear', bit: 0, name: 'bitmaps' },
  { type: 'autoclear', bit: 1, name: 'raw external data' },
]

/** In the order of their codes in a feature name table. */
export const FEATURE_TYPES: readonly FeatureType[] = ['incompatible', 'compatible', 'autoclear']

export const KNOWN_INCOMPATIBLE = Object.values(Incompatible).reduce((mask, bit) => mask | bit, 0n)
export const KNOWN_AUTOCLEAR = Object.values(Autoclear).reduce((mask, bit) => mask | bit, 0n)
