import { areaOf, writeLine } from './areas.ts'
import type { WorkloadGenerator } from './generator.ts'
import { SeededRandom } from './seeded-random.ts'

/** As a copy or a restore does. */
export const SEQUENTIAL: WorkloadGenerator = {
  name: 'sequential',
  summary: 'one write behind the other from the disk’s start, 4 KiB to 256 KiB each, and round again',
  *lines({ count, diskSize, seed }) {
    const area = areaOf(diskSize, 0, 1, 4096)
    if (!area) return
    const random = new SeededRandom(seed)
    for (let done = 0, place = 0; done < count; done++) {
      const length = 1 + random.below(64)
      yield writeLine(area, place, length, done)
      place += length
      if (place >= area.blocks) place = 0
    }
  },
}
