/** memUsage taken apart. */
import { FRAGMENT_BYTES } from '../overlap/fragment-array.ts'
import { BITMAP_BYTES, LIST_BYTES, SLOT_BYTES, WINDOW_BYTES } from '../overlap/list-books.ts'
import type { OpeningRun } from './opening-run.ts'
import type { Budget } from './report.ts'

/** The parts of memUsage; `drift` is what the original keeps on its books by mistake. */
export function budgetOf({ engine, options, recorder }: OpeningRun): Budget {
  const common = { limit: options.totalSizeLimit, peak: engine?.peak ?? 0, refused: recorder.refusal }
  if (!engine)
    return { memUsage: 0, list: 0, windows: 0, slots: 0, bitmaps: 0, fragments: 0, drift: 0, ...common }
  const windows = WINDOW_BYTES * engine.windowCount
  const slots = SLOT_BYTES * engine.slotCount
  const bitmaps = BITMAP_BYTES * engine.bitmapCount
  const fragments = FRAGMENT_BYTES * engine.arrayTotal
  const drift = engine.memUsage - LIST_BYTES - windows - slots - bitmaps - fragments
  return { memUsage: engine.memUsage, list: LIST_BYTES, windows, slots, bitmaps, fragments, drift, ...common }
}
