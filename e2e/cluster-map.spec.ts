import type { Page } from '@playwright/test'
import { expectAccessible } from './support/axe.ts'
import { countPixels } from './support/pixels.ts'
import { recipeHash } from './support/recipe.ts'
import { expect, test } from './support/test.ts'

const TEBIBYTE = recipeHash('test', { virtualSize: '1T', fill: { pattern: 'sequential', share: 1 } })
const UNLIMITED =
  'v=1&scenario=event-of-the-patch&check=cached&bitmap-size=65536&limit=unlimited&engine=v6&device=virtio0'

const position = (page: Page) => page.getByTestId('map-position')
const stage = (page: Page) => page.getByRole('application', { name: 'Cluster map' })

test('u goes from one unguarded cluster to the next, around the image, and says what it is', async ({
  app,
  page,
}) => {
  await app.open()
  const chip = app.panel('Cluster map').getByRole('button', { name: /unguarded$/ })
  const count = Number.parseInt((await chip.textContent()) ?? '', 10)
  expect(count).toBeGreaterThan(1)
  const visited: (string | null)[] = []
  for (let i = 0; i <= count; i++) {
    if (i % 2) await chip.click()
    else await page.keyboard.press('u')
    await app.idle()
    visited.push(await position(page).textContent())
  }
  expect(new Set(visited).size).toBe(count)
  expect(visited.at(-1)).toBe(visited[0])
  for (const words of visited) expect(words).toMatch(/^window \d+, cluster \d+, .*, unguarded: /)
  await page.keyboard.press('Shift+U')
  await app.idle()
  await expect(position(page)).toHaveText(visited[count - 1] ?? '')
})

test('danger is seen from everywhere, and only where there is some', async ({ app, page }) => {
  await app.open()
  for (let zoom = 0; zoom < 8; zoom++) {
    expect(await countPixels(page, 'danger')).toBeGreaterThan(10)
    await page.keyboard.press(zoom < 3 ? '-' : '+')
    await app.idle()
    if (zoom === 3) await page.keyboard.press('u')
    await app.idle()
  }
  await app.open({ hash: UNLIMITED })
  await app.idle()
  await expect(app.panel('Cluster map').getByRole('button', { name: /unguarded$/ })).toHaveCount(0)
  expect(await countPixels(page, 'danger')).toBe(0)
})

test('the field goes to offsets, clusters and windows, and says what it does not understand', async ({
  app,
  page,
}) => {
  await app.open()
  const map = app.panel('Cluster map')
  await page.keyboard.press('g')
  const field = map.getByRole('combobox', { name: 'Find' })
  await expect(field).toBeFocused()
  for (const text of ['768M', '0x30000000', 'cluster 12288', 'window 3', '805306368']) {
    await field.fill('0')
    await field.press('Enter')
    await app.idle()
    await expect(position(page)).toHaveText(/cluster 0, main header/)
    await field.fill(text)
    await field.press('Enter')
    await app.idle()
    await expect(position(page)).toHaveText(/window 3, cluster 12288,/)
  }
  await field.fill('window 4')
  await field.press('Enter')
  await expect(map.getByRole('alert')).toHaveText('There is no window 4. The image has windows 0 to 3.')
  await field.fill('somewhere')
  await field.press('Enter')
  await expect(map.getByRole('alert')).toContainText('“cluster 12288”, “window 3”, “guest 1M”')
  await expectAccessible(page)
  await field.press('Escape')
  await expect(map.getByRole('alert')).toHaveCount(0)
})

test('that a window is missing in one image is not said of the next', async ({ app, images }) => {
  await app.open()
  const map = app.panel('Cluster map')
  await map.getByRole('combobox', { name: 'Find' }).fill('window 4')
  await map.getByRole('combobox', { name: 'Find' }).press('Enter')
  await expect(map.getByRole('alert')).toBeVisible()
  await app.openFile(await images.qcow2('other.qcow2', '1M'))
  await expect(map.getByRole('alert')).toHaveCount(0)
})

test('the map can be walked by key alone', async ({ app, page }) => {
  await app.open()
  await stage(page).focus()
  await page.keyboard.press('u')
  await app.idle()
  await expect(position(page)).toHaveText(/^window 0, cluster 0, main header/)
  await page.keyboard.press('ArrowRight')
  await app.idle()
  await expect(position(page)).toHaveText(/^window 0, cluster 1, /)
  await page.keyboard.press('ArrowDown')
  await app.idle()
  await expect(position(page)).toHaveText(/^window 0, cluster 65, /)
  await page.keyboard.press('Shift+ArrowRight')
  await app.idle()
  await expect(position(page)).toHaveText(/^window 0, cluster 73, /)
  await page.keyboard.press(']')
  await app.idle()
  await expect(position(page)).toHaveText(/^window 1, cluster 4096, /)
  await page.keyboard.press('[')
  await app.idle()
  await expect(position(page)).toHaveText(/^window 0, cluster 0, /)
  // Across the gutter between two tiles.
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowLeft')
  await app.idle()
  await expect(position(page)).toHaveText(/^window 0, cluster 0, /)
  await page.keyboard.press('Escape')
  await expect(app.panel('Inspector')).toContainText('Point at a cluster')
})

test('hovering tells whose a cluster is without drawing the map again', async ({ app, page }) => {
  await page.addInitScript(() => {
    const counts = { base: 0 }
    Object.assign(window, { counts })
    const put = CanvasRenderingContext2D.prototype.putImageData
    CanvasRenderingContext2D.prototype.putImageData = function (...args: unknown[]) {
      counts.base++
      Reflect.apply(put, this, args)
    }
  })
  await app.open()
  const drawn = () => page.evaluate(() => (window as unknown as { counts: { base: number } }).counts.base)
  const before = await drawn()
  expect(before).toBeGreaterThan(0)
  const box = await stage(page).boundingBox()
  const seen = new Set<string>()
  for (let i = 2; i < 18; i++) {
    await page.mouse.move(box!.x + (box!.width * i) / 20, box!.y + box!.height / 2)
    await app.idle()
    // Between two tiles there is nothing to tell of.
    for (const title of await app.panel('Inspector').locator('h3').allTextContents()) seen.add(title)
  }
  expect(seen.size).toBeGreaterThan(6)
  expect(await drawn()).toBe(before)
})

test('a terabyte is drawn view by view, no view is asked for twice, and no list of windows is sent', async ({
  app,
  page,
}) => {
  await page.addInitScript(() => {
    const seen = { views: [] as { scale: number; hasSmall: boolean }[], reportLength: 0 }
    Object.assign(window, { seen })
    const listening = new WeakSet<Worker>()
    const post = Worker.prototype.postMessage
    Worker.prototype.postMessage = function (...args: unknown[]) {
      const request = args[0] as { type: string; view: { viewport: { scale: number }; small: unknown } }
      if (request.type === 'picture')
        seen.views.push({ scale: request.view.viewport.scale, hasSmall: request.view.small !== undefined })
      if (!listening.has(this))
        this.addEventListener('message', ({ data }: MessageEvent<{ type: string; report: object }>) => {
          if (data.type !== 'report') return
          const text = JSON.stringify(data.report, (_, value: unknown) =>
            ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value,
          )
          seen.reportLength = text.length
        })
      listening.add(this)
      Reflect.apply(post, this, args)
    }
    // Limits and offsets are long integers, which JSON does not know.
    Object.assign(BigInt.prototype, {
      toJSON(this: bigint) {
        return String(this)
      },
    })
  })
  type Seen = { views: { scale: number; hasSmall: boolean }[]; reportLength: number }
  const takeViews = () => page.evaluate(() => (window as unknown as { seen: Seen }).seen.views.splice(0))
  await app.open({ hash: TEBIBYTE })
  // 1 TiB of data and its tables, in windows of 256 MiB.
  await expect(page.locator('#map-summary')).toContainText('4\u202f097 windows')
  const length = await page.evaluate(() => (window as unknown as { seen: Seen }).seen.reportLength)
  expect(length).toBeGreaterThan(100)
  expect(length).toBeLessThan(4097)
  // A coarse picture while its tables are read, and the picture.
  const opening = await takeViews()
  expect(opening.map(({ hasSmall }) => hasSmall)).toEqual([false, false])
  const whole = opening.slice(1)
  expect(opening.slice(0, 1)).toEqual(whole)
  await app.panel('Cluster map').getByRole('combobox', { name: 'Find' }).fill('window 2000')
  await page.keyboard.press('Enter')
  await app.idle()
  const near = await takeViews()
  expect(near.map(({ hasSmall }) => hasSmall)).toEqual([true])
  expect(near[0]!.scale).toBeGreaterThan(20 * whole[0]!.scale)
  await stage(page).focus()
  // The small map is there already.
  await page.keyboard.press('+')
  await app.idle()
  expect((await takeViews()).map(({ hasSmall }) => hasSmall)).toEqual([false])
  await page.keyboard.press('Home')
  await app.idle()
  expect(await takeViews()).toEqual(whole)
  await page.keyboard.press('Home')
  await app.idle()
  expect(await takeViews()).toEqual([])
})

test('an image that does not open still shows whose its clusters are', async ({ app, page }) => {
  await app.open({ hash: 'v=1&scenario=too-many-windows' })
  const map = app.panel('Cluster map')
  await expect(map.getByRole('list', { name: 'Legend' })).toContainText('Not opened')
  await expect(map.getByRole('button', { name: /unguarded$/ })).toHaveCount(0)
  expect(await countPixels(page, 'l2')).toBeGreaterThan(100)
  await expect(page.locator('#map-summary')).toContainText('The image does not open')
})

test('an image of a few clusters fills the map, and zooming by key alone does not lose it', async ({
  app,
  images,
  page,
}) => {
  const path = await images.qcow2('few.qcow2', '192k', {
    creation: 'cluster_size=512',
    commands: ['write 0 160k'],
  })
  await app.open()
  await app.openFile(path)
  // More than 300 clusters of data, each drawn at least 7 by 7.
  expect(await countPixels(page, 'data')).toBeGreaterThan(300 * 7 ** 2)
  await stage(page).focus()
  for (let press = 0; press < 8; press++) await page.keyboard.press('+')
  // Every press counts, however soon it comes after the last: clusters of 41 by 41, three rows of them.
  await expect.poll(() => countPixels(page, 'data')).toBeGreaterThan(30 * 41 ** 2)
  await page.keyboard.press('0')
  await expect.poll(() => countPixels(page, 'data')).toBeLessThan(400 * 10 ** 2)
})

test('protection is a layer of its own', async ({ app, page }) => {
  await app.open({ hash: UNLIMITED })
  expect(await countPixels(page, 'l2')).toBeGreaterThan(0)
  await app.panel('Cluster map').getByRole('radio', { name: 'Protection' }).check({ force: true })
  await app.idle()
  expect(await countPixels(page, 'l2')).toBe(0)
  expect(await countPixels(page, 'accent')).toBeGreaterThan(0)
  await expectAccessible(page)
})

test('wheel and drag move the map', async ({ app, page }) => {
  await app.open()
  const picture = () =>
    page.evaluate(() => document.querySelector<HTMLCanvasElement>('[data-panel="map"] canvas')!.toDataURL())
  const fitted = await picture()
  const box = await stage(page).boundingBox()
  await page.mouse.move(box!.x + box!.width / 2, box!.y + box!.height / 2)
  await page.mouse.wheel(0, -600)
  await app.idle()
  const zoomed = await picture()
  expect(zoomed).not.toBe(fitted)
  await page.mouse.down()
  await page.mouse.move(box!.x + box!.width / 2 + 80, box!.y + box!.height / 2 + 20, { steps: 4 })
  await page.mouse.up()
  await app.idle()
  expect(await picture()).not.toBe(zoomed)
  await page.keyboard.press('0')
  await app.idle()
  expect(await picture()).toBe(fitted)
})
