/** How a window of the metadata list is held: as a number, for tables of millions of windows. */
export const Held = {
  /** Nothing was recorded in it. */
  nothing: 0,
  fragments: 1,
  /** Its bitmap is in a slot. */
  cached: 2,
  /** Its bitmap is pinned outside the slots, for good. */
  kept: 3,
  /** Its bitmap was refused; what it should hold is not all recorded. */
  refused: 4,
} as const

/**
 * Whether something was refused to a window: its bitmap, or an entry that is lost now, however the rest is held.
 * @param lost clusters of metadata in it that are not recorded
 */
export const wasRefused = (held: number, lost: number): boolean => held === Held.refused || lost > 0
