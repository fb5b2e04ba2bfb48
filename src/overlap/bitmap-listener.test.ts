import { expect, test } from 'vitest'
import { seededRandom } from '../testing/seeded-random.ts'
import { createEngine } from './create-engine.ts'
import type { EngineListener } from './engine.ts'
import type { MetadataList } from './metadata-list.ts'

/** What is heard of bitmaps while tables are entered, removed and checked in more windows than have slots. */
function heard(listen: (say: (text: string) => void, windowOf: (row: number) => number) => EngineListener) {
  const said: string[] = []
  let engine: MetadataList
  const listener = listen(
    text => said.push(text),
    row => engine.windowOf(row),
  )
  engine = createEngine(
    {
      version: 'v6',
      clusterBits: 16,
      checkedTypes: 255,
      fileSize: 2 ** 34,
      bitmapSize: 2n ** 14n,
      totalSizeLimit: undefined,
    },
    listener,
  )!
  const random = seededRandom(7)
  for (let call = 0; call < 3000; call++) {
    const window = Math.floor(random() * 64)
    const index = Math.floor(random() * 4000)
    const kind = random()
    if (kind < 0.1) engine.enter(window, index, 1 + Math.floor(random() * 90), 4)
    else if (kind < 0.2) engine.remove(window, index, 50, 4)
    else engine.check(window, index, 1, 0)
  }
  return said
}

const oneByOne = (say: (text: string) => void): EngineListener => ({
  limitReached: () => {},
  bitmapBuilt: window => say(`built ${window}`),
  bitmapDestroyed: (window, outcome) => say(`${outcome} ${window}`),
})

test('who hears of take-overs hears the same of bitmaps as who hears of each', () => {
  let takeOvers = 0
  const atOnce = heard((say, windowOf) => ({
    ...oneByOne(say),
    bitmapTakenOver(oldest, row) {
      takeOvers++
      say(`unmodified ${windowOf(oldest)}`)
      say(`built ${windowOf(row)}`)
    },
  }))
  expect(takeOvers).toBeGreaterThan(1000)
  expect(atOnce).toEqual(heard(oneByOne))
  expect(new Set(atOnce.map(text => text.split(' ')[0]))).toEqual(
    new Set(['built', 'fragments', 'unmodified']),
  )
})
