import { areaOf, writeLine } from './areas.ts'
import type { WorkloadGenerator } from './generator.ts'
import { SeededRandom } from './seeded-random.ts'

/**
 * A system that starts: it mostly reads, which is left out here, for reads leave the image as it is. What it writes
 * is small: its journal, one block behind the other, and state files all over the place.
 */
export const BOOT: WorkloadGenerator = {
  name: 'boot',
  summary: 'small scattered writes and a journal, with a flush every few writes',
  *lines({ count, diskSize, seed }) {
    const files = areaOf(diskSize, 0, 1, 4096)
    const journal = areaOf(diskSize, 0.5, 0.51, 4096)
    if (!files || !journal) return
    const random = new SeededRandom(seed)
    let flushIn = 1 + random.below(8)
    for (let done = 0, head = 0; done < count; done++) {
      if (random.below(3) === 0) yield writeLine(journal, head++ % journal.blocks, 1, done)
      else yield writeLine(files, random.below(files.blocks), 1 + random.below(8), done)
      if (--flushIn > 0) continue
      yield 'flush'
      flushIn = 1 + random.below(8)
    }
  },
}
