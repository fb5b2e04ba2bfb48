import { expect, it } from 'vitest'
import { sequenceOf } from '../testing/open-sequences.ts'
import { logGroups, logMembers } from './log-view.ts'
import { runOpening } from './opening-run.ts'
import { DEFAULT_OPTIONS } from './run-options.ts'

const WINDOW = 4096
const NO_BREAK = /[\u202f\u00a0]/g

const plain = (text: string): string => text.replace(NO_BREAK, ' ')

/** The log's rows after entering these ranges, in a file of one window of 64 KiB clusters. */
function log(ranges: Parameters<typeof sequenceOf>[0], limit: bigint) {
  const options = { ...DEFAULT_OPTIONS, totalSizeLimit: limit }
  const input = { clusterBits: 16, fileSize: WINDOW * 65536, sequence: sequenceOf(ranges) }
  const run = runOpening(input, options)
  const { log: events, steps } = run.recorder
  const context = {
    ...run,
    log: events,
    steps,
    clusterBits: 16,
    clock: { seconds: 0n, microseconds: 0 },
  }
  return {
    rows: logGroups(context, 0, 10).map(row => ({ ...row, why: plain(row.why) })),
    members: (group: number) =>
      logMembers(context, group, 0, 10).map(one => ({ ...one, why: plain(one.why) })),
  }
}

const table = (cluster: number, clusters = 1, types = 4) => ({ cluster, clusters, types })

it('tells of a refused growth of the window array by how much it would have grown', () => {
  const { rows } = log([table(0), table(3 * WINDOW + 5)], 4300n)
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({ range: { start: 3 * WINDOW, clusters: 1 }, cluster: 3 * WINDOW + 5 })
  expect(rows[0]!.why).toBe(
    'The window array would have to grow by 3 windows of 32 bytes to reach window 3. 4 248 of 4 300 bytes are in use: ' +
      '4 344 would be needed. The active L2 table L1[1] at 0x30050000 is not recorded, and will not be later.',
  )
})

it('tells which part of a range was not recorded', () => {
  const { rows } = log([table(WINDOW - 1, 2, 2)], 4270n)
  expect(rows[0]!.why).toContain('What lies in window 1 of the active L1 table at')
  expect(rows[0]!.cluster).toBe(WINDOW)
})

it('does not speak of one entry only where a row is many', () => {
  const { rows, members } = log([table(7), table(9), table(11, 1, 16)], 200n)
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({ count: 3, cluster: 7 })
  expect(rows[0]!.why).toContain('The same event was sent 2 more times')
  expect(members(0).map(({ cluster }) => cluster)).toEqual([7, 9, 11])
  expect(members(0)[2]!.why).toContain('The refcount block 2 at')
})
