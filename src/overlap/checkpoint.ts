/**
 * States of a list to go back to. A checkpoint holds the windows that were changed since the one before it,
 * and refers to that one for the rest, so that taking one costs what has changed:
 *
 *     checkpoint 1          checkpoint 2            checkpoint 3
 *     rows 0 1 2 3 4   <--  rows 1 5          <--   rows 1 2           state 3: 0 3 4 of 1, 5 of 2, 1 2 of 3
 *
 * Going back puts a state together from the newest of each row; going on from there makes a branch.
 */
import type { BitmapSlots } from './bitmap-slots.ts'
import { type PackedRows, RecordedWindows } from './recorded-windows.ts'

/** What a list has apart from its windows and slots. */
export interface ListFigures {
  readonly memUsage: number
  readonly peak: number
  readonly windowCount: number
  readonly bitmapCount: number
  readonly ticks: number
}

export interface Checkpoint {
  readonly before: Checkpoint | undefined
  readonly figures: ListFigures
  /** Windows that were ever used by then; rows are numbered in the order of their first use. */
  readonly rowCount: number
  readonly changed: PackedRows
  /** Slots that existed. */
  readonly slotCount: number
  /** The slots themselves, where the windows do not tell them: in v4, which leaves dead ones behind. */
  readonly slots: BitmapSlots | undefined
}

export function checkpointOf(
  figures: ListFigures,
  windows: RecordedWindows,
  slots: BitmapSlots,
  before: Checkpoint | undefined,
): Checkpoint {
  return {
    before,
    figures,
    rowCount: windows.count,
    changed: windows.pack(windows.changedRows()),
    slotCount: slots.rows.length,
    slots: slots.mayHoldDead ? slots.clone() : undefined,
  }
}

/** The windows as they were. */
export function windowsAt(checkpoint: Checkpoint): RecordedWindows {
  const windows = new RecordedWindows()
  windows.makeRoom(checkpoint.rowCount)
  const isThere = new Uint8Array(checkpoint.rowCount)
  let missing = checkpoint.rowCount
  for (let at: Checkpoint | undefined = checkpoint; at && missing > 0; at = at.before)
    missing -= windows.unpack(at.changed, isThere)
  return windows
}

/** The slots as they were. @param empty as they are when a list is made */
export function slotsAt(checkpoint: Checkpoint, windows: RecordedWindows, empty: BitmapSlots): BitmapSlots {
  if (checkpoint.slots) return checkpoint.slots.clone()
  empty.makeRoom(checkpoint.slotCount)
  // Every use of a window is a tick, so their order is the order in which the slots were used.
  const held = Array.from({ length: windows.count }, (_, row) => row).filter(row => windows.slot[row]! >= 0)
  held.sort((one, other) => windows.tick[one]! - windows.tick[other]!)
  for (const row of held) empty.put(windows.slot[row]!, row)
  return empty
}
