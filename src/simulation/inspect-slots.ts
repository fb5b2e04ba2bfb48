/** The slots of the bitmap cache as they are shown: whose bitmap is in each, and which is given up next. */
import type { MetadataList } from '../overlap/metadata-list.ts'
import type { SlotsInspection } from './inspection.ts'

/** More could not be told apart on the page. */
const MOST_SLOTS = 64

/** How many of the cached windows were used longer ago; -1 where a slot is empty, for then none has to go. */
export function lruPlace(engine: MetadataList, slot: number): number {
  const slots = engine.slots()
  if (slots.length < engine.slotCount || slots.includes(-1)) return -1
  const own = unusedFor(engine, slots[slot]!)
  return slots.filter(window => window >= 0 && unusedFor(engine, window) > own).length
}

/**
 * @param window the one that must be among those shown
 * @param canBuild whether the next bitmap would be granted
 */
export function slotsAround(engine: MetadataList, window: number, canBuild: boolean): SlotsInspection {
  const windows = engine.slots()
  const all = windows.map((each, slot) => ({
    slot,
    window: each,
    unusedFor: each < 0 ? 0 : unusedFor(engine, each),
    hasBitmap: each >= 0 && engine.windowState(each).hasBitmap,
  }))
  const isFull = windows.length === engine.slotCount && !windows.includes(-1)
  // Of equal ages the first slot goes: that is how the original looks for it.
  const next = isFull
    ? all.reduce((oldest, slot) => (slot.unusedFor > oldest.unusedFor ? slot : oldest))
    : undefined
  const own = windows.indexOf(window)
  const first = own < MOST_SLOTS ? 0 : own - MOST_SLOTS / 2
  return {
    count: engine.slotCount,
    used: all.filter(slot => slot.window >= 0).length,
    shown: all.slice(first, first + MOST_SLOTS),
    canBuild,
    next: next && { slot: next.slot, window: next.window },
  }
}

const unusedFor = (engine: MetadataList, window: number): number =>
  (engine.currentAge - engine.windowState(window).age) >>> 0
