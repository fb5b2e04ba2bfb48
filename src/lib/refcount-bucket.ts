/** Stored refcounts as the map tells them apart: the common ones each, the rare ones in steps. */

export interface RefcountBucketInfo {
  readonly name: keyof typeof RefcountBucket
  readonly code: number
  /** After "refcount": "2", "3 to 4". */
  readonly label: string
}

/** In the order in which the map takes notice of them, but for `noBlock`, which is no more than `zero`. */
export const RefcountBucket = {
  zero: 0,
  /** Nobody has made a refcount block for this part of the file: 0, at no cost. */
  noBlock: 1,
  one: 2,
  two: 3,
  upTo4: 4,
  upTo8: 5,
  upTo16: 6,
  upTo256: 7,
  upTo65534: 8,
  above: 9,
  /** The largest that fits: another reference, and QEMU refuses (no refcount of one bit is called so). */
  most: 10,
  /** The block lies where it cannot be read, or the cluster where QEMU does not compare. */
  unknown: 11,
} as const

const info = (name: keyof typeof RefcountBucket, label: string): RefcountBucketInfo => ({
  name,
  code: RefcountBucket[name],
  label,
})

/** Indexed by code. */
export const REFCOUNT_BUCKETS: readonly RefcountBucketInfo[] = [
  info('zero', '0'),
  info('noBlock', '0, for want of a refcount block'),
  info('one', '1'),
  info('two', '2'),
  info('upTo4', '3 to 4'),
  info('upTo8', '5 to 8'),
  info('upTo16', '9 to 16'),
  info('upTo256', '17 to 256'),
  info('upTo65534', '257 to 65534'),
  info('above', 'above 65534'),
  info('most', 'the largest that fits'),
  info('unknown', 'not known'),
]

const LAST_OF_STEP = [4, 8, 16, 256, 65534]

/**
 * @param stored a refcount as its block has it
 * @param order refcounts are 2^order bits wide. Those of 64 bits are not exact up here: the largest
 *   cannot be told from its neighbours, and is not named.
 */
export function refcountBucket(stored: number, order: number): number {
  if (stored === 0) return RefcountBucket.zero
  if (stored === 1) return RefcountBucket.one
  if (order < 6 && stored === 2 ** (2 ** order) - 1) return RefcountBucket.most
  if (stored === 2) return RefcountBucket.two
  const step = LAST_OF_STEP.findIndex(last => stored <= last)
  return step < 0 ? RefcountBucket.above : RefcountBucket.upTo4 + step
}
