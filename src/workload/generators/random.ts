import { areaOf, writeLine } from './areas.ts'
import type { WorkloadGenerator } from './generator.ts'
import { SeededRandom } from './seeded-random.ts'

/** As a benchmark does, and the hardest on metadata: nearly every write enters another L2 table. */
export const RANDOM: WorkloadGenerator = {
  name: 'random',
  summary: 'writes of 4 KiB anywhere on the disk',
  *lines({ count, diskSize, seed }) {
    const area = areaOf(diskSize, 0, 1, 4096)
    if (!area) return
    const random = new SeededRandom(seed)
    for (let done = 0; done < count; done++) yield writeLine(area, random.below(area.blocks), 1, done)
  },
}
