/** What the map is to show, apart from how it is seen. */
import type { Held, WindowTable } from '../simulation/report.ts'
import type { Layout } from './layout.ts'
import type { TileCache } from './tile-cache.ts'

export interface MapScene {
  readonly layout: Layout
  readonly tiles: TileCache
  readonly windows: WindowTable
  /** Clusters of the file; cells past it that nobody claims are not there and not drawn. */
  readonly fileClusters: number
  /** What holds for every window alike, where there is no list: "not opened", "unchecked", "off". */
  readonly withoutList: string | undefined
}

/** How a window is held, as simulation/report.ts numbers it: from there only types can be had. */
export const HELD = {
  nothing: 0,
  fragments: 1,
  cached: 2,
  kept: 3,
  refused: 4,
} as const satisfies typeof Held

export const HELD_NAMES = ['nothing held', 'fragments', 'cached', 'kept', 'refused'] as const

/** @returns how the window is held; "nothing" for windows that the engine has no account of */
export const heldOf = (scene: MapScene, window: number): number =>
  scene.withoutList ? HELD.nothing : (scene.windows.held[window] ?? HELD.nothing)

/**
 * Whether the window was refused something: its bitmap, or, where it is held all the same, an entry that
 * is lost now. Such a window is framed as refused.
 */
export const isRefused = (scene: MapScene, window: number): boolean =>
  !scene.withoutList && (scene.windows.held[window] === HELD.refused || (scene.windows.lost[window] ?? 0) > 0)

/**
 * Whether all that the window holds is recorded, and cannot be looked at all the same, for no bitmap can be
 * built. Nothing was refused to it: it is framed in danger, but differently.
 */
export const isLockedOut = (scene: MapScene, window: number): boolean =>
  !scene.withoutList && !isRefused(scene, window) && (scene.windows.unguarded[window] ?? 0) > 0

/** What a frame tells: how a window is held, or that holding it is of no use. */
export const FRAME = { ...HELD, lockedOut: 5 } as const

export function frameOf(scene: MapScene, window: number): number {
  if (isRefused(scene, window)) return FRAME.refused
  return isLockedOut(scene, window) ? FRAME.lockedOut : heldOf(scene, window)
}
