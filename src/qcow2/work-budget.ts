import { UserError } from '../lib/user-error.ts'
import type { Bytes } from '../lib/units.ts'

/**
 * How many bytes of tables are read to find out who owns what. Enough for 4 TiB of guest data
 * in clusters of 4 KiB, or 64 TiB in 64 KiB; a sparse file can promise far more, made of nothing but holes.
 */
export const MAX_TABLE_BYTES = 2 ** 33

/** Counts the bytes of the tables that were followed. */
export class WorkBudget {
  #left = MAX_TABLE_BYTES

  /** @throws UserError when an image has more tables than can be followed */
  spend(bytes: Bytes): void {
    this.#left -= bytes
    if (this.#left < 0)
      throw new UserError(`The image's tables are longer than ${MAX_TABLE_BYTES} bytes together.`, {
        advice: 'qemu-img convert makes a copy of it that holds only what the guest can see.',
      })
  }
}
