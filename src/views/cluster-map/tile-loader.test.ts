import { describe, expect, it } from 'vitest'
import type { Layer } from '../../lib/layers.ts'
import { chooseLayout } from '../../render/layout.ts'
import { TileCache } from '../../render/tile-cache.ts'
import { type SimulatorClient, SimulationFailed } from '../../state/simulator-client.ts'
import type { WindowRange } from '../../worker/protocol.ts'
import { TileLoader, type TileWish } from './tile-loader.ts'

interface TilesAsked {
  readonly ranges: readonly WindowRange[]
  readonly level: number
  readonly layer: Layer
  readonly muted?: Uint8Array
}

const settled = () => new Promise(resolve => setTimeout(resolve))

function setUp() {
  const asked: {
    ranges: readonly WindowRange[]
    layer: Layer
    muted: Uint8Array | undefined
    answer(revision: number): void
    fail(): void
  }[] = []
  const client = {
    request: ({ ranges, level, layer, muted }: TilesAsked) =>
      new Promise((resolve, reject) => {
        const windows = ranges.reduce((sum, { count }) => sum + count, 0)
        asked.push({
          ranges,
          layer,
          muted,
          answer: revision =>
            resolve({ revision, ranges, level, cells: new Uint8Array(windows * 4096).fill(revision) }),
          fail: () => reject(new SimulationFailed({ message: 'no', internal: false })),
        })
      }),
  } as unknown as SimulatorClient
  const tiles = new TileCache(100)
  const failures: unknown[] = []
  let arrivals = 0
  const loader = new TileLoader(
    client,
    tiles,
    () => arrivals++,
    error => failures.push(error),
  )
  loader.setRun(1)
  const layout = chooseLayout(12, 2)
  const wish = (revision: number, columns = 1): TileWish => ({
    run: 1,
    revision,
    layout,
    level: 0,
    visible: { firstColumn: 0, lastColumn: columns - 1, firstRow: 0, lastRow: 0 },
  })
  return { asked, tiles, loader, wish, failures, arrivals: () => arrivals }
}

describe('TileLoader', () => {
  it('asks for what is in sight and missing, one request at a time', async () => {
    const { asked, tiles, loader, wish, arrivals } = setUp()
    loader.want(wish(1, 2))
    loader.want(wish(1, 3))
    expect(asked.map(({ ranges }) => ranges)).toEqual([[{ first: 0, count: 2 }]])
    asked[0]?.answer(1)
    await settled()
    expect(arrivals()).toBe(1)
    loader.want(wish(1, 3))
    expect(asked[1]?.ranges).toEqual([{ first: 2, count: 1 }])
    asked[1]?.answer(1)
    await settled()
    loader.want(wish(1, 3))
    expect(asked).toHaveLength(2)
    expect(tiles.size).toBe(3)
  })

  it('keeps old tiles to draw with until those of the new revision come', async () => {
    const { asked, tiles, loader, wish } = setUp()
    loader.want(wish(1))
    asked[0]?.answer(1)
    await settled()
    loader.want(wish(2))
    expect(asked).toHaveLength(2)
    expect(tiles.windowCells(0, 0)?.cells[0]).toBe(1)
    asked[1]?.answer(2)
    await settled()
    expect(tiles.windowCells(0, 0)?.cells[0]).toBe(2)
  })

  it('drops what arrives for an image that is no longer shown', async () => {
    const { asked, tiles, loader, wish } = setUp()
    loader.want(wish(1))
    expect(loader.setRun(2)).toBe(true)
    asked[0]?.answer(1)
    await settled()
    expect(tiles.size).toBe(0)
  })

  it('drops tiles of another layer or filter, the late ones too, but not where cells are the same', async () => {
    const { asked, tiles, loader, wish } = setUp()
    const none = new Uint8Array(256)
    const some = new Uint8Array(256).fill(1, 9, 10)
    loader.want(wish(1))
    asked[0]?.answer(1)
    await settled()
    loader.setLayer('protection', none)
    expect(tiles.size).toBe(1)
    loader.setLayer('refcount', none)
    expect(tiles.size).toBe(0)
    loader.want(wish(1))
    expect(asked[1]).toMatchObject({ layer: 'refcount', muted: undefined })
    loader.setLayer('refcount', some)
    asked[1]?.answer(1)
    await settled()
    expect(tiles.size).toBe(0)
    loader.want(wish(1))
    expect(asked[2]).toMatchObject({ layer: 'refcount', muted: some })
  })

  it('tells a failure once, and does not ask for the same again', async () => {
    const { asked, loader, wish, failures } = setUp()
    loader.want(wish(1))
    asked[0]?.fail()
    await settled()
    loader.want(wish(1))
    expect(asked).toHaveLength(1)
    expect(failures).toHaveLength(1)
    loader.want(wish(2))
    expect(asked).toHaveLength(2)
  })
})
