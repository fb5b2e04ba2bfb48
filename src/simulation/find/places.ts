/** Places of one kind, in order: each is a cluster, or a stretch of them. */
export interface Places {
  readonly count: number
  /** Clusters of all of them. */
  readonly clusters: number
  /** How many of them begin before this cluster. */
  before(cluster: number): number
  /** @param place 0 to count - 1 */
  at(place: number): PlaceRange
}

export interface PlaceRange {
  readonly start: number
  readonly clusters: number
}

/** A place that was looked for, and the how manieth of how many it is. */
export interface Found {
  readonly range: PlaceRange
  /** From 1 to `count`. */
  readonly ordinal: number
  readonly count: number
  /** Clusters of all places together. */
  readonly clusters: number
}

/**
 * In numbers that do not fall: the last that is not greater than this one.
 * @param from the first of them is not greater
 */
export function lastNotAbove(numbers: Float64Array, value: number, from = 0, to = numbers.length): number {
  let low = from
  let high = to
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (numbers[middle]! <= value) low = middle
    else high = middle
  }
  return low
}
