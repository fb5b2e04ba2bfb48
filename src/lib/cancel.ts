/** Thrown by everything that takes long, once somebody has asked for its end. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled'
  constructor() {
    super('cancelled')
  }
}

/** What the core needs of an AbortSignal; it is compiled without the DOM's own. */
export interface CancelSignal {
  readonly aborted: boolean
}

/** @throws Cancelled if the signal was aborted */
export function throwIfCancelled(signal?: CancelSignal): void {
  if (signal?.aborted) throw new Cancelled()
}
