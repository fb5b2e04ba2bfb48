import { readFileSync } from 'node:fs'
import { afterAll, expect, it } from 'vitest'
import { ImageFolder } from '../../testing/qemu.ts'
import { batchesOf, runBatch } from '../../testing/qemu-run.ts'
import { simulatedBatch } from '../../testing/simulated-batch.ts'

const images = new ImageFolder()
afterAll(() => images.remove())

/** Commands that fail, or say something; the one before the last makes it so. */
it.each([
  [['resize 1T'], 'cluster_size=512'],
  [['resize 1000'], ''],
  [['snapshot -c one', 'resize 2M'], 'compat=0.10'],
  [['write 0 512', 'snapshot -c one'], 'refcount_bits=1'],
  [['snapshot -a none'], ''],
  [['snapshot -d none'], ''],
  [['write 1M 512'], ''],
  [['read 1023k 2k'], ''],
  [['discard 2M 512'], ''],
  [['aio_write 1M 512'], ''],
  [['aio_read 1M 512'], ''],
  [['write -c 0 512'], ''],
  [['write 0 64k', 'write -c 0 64k'], ''],
  [['write -P 3 0 64k', 'read -P 4 -s 512 -l 1k 0 4k'], ''],
  [['check'], ''],
  [['write 0 200k', 'check -r all'], ''],
] as const)('%j with %j: in the real tool’s words', async (commands, options) => {
  const file = await images.make({
    name: `says-${commands.join('-')}-${options}`,
    size: '1M',
    ...(options === '' ? {} : { options }),
    steps: commands
      .slice(0, -1)
      .map(step => (step.startsWith('snapshot') ? [...step.split(' '), 'FILE'] : step)),
  })
  const [batch] = batchesOf(commands.slice(-1))
  const ours = await simulatedBatch(readFileSync(file), batch!)
  expect(ours.output).toEqual(await runBatch(file, batch!))
  expect(ours.output.length).toBeGreaterThan(0)
})
