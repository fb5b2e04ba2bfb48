import type { Page } from '@playwright/test'
import { expectAccessible } from './support/axe.ts'
import { countPixels } from './support/pixels.ts'
import { expect, test } from './support/test.ts'

const NAMES = ['Owner', 'Protection', 'Refcount', 'Age', 'Problem']

const layer = (page: Page, name: string) => page.getByRole('radio', { name, exact: true })
const kind = (page: Page, name: RegExp) =>
  page.getByRole('list', { name: 'Legend' }).getByRole('button', { name })
const summary = (page: Page) => page.locator('#map-summary')

/** The number that a kind of the legend bears. */
async function countOf(page: Page, name: RegExp): Promise<number> {
  const text = (await kind(page, name).locator('b').textContent()) ?? ''
  return Number(text.replaceAll(/\D/g, ''))
}

test('five layers are gone through by key, and what is unguarded is seen in each of them', async ({
  app,
  page,
}) => {
  await app.open()
  const pictures = new Set<string>()
  for (const name of [...NAMES, NAMES[0]!]) {
    await expect(layer(page, name)).toBeChecked()
    await expect(summary(page)).toContainText(`Layer ${name}:`)
    expect(await countPixels(page, 'danger')).toBeGreaterThan(10)
    expect(await countOf(page, /^lost/)).toBe(1)
    expect(await countOf(page, /^locked out/)).toBe(9)
    pictures.add(
      await page.evaluate(() =>
        document.querySelector<HTMLCanvasElement>('[data-panel="map"] canvas')!.toDataURL(),
      ),
    )
    await page.keyboard.press('l')
    await app.idle()
  }
  expect(pictures.size).toBe(NAMES.length)
  await page.keyboard.press('Shift+L')
  await expect(layer(page, 'Owner')).toBeChecked()
  await layer(page, 'Refcount').check({ force: true })
  await app.idle()
  await expectAccessible(page)
})

test('the legend counts clusters, and counts them anew when they change', async ({ app, page }) => {
  await app.open()
  expect(await countOf(page, /^active L2/)).toBe(4)
  const data = await countOf(page, /guest data/)
  await page.keyboard.press('l')
  await page.keyboard.press('l')
  await app.idle()
  const one = await countOf(page, /^refcount 1/)
  const two = await countOf(page, /^refcount 2/)
  // All but the few of metadata that only the active state refers to; the snapshot shares most of the rest.
  expect(one + two).toBeGreaterThan(data)
  const field = app.panel('Commands').getByRole('textbox').first()
  await field.fill('write 0 64k')
  await field.press('Enter')
  await app.idle()
  // The cluster is copied: the snapshot keeps the old one for itself.
  expect(await countOf(page, /^refcount 2/)).toBeLessThan(two)
  expect(await countOf(page, /^refcount 1/)).toBeGreaterThan(one)
})

test('kinds are filtered out and brought back by mouse', async ({ app, page }) => {
  await app.open({
    hash: 'v=1&scenario=event-of-the-patch&check=cached&bitmap-size=65536&limit=unlimited&engine=v6&device=virtio0',
  })
  const before = await countPixels(page, 'l2')
  expect(before).toBeGreaterThan(0)
  const l2 = kind(page, /^active L2/)
  await expect(l2).toHaveAttribute('aria-pressed', 'true')
  await l2.click()
  await app.idle()
  await expect(l2).toHaveAttribute('aria-pressed', 'false')
  expect(await countPixels(page, 'l2')).toBe(0)
  expect(await countPixels(page, 'rt')).toBeGreaterThan(0)
  await l2.dblclick()
  await app.idle()
  await expect(l2).toHaveAttribute('aria-pressed', 'true')
  await expect(kind(page, /refcount table/)).toHaveAttribute('aria-pressed', 'false')
  expect(await countPixels(page, 'l2')).toBeGreaterThan(0)
  expect(await countPixels(page, 'rt')).toBe(0)
  await page.getByRole('button', { name: 'Show all' }).click()
  await app.idle()
  await expect(page.getByRole('list', { name: 'Legend' }).locator('[aria-pressed="false"]')).toHaveCount(0)
  expect(await countPixels(page, 'l2')).toBe(before)
})

test('kinds are filtered by key alone; what is unguarded goes only when it is told to', async ({
  app,
  page,
}) => {
  await app.open()
  const danger = await countPixels(page, 'danger')
  await kind(page, /^lost/).focus()
  await page.keyboard.press('ArrowRight')
  await expect(kind(page, /^locked out/)).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(kind(page, /^header/)).toBeFocused()
  // Only the header: unguarded metadata stays.
  await page.keyboard.press('Alt+Enter')
  await app.idle()
  await expect(kind(page, /^header/)).toHaveAttribute('aria-pressed', 'true')
  await expect(kind(page, /^active L2/)).toHaveAttribute('aria-pressed', 'false')
  await expect(kind(page, /^lost/)).toHaveAttribute('aria-pressed', 'true')
  expect(await countPixels(page, 'danger')).toBe(danger)
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Space')
  await app.idle()
  await expect(kind(page, /^locked out/)).toHaveAttribute('aria-pressed', 'false')
  expect(await countPixels(page, 'danger')).toBeLessThan(danger)
  await page.keyboard.press('Shift+A')
  await app.idle()
  await expect(kind(page, /^locked out/)).toHaveAttribute('aria-pressed', 'true')
  expect(await countPixels(page, 'danger')).toBe(danger)
  // The button goes with what it undoes; whoever pressed it is still at the legend.
  await page.keyboard.press('Space')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('button', { name: 'Show all' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Show all' })).toHaveCount(0)
  await expect(kind(page, /^locked out/)).toBeFocused()
})

test('an entry of the legend stays where it is when it is clicked twice', async ({ app, page }) => {
  await app.open()
  const place = () => kind(page, /^free/).boundingBox()
  const before = await place()
  await kind(page, /^free/).click()
  await app.idle()
  await expect(page.getByRole('button', { name: 'Show all' })).toBeVisible()
  expect(await place()).toEqual(before)
})

test('the pinned cluster is told in the words of the layer', async ({ app, page }) => {
  await app.open()
  await page.keyboard.press('u')
  await app.idle()
  const position = page.getByTestId('map-position')
  await layer(page, 'Refcount').check({ force: true })
  await expect(position).toHaveText(/^window 0, cluster 0, main header, .*, refcount 1$/)
  await layer(page, 'Age').check({ force: true })
  await expect(position).toHaveText(/, window last used \d+ ticks? ago$/)
  await layer(page, 'Problem').check({ force: true })
  await expect(position).toHaveText(/, no problem$/)
})

for (const image of ['scenario=allocator-unnoticed', 'sample=samples/bitmaps.qcow2.gz&limit=4248'])
  test(`all of legend and toolbar is seen at 1280 x 720, in every layer: ${image}`, async ({ app, page }) => {
    await app.open({ hash: `v=1&${image}` })
    for (const name of NAMES) {
      await layer(page, name).check({ force: true })
      await app.idle()
      const { parts, hidden } = await app.panel('Cluster map').evaluate(panel => {
        const box = panel.getBoundingClientRect()
        const seen = [
          ...panel.querySelectorAll('.map-toolbar > :not(h2), .map-legend :is(button, .legend-frames li)'),
        ]
        return {
          parts: seen.length,
          hidden: seen.filter(part => {
            const { left, right, top, bottom } = part.getBoundingClientRect()
            // Something else is there where it is cut off.
            const isCovered = [top + 2, bottom - 2].some(
              y => !part.contains(document.elementFromPoint((left + right) / 2, y)),
            )
            return left < box.left || right > box.right || bottom > box.bottom || isCovered
          }).length,
        }
      })
      expect(parts).toBeGreaterThan(3)
      expect(hidden).toBe(0)
    }
  })
