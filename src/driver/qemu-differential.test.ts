/** Seeded commands on all kinds of images: header, tables, refcounts, data and outputs as the real QEMU has them. */
import { afterAll, describe, expect, it } from 'vitest'
import { type CommandSequence, commandSequence, damagedSequence } from '../testing/command-sequences.ts'
import { compareWithQemu, describeDifference, shrinkSequence } from '../testing/compare-with-qemu.ts'
import { ImageFolder, inPairs } from '../testing/qemu.ts'
import { simulatedBatch } from '../testing/simulated-batch.ts'

const folder = new ImageFolder()
afterAll(() => folder.remove())

const GROUP = 50
const compare = (sequence: CommandSequence) => compareWithQemu(folder.path, sequence, simulatedBatch)

/** What differs, shrunk to few commands; '' if nothing does. */
async function difference(seed: number, sequence: CommandSequence): Promise<string> {
  const found = await compare(sequence)
  if (!found) return ''
  const shortest = await shrinkSequence(sequence, async shorter => (await compare(shorter)) !== undefined, 40)
  return describeDifference(`seed ${seed}`, shortest, (await compare(shortest)) ?? found)
}

describe('sequences of ten commands and more', () => {
  it.each(Array.from({ length: 6 }, (_, group) => group * GROUP))(
    'leave what QEMU leaves, from seed %d on',
    async first => {
      const seeds = Array.from({ length: GROUP }, (_, i) => first + i)
      const differences = await inPairs(seeds, seed => difference(seed, commandSequence(seed)))
      expect(differences.filter(text => text !== '').join('\n\n')).toBe('')
    },
    300_000,
  )

  it('leave what QEMU leaves when refcounts are damaged on the way, and repaired', async () => {
    const seeds = Array.from({ length: 40 }, (_, i) => i)
    const differences = await inPairs(seeds, seed => difference(seed, damagedSequence(seed)))
    expect(differences.filter(text => text !== '').join('\n\n')).toBe('')
  }, 300_000)

  it('notices a single bit that is wrong', async () => {
    const sequence = commandSequence(7)
    const broken = await compareWithQemu(folder.path, sequence, async (image, batch) => {
      const { output, image: result } = await simulatedBatch(image, batch)
      const copy = Buffer.from(result)
      const block = Number(copy.readBigUInt64BE(Number(copy.readBigUInt64BE(48))))
      copy[block] = copy[block]! ^ 0x80
      return { output, image: copy }
    })
    expect(broken?.lines.some(line => line.startsWith('ours: refcount of cluster'))).toBe(true)
  })
})
