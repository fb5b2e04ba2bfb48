import { readFileSync } from 'node:fs'
import { afterAll, expect, it } from 'vitest'
import { MemorySource } from '../disk/memory-source.ts'
import { drive } from '../testing/driven-image.ts'
import { ImageFolder, mustRun } from '../testing/qemu.ts'
import { requestRead, requestReadParts } from './requests.ts'

const folder = new ImageFolder()
afterAll(() => folder.remove())

const images = [
  { name: 'plain', options: 'cluster_size=64k' },
  { name: 'small', options: 'cluster_size=512,compat=0.10' },
  { name: 'zstd', options: 'cluster_size=4k,compression_type=zstd' },
  { name: 'subclusters', options: 'cluster_size=16k,extended_l2=on' },
]

it.each(images)('reads what qemu-img converts: $options', async ({ name, options }) => {
  const file = await folder.make({
    name,
    size: '5M',
    options,
    steps: [
      'write -P 1 1000k 100k',
      'write -P 2 -c 2M 128k',
      'write -P 3 4M 1M',
      'write -z 4200k 200k',
      'write -P 4 1025k 512',
      ['snapshot', '-c', 's', 'FILE'],
      'discard 4600k 64k',
      'write -P 5 2090k 1k',
    ],
  })
  const raw = `${file}.raw`
  await mustRun('qemu-img', ['convert', '-O', 'raw', file, raw])
  const expected = readFileSync(raw)
  const { driver } = (await drive(new MemorySource(new Uint8Array(readFileSync(file)))))!
  expect(Buffer.compare(requestRead(driver, 0, expected.length), expected)).toBe(0)
  const [from, length] = [700_001, 4_000_000]
  const parts = Buffer.concat([...requestReadParts(driver, from, length)])
  expect(Buffer.compare(parts, expected.subarray(from, from + length))).toBe(0)
})
