import { areaOf, writeLine } from './areas.ts'
import type { WorkloadGenerator } from './generator.ts'
import { SeededRandom } from './seeded-random.ts'

const WRITES_A_SNAPSHOT = 32
/** How many are kept: for each beyond, the oldest goes. */
const KEPT = 4

/** A machine with rotating snapshots: after each, what is written again is copied. */
export const SNAPSHOTS: WorkloadGenerator = {
  name: 'snapshots',
  summary: `random writes of 4 KiB and a snapshot every ${WRITES_A_SNAPSHOT} of them, of which the newest ${KEPT} are kept`,
  *lines({ count, diskSize, seed }) {
    const area = areaOf(diskSize, 0, 1, 4096)
    if (!area) return
    const random = new SeededRandom(seed)
    for (let done = 1, taken = 0; done <= count; done++) {
      yield writeLine(area, random.below(area.blocks), 1, done)
      if (done % WRITES_A_SNAPSHOT !== 0) continue
      yield `snapshot -c workload-${++taken}`
      if (taken > KEPT) yield `snapshot -d workload-${taken - KEPT}`
    }
  },
}
