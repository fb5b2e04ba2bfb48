/**
 * The page's own part of a frame while the map is dragged, against putting as many pixels and nothing else:
 * `npm run bench -- page`. It says figures, and holds nobody to them.
 */
import { recipeHash } from './support/recipe.ts'
import { test } from './support/test.ts'

const TEBIBYTE = recipeHash('1 TiB', { virtualSize: '1T', fill: { pattern: 'sequential', share: 1 } })

/** Where to look from: keys pressed on the map before it is dragged. */
const views = [
  { name: 'whole image', target: '' },
  { name: 'some windows', target: 'window 2000' },
  { name: 'clusters', target: 'cluster 8192000' },
]

interface Spent {
  /** In handlers of the worker’s messages and of frames, ms. */
  readonly frame: number
  /** Pictures put on the map. */
  readonly puts: number
}

const middle = (times: number[]) => times.toSorted((a, b) => a - b)[times.length >> 1]!

test('the page\u2019s part of a frame', async ({ app, page }) => {
  test.setTimeout(300_000)
  await page.addInitScript(() => {
    const spent = { frame: 0, puts: 0 }
    Object.assign(window, { spent })
    const timed =
      <A extends unknown[]>(handler: (...args: A) => unknown) =>
      (...args: A) => {
        const started = performance.now()
        handler(...args)
        spent.frame += performance.now() - started
      }
    const put = CanvasRenderingContext2D.prototype.putImageData
    CanvasRenderingContext2D.prototype.putImageData = function (...args: unknown[]) {
      if (this.canvas.width > 1000) spent.puts++
      Reflect.apply(put, this, args)
    }
    const frame = requestAnimationFrame
    window.requestAnimationFrame = callback => frame.call(window, timed(callback))
    const { set } = Object.getOwnPropertyDescriptor(Worker.prototype, 'onmessage')!
    Object.defineProperty(Worker.prototype, 'onmessage', {
      set(this: Worker, handler: (event: MessageEvent) => void) {
        set!.call(this, timed(handler.bind(this)))
      },
    })
  })
  // The map itself is about 1600 x 1000 then.
  await page.setViewportSize({ width: 2306, height: 1456 })
  await app.open({ hash: TEBIBYTE })
  for (const { name, target } of views) {
    if (target) {
      await app.panel('Cluster map').getByRole('combobox', { name: 'Find' }).fill(target)
      await page.keyboard.press('Enter')
      await app.idle()
    }
    const box = (await page.getByRole('application', { name: 'Cluster map' }).boundingBox())!
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    if (!target) await page.mouse.wheel(0, -120)
    await app.idle()
    await page.mouse.down()
    const own: number[] = []
    let pictures = 0
    const spent = () => page.evaluate(() => (window as unknown as { spent: Spent }).spent)
    for (let i = 1; i <= 60; i++) {
      const before = await spent()
      await page.mouse.move(box.x + box.width / 2 + 3 * i, box.y + box.height / 2 + i)
      await app.idle()
      const after = await spent()
      // A picture each: what is measured is a frame that shows one.
      pictures += after.puts - before.puts
      own.push(after.frame - before.frame)
    }
    await page.mouse.up()
    const bare = await page.evaluate(async () => {
      const map = document.querySelector<HTMLCanvasElement>('[data-panel="map"] canvas')!
      const canvas = document.createElement('canvas')
      canvas.width = map.width
      canvas.height = map.height
      // On the page like the map, for a canvas that is not is put to in another way.
      canvas.style.cssText = 'position: fixed; inset: 0'
      document.body.append(canvas)
      const context = canvas.getContext('2d')!
      const image = new ImageData(map.width, map.height)
      const times: number[] = []
      for (let i = 0; i < 60; i++) {
        const started = performance.now()
        context.putImageData(image, 0, 0)
        times.push(performance.now() - started)
        await new Promise(requestAnimationFrame)
      }
      canvas.remove()
      return { times, width: map.width, height: map.height }
    })
    const [ours, theirs] = [middle(own), middle(bare.times)]
    console.log(
      `  ${name.padEnd(24)} ${bare.width} x ${bare.height}: page ${ours.toFixed(2)} ms, bare ${theirs.toFixed(2)} ms   x ${(ours / theirs).toFixed(2)}, ${pictures} pictures in ${own.length} moves`,
    )
  }
})
