/** The driver's whole state can be copied between any two commands, and what follows does not show. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readFileSync } from 'node:fs'
import { MemorySource } from '../disk/memory-source.ts'
import type { MetadataList } from '../overlap/metadata-list.ts'
import { engineState } from '../simulation/replay.ts'
import { type DrivenImage, drive, listen, type Told } from '../testing/driven-image.ts'
import { ImageFolder } from '../testing/qemu.ts'
import type { Driver } from './driver.ts'
import { DriverError } from './driver-error.ts'
import { requestDiscard, requestFlush, requestRead, requestWrite, requestZeroes } from './requests.ts'
import { createSnapshot } from './snapshot-create.ts'

const DISK_CLUSTERS = 5000
const images = [
  { name: '512', clusterSize: 512, options: 'cluster_size=512,refcount_bits=64' },
  { name: '4k', clusterSize: 4096, options: 'cluster_size=4k' },
  { name: 'v2', clusterSize: 512, options: 'cluster_size=512,compat=0.10' },
  { name: 'ext', clusterSize: 16384, options: 'cluster_size=16k,extended_l2=on' },
]
const folder = new ImageFolder()
const files = new Map<string, Uint8Array>()
beforeAll(async () => {
  for (const { name, clusterSize, options } of images) {
    const file = await folder.make({ name, size: String(DISK_CLUSTERS * clusterSize), options })
    files.set(name, new Uint8Array(readFileSync(file)))
  }
})
afterAll(() => folder.remove())

const command = fc.record({
  kind: fc.constantFrom(
    'write',
    'write',
    'write',
    'zero',
    'unmap',
    'discard',
    'flush',
    'snapshot',
    'overlap',
  ),
  sector: fc.oneof(fc.nat(40), fc.nat(DISK_CLUSTERS - 100)),
  sectors: fc.integer({ min: 1, max: 40 }),
  byte: fc.nat(255),
})
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never

/** What came of it, failures included. */
function carryOut(driver: Driver, { kind, sector, sectors, byte }: Command): string {
  const offset = sector * 512
  const length = sectors * 512
  return attempt(() => {
    switch (kind) {
      case 'write':
        requestWrite(driver, offset, { fill: byte, length })
        break
      case 'zero':
      case 'unmap':
        requestZeroes(driver, offset, length, kind === 'unmap')
        break
      case 'discard':
        requestDiscard(driver, offset, length)
        break
      case 'flush':
        requestFlush(driver)
        break
      case 'snapshot':
        createSnapshot(driver, { name: `s${byte}`, date: { seconds: 1, nanoseconds: 2 }, icount: undefined })
        break
      case 'overlap':
        // The allocator will hand out clusters that are in use: with checks, some write is refused in the end.
        driver.cursor = Math.min(driver.cursor, sector)
        driver.l1.set(0, driver.l1.high(0), driver.l1.low(0) & 0xffff)
        break
    }
    return 'done'
  })
}

/** What an action says, or how it failed: what was written over its tables cannot always be read. */
function attempt(action: () => string): string {
  try {
    return action()
  } catch (error) {
    if (error instanceof DriverError) return error.errno
    throw error
  }
}

const run = (driver: Driver, commands: readonly Command[]): string[] =>
  commands.map(one => carryOut(driver, one))

/** Everything that can be told from outside, after the caches are written. */
function outcome(driver: Driver, told: readonly Told[]): unknown {
  const state = engineState('', driver.guard.engine as MetadataList, undefined)
  const flush = carryOut(driver, { kind: 'flush', sector: 0, sectors: 1, byte: 0 })
  const guest = driver.isClosed ? '' : attempt(() => hash(requestRead(driver, 0, 50 * 512)))
  return { state, flush, guest, told: [...told], file: hash(driver.disk.readSync(0, driver.disk.size)) }
}

const hash = (bytes: Uint8Array): string => {
  let value = 0x811c9dc5
  for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193)
  return `${bytes.length} ${value}`
}

function listened(driver: Driver): { driver: Driver; told: Told[] } {
  const told: Told[] = []
  listen(driver, told)
  return { driver, told }
}

describe.each(images)('an image with $options', ({ name }) => {
  it('goes on the same way from a copy as from itself', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(command, { maxLength: 15 }),
        fc.array(command, { maxLength: 10 }),
        fc.array(command, { maxLength: 10 }),
        async (before, after, elsewhere) => {
          const { driver } = (await drive(new MemorySource(files.get(name)!))) as DrivenImage
          run(driver, before)
          const kept = driver.clone()
          const first = listened(driver)
          const said = run(first.driver, after)
          const came = outcome(first.driver, first.told)
          // Another branch from the same point, which is given up.
          run(kept.clone(), elsewhere)
          const second = listened(kept.clone())
          expect(run(second.driver, after)).toEqual(said)
          expect(outcome(second.driver, second.told)).toEqual(came)
          const third = listened(kept)
          expect(run(third.driver, after)).toEqual(said)
          expect(outcome(third.driver, third.told)).toEqual(came)
        },
      ),
      { numRuns: 40 },
    )
  })
})
