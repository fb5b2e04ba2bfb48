/** The driver against the whole original QEMU: events, failures and the engine's state after every command. */
import { parse, parseNumberAndBigInt } from 'lossless-json'
import { describe, expect, it } from 'vitest'
import { MemorySource } from '../disk/memory-source.ts'
import { parseOverlapOptions } from '../overlap/options.ts'
import { engineState, type ReplayCase } from '../simulation/replay.ts'
import { type DrivenImage, drive, type Told } from '../testing/driven-image.ts'
import { caseImage, caseNames, caseText } from '../testing/golden.ts'
import { passOver } from './driver-error.ts'
import { requestRead, requestWrite, requestZeroes, requireOpen } from './requests.ts'
import { createSnapshot } from './snapshot-create.ts'

interface Entry {
  readonly type: 'event' | 'cmd' | 'text' | 'state'
  readonly output?: readonly string[]
  readonly error?: unknown
}

const exact = (text: string): unknown => parse(text, null, parseNumberAndBigInt)
/** Numbers as text, so that both kinds compare. */
const plain = (value: unknown): Entry[] =>
  JSON.parse(
    JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' || typeof v === 'number' ? `${v}` : v)),
  )

const cases = caseNames()
  .map(name => {
    const recorded = exact(caseText(name)) as ReplayCase & { expected: unknown[] }
    return { name, recorded, expected: plain(recorded.expected) }
  })
  .filter(({ recorded }) => recorded.commands.length > 0)

/** @throws DriverError. Discards do nothing: the original was opened without `discard=unmap`. */
function carryOut({ driver }: DrivenImage, command: string): void {
  const words = command.split(' ')
  const [offset = 0, length = 0] = words.slice(-2).map(Number)
  if (words[0] === 'snap-create') {
    requireOpen(driver)
    createSnapshot(driver, { name: words[1]!, date: { seconds: 0, nanoseconds: 0 }, icount: undefined })
  } else if (words[0] === 'discard') requireOpen(driver)
  else if (words[0] === 'read') requestRead(driver, offset, length)
  else if (words[1] === '-z') requestZeroes(driver, offset, length, false)
  else requestWrite(driver, offset, { fill: 0xcd, length })
}

function eventOf(told: Told, clusterSize: number): unknown[] {
  switch (told.kind) {
    case 'call':
      return []
    case 'limit':
      return [
        {
          type: 'event',
          event: 'QCOW2_OVERLAP_CHECK_MEMORY_LIMIT_REACHED',
          data: {
            length: told.length * clusterSize,
            start: told.window * 4096 * clusterSize,
            reference: 'drv0',
          },
        },
      ]
    case 'corrupted': {
      const { message: msg, offset, fatal, size } = told.corruption
      return [
        { type: 'event', event: 'BLOCK_IMAGE_CORRUPTED', data: { device: 'drv0', msg, offset, fatal, size } },
      ]
    }
  }
}

const failed = ({ error, output = [] }: Entry): boolean =>
  error !== undefined || output.some(line => /failed|No medium/.test(line))

const opened = cases.filter(({ expected }) => expected.some(({ type }) => type === 'state'))
const refused = cases.filter(one => !opened.includes(one))

describe('runs of the original QEMU with commands', () => {
  it('are all there', () => expect(cases).toHaveLength(48))

  it.each(refused)('$name does not open', async ({ name, recorded }) => {
    expect(
      await drive(new MemorySource(caseImage(name)), parseOverlapOptions(recorded.options)),
    ).toBeUndefined()
  })

  it.each(opened)(
    '$name: every check, entry and event in the original order',
    async ({ name, recorded, expected }) => {
      const options = parseOverlapOptions(recorded.options)
      const image = (await drive(new MemorySource(caseImage(name)), options))!
      const rest = expected.slice(expected.findIndex(({ type }) => type === 'state') + 1)
      for (const command of recorded.commands) {
        image.told.length = 0
        const hasFailed = passOver(() => carryOut(image, command)) !== undefined
        const wanted = rest.splice(0, rest.findIndex(({ type }) => type === 'state') + 1)
        const events = image.told.flatMap(told => eventOf(told, image.driver.geometry.clusterSize))
        expect(plain(events)).toEqual(wanted.filter(({ type }) => type === 'event'))
        expect([command, hasFailed]).toEqual([command, wanted.some(failed)])
        expect(plain(engineState(command, image.engine, options.totalSizeLimit))).toEqual(wanted.at(-1))
      }
      expect(rest).toEqual([])
    },
  )
})
