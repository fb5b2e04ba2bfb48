import type { ByteSource } from '../disk/byte-source.ts'

/** How long the worker may go on without looking at its messages (ms). */
const BREATH = 30

/**
 * A source that, now and then, lets the worker look at its messages before it reads on. Reading from
 * memory never waits for anything, and without this a cancel would be seen when all is done.
 */
export function breathing(source: ByteSource): ByteSource {
  let last = performance.now()
  return {
    size: source.size,
    async read(offset, length) {
      if (performance.now() - last > BREATH) {
        await new Promise(resolve => setTimeout(resolve))
        last = performance.now()
      }
      return source.read(offset, length)
    },
  }
}
