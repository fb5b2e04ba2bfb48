import { type ByteSource, readMany } from '../disk/byte-source.ts'

/** How long the worker may go on without looking at its messages (ms). */
const BREATH = 30

/**
 * @returns something to await in long work: now and then it lets the worker look at its messages. Who awaits it at the
 *   same time is let on one after another, each when the one before has done what it does at once.
 */
export function breath(): () => Promise<void> {
  let last = performance.now()
  let turn = Promise.resolve()
  const breathe = async () => {
    if (performance.now() - last <= BREATH) return
    await new Promise(resolve => setTimeout(resolve))
    last = performance.now()
  }
  return () => (turn = turn.then(breathe))
}

/**
 * A source that breathes before it reads on. Reading from memory never waits for anything, and without
 * this a cancel would be seen when all is done.
 */
export function breathing(source: ByteSource): ByteSource {
  const breathe = breath()
  return {
    size: source.size,
    async read(offset, length) {
      await breathe()
      return source.read(offset, length)
    },
    async readMany(spans) {
      await breathe()
      return readMany(source, spans)
    },
  }
}
