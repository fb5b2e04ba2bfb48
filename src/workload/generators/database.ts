import { areaOf, writeLine } from './areas.ts'
import type { WorkloadGenerator } from './generator.ts'
import { SeededRandom } from './seeded-random.ts'

/** Changed pages that a checkpoint writes after so many commits. */
const PAGES_A_CHECKPOINT = 8

/**
 * A database: each transaction is appended to a log and flushed; at a checkpoint the changed pages are written.
 * Nine of ten changes hit a tenth of the pages.
 */
export const DATABASE: WorkloadGenerator = {
  name: 'database',
  summary: 'a log that is appended to and flushed, and pages of 16 KiB, nine of ten writes to hot ones',
  *lines({ count, diskSize, seed }) {
    const log = areaOf(diskSize, 0, 1 / 16, 4096)
    const pages = areaOf(diskSize, 1 / 16, 1, 16384)
    if (!log || !pages) return
    const random = new SeededRandom(seed)
    const hot = Math.max(1, Math.floor(pages.blocks / 10))
    for (let done = 0, head = 0; done < count; ) {
      for (let commit = 0; commit < PAGES_A_CHECKPOINT && done < count; commit++) {
        const length = 1 + random.below(4)
        yield writeLine(log, head, length, done++)
        yield 'flush'
        head = head + length < log.blocks ? head + length : 0
      }
      for (let page = 0; page < PAGES_A_CHECKPOINT && done < count; page++)
        yield writeLine(pages, random.below(random.below(10) > 0 ? hot : pages.blocks), 1, done++)
      yield 'flush'
    }
  },
}
