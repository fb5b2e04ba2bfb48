import { describe, expect, it } from 'vitest'
import { Cancelled } from '../../lib/cancel.ts'
import { chooseLayout } from '../../render/layout.ts'
import { type SimulatorClient, SimulationFailed, WorkerLost } from '../../state/simulator-client.ts'
import { testPalette } from '../../testing/map-scene.ts'
import { PictureLoader, type PictureWish } from './picture-loader.ts'

const settled = () => new Promise(resolve => setTimeout(resolve))
const palette = testPalette()
const layout = chooseLayout(12, 2)

const wish = (x: number, change: Partial<PictureWish> = {}): PictureWish => ({
  run: 1,
  revision: 1,
  palette,
  view: {
    layer: 'owner',
    layout,
    ratio: 1,
    viewport: { width: 100, height: 50, scale: 1, x, y: 0 },
    small: undefined,
  },
  ...change,
})

function setUp() {
  type Asked = { run: number; view: { viewport: { x: number } }; palette?: unknown; buffer?: unknown }
  const asked: {
    request: Asked
    transfer: readonly unknown[]
    answer(): void
    fail(error: unknown): void
  }[] = []
  const client = {
    request: (request: Asked, _: unknown, transfer: readonly unknown[]) =>
      new Promise((resolve, reject) => {
        asked.push({
          request,
          transfer,
          answer: () => resolve({ picture: { viewport: request.view.viewport } }),
          fail: reject,
        })
      }),
  } as unknown as SimulatorClient
  const shown: number[] = []
  const failures: unknown[] = []
  const loader = new PictureLoader(client, {
    onPicture: picture => shown.push(picture.viewport.x),
    onFailure: error => failures.push(error),
  })
  return { asked, loader, shown, failures }
}

describe('PictureLoader', () => {
  it('has one picture made at a time, and of those wished for meanwhile only the newest', async () => {
    const { asked, loader, shown } = setUp()
    for (const x of [1, 2, 3, 4]) loader.want(wish(x))
    expect(asked.map(({ request }) => request.view.viewport.x)).toEqual([1])
    asked[0]?.answer()
    await settled()
    expect(shown).toEqual([1])
    expect(asked.map(({ request }) => request.view.viewport.x)).toEqual([1, 4])
    asked[1]?.answer()
    await settled()
    expect([shown, asked.length]).toEqual([[1, 4], 2])
  })

  it('does not ask twice for the same, but does for another state of the image', async () => {
    const { asked, loader } = setUp()
    loader.want(wish(1))
    loader.want(wish(1))
    asked[0]?.answer()
    await settled()
    loader.want(wish(1))
    expect(asked).toHaveLength(1)
    loader.want(wish(1, { revision: 2 }))
    expect(asked).toHaveLength(2)
  })

  it('goes back to a view that was left while another was on its way', async () => {
    const { asked, loader, shown } = setUp()
    loader.want(wish(1))
    asked[0]?.answer()
    await settled()
    loader.want(wish(2))
    loader.want(wish(1))
    asked[1]?.answer()
    await settled()
    asked[2]?.answer()
    await settled()
    expect(shown).toEqual([1, 2, 1])
  })

  it('sends the palette when it has changed, and again to a new worker', async () => {
    const { asked, loader } = setUp()
    const hasPalette = () => asked.at(-1)?.request.palette !== undefined
    loader.want(wish(1))
    expect(hasPalette()).toBe(true)
    asked[0]?.answer()
    await settled()
    loader.want(wish(2))
    expect(hasPalette()).toBe(false)
    asked[1]?.fail(new WorkerLost('gone'))
    await settled()
    loader.want(wish(3))
    expect(hasPalette()).toBe(true)
    asked[2]?.answer()
    await settled()
    loader.want(wish(3, { palette: testPalette('protection') }))
    expect(hasPalette()).toBe(true)
  })

  it('hands over the pixels that are no longer needed', async () => {
    const { asked, loader } = setUp()
    const buffer = new ArrayBuffer(8)
    loader.recycle(buffer)
    loader.want(wish(1))
    expect(asked[0]?.transfer).toEqual([buffer])
    expect(asked[0]?.request.buffer).toBe(buffer)
    asked[0]?.answer()
    await settled()
    loader.want(wish(2))
    expect(asked[1]?.transfer).toEqual([])
  })

  it('drops what arrives for an image that is no longer looked at', async () => {
    const { asked, loader, shown } = setUp()
    loader.want(wish(1))
    loader.want(wish(2, { run: 2 }))
    asked[0]?.answer()
    await settled()
    expect(shown).toEqual([])
    asked[1]?.answer()
    await settled()
    expect(shown).toEqual([2])
  })

  it('tells a failure once, does not ask for the same again, and says nothing of what was cancelled', async () => {
    const { asked, loader, failures } = setUp()
    loader.want(wish(1))
    asked[0]?.fail(new SimulationFailed({ message: 'no', internal: false }))
    await settled()
    loader.want(wish(1))
    expect([asked.length, failures.length]).toEqual([1, 1])
    loader.want(wish(2))
    asked[1]?.fail(new Cancelled())
    await settled()
    expect(failures).toHaveLength(1)
  })
})
