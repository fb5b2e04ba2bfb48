/**
 * Entry of `npm run fuzz`: seeded sequences, ours against the real QEMU, until all are done; and engine calls,
 * the fast engine against the literal one.
 */
import { parseArgs } from 'node:util'
import { commandSequence, damagedSequence } from './command-sequences.ts'
import { compareWithQemu, describeDifference, shrinkSequence } from './compare-with-qemu.ts'
import { fuzzEngine } from './fuzz-engine.ts'
import { ImageFolder, inPairs } from './qemu.ts'
import { simulatedBatch } from './simulated-batch.ts'

/** @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      count: { type: 'string', default: '300' },
      shrink: { type: 'string', default: '3' },
      damage: { type: 'boolean', default: false },
      calls: { type: 'string', default: '10000000' },
    },
  })
  const first = Number(values.seed)
  fuzzEngine(first, Number(values.calls))
  const seeds = Array.from({ length: Number(values.count) }, (_, i) => first + i)
  const folder = new ImageFolder()
  let toShrink = Number(values.shrink)
  let different = 0
  try {
    await inPairs(seeds, async seed => {
      const sequence = values.damage ? damagedSequence(seed) : commandSequence(seed)
      const found = await compareWithQemu(folder.path, sequence, simulatedBatch)
      if (!found) return
      different++
      if (toShrink-- <= 0) {
        console.log(`seed ${seed}: differs after ${found.batch.commands.join('; ')}`)
        return
      }
      const compare = (shorter: typeof sequence) => compareWithQemu(folder.path, shorter, simulatedBatch)
      const shortest = await shrinkSequence(sequence, async shorter => (await compare(shorter)) !== undefined)
      console.log(describeDifference(`seed ${seed}`, shortest, (await compare(shortest)) ?? found))
    })
  } finally {
    folder.remove()
  }
  console.log(`${seeds.length - different} of ${seeds.length} sequences identical`)
  return different === 0 ? 0 : 1
}
