/** How a window is held and what is wrong with that: as its frame on the map says, and in words, which say the same. */
import { Held, wasRefused } from '../lib/held.ts'
import { formatCount } from '../lib/sizes.ts'

/** By how a window is held. */
export const HELD_NAMES = ['nothing held', 'fragments', 'cached', 'kept', 'refused'] as const

export interface WindowHold {
  readonly held: number
  /** Clusters of metadata in it that are not recorded. */
  readonly lost: number
  /** Those that are, but that no check finds now, for there is no room for a bitmap to look at. */
  readonly lockedOut: number
}

/** What a frame tells: how a window is held, or that holding it is of no use. */
export const FRAME = { ...Held, lockedOut: 5 } as const

/**
 * What is wrong goes before how it is held. A window of which something is lost is framed like one that was refused its
 * bitmap; one in which all is recorded, but no bitmap can be built to look at it, is framed in danger as well.
 */
export function frameOfHold({ held, lost, lockedOut }: WindowHold): number {
  if (wasRefused(held, lost)) return FRAME.refused
  return lockedOut > 0 ? FRAME.lockedOut : held
}

export const isInDanger = (hold: WindowHold): boolean => {
  const frame = frameOfHold(hold)
  return frame === FRAME.refused || frame === FRAME.lockedOut
}

/** What is wrong besides, the worst first: "2 lost" and "1 locked out", or "locked out" where nothing is lost. */
export function wrongWords({ lost, lockedOut }: WindowHold): string[] {
  if (lost === 0) return lockedOut > 0 ? ['locked out'] : []
  return [`${formatCount(lost)} lost`, ...(lockedOut > 0 ? [`${formatCount(lockedOut)} locked out`] : [])]
}
