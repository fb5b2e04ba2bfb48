/** The whole map without eyes or mouse: every station is reached by key, and told by what is spoken there. */
import type { Page } from '@playwright/test'
import type { App } from './support/app.ts'
import { expectAccessible } from './support/axe.ts'
import { expect, test } from './support/test.ts'

test.describe.configure({ timeout: 120_000 })

const sample = (name: string) => `v=1&sample=${encodeURIComponent(`samples/${name}.qcow2.gz`)}`
const stage = (page: Page) => page.getByRole('application', { name: 'Cluster map' })
const field = (page: Page) => page.getByRole('combobox', { name: 'Find' })
/** Spoken: where one is, and what was found. */
const position = (page: Page) => page.getByTestId('map-position')
const found = (page: Page) => page.getByTestId('find-status')
const count = (page: Page) => page.getByTestId('find-count')

async function press(app: App, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    await app.page.keyboard.press(key)
    await app.idle()
  }
}

async function type(app: App, text: string): Promise<void> {
  await press(app, 'g', 'ControlOrMeta+a')
  await app.page.keyboard.type(text)
  await press(app, 'Enter')
}

const picture = (page: Page) =>
  page.evaluate(() => document.querySelector<HTMLCanvasElement>('[data-panel="map"] canvas')!.toDataURL())

test('the whole map is walked by key alone, in words', async ({ app, page }) => {
  await app.open()
  const whole = await picture(page)

  // Tab leads from the box before the map onto the map, which sums itself up.
  await press(app, 'g', 'Tab')
  for (let i = 0; i < 6 && !(await stage(page).evaluate(map => map === document.activeElement)); i++)
    await press(app, 'Tab')
  await expect(stage(page)).toBeFocused()
  await expect(stage(page)).toHaveAccessibleDescription(
    /^4 windows of 4\s096 clusters, .* 10 metadata clusters of checked types, 10 unguarded\. No errors and no leaks .* G finds/,
  )
  await press(app, 'ArrowDown')
  await expect(position(page)).toHaveText(/^window \d, cluster \d+, /)

  // The ends of the file, and of a window.
  await press(app, 'Control+Home')
  await expect(position(page)).toHaveText(
    'window 0, cluster 0, main header, unguarded: locked out, refcount 1, window held as fragments, locked out',
  )
  await press(app, 'Control+End')
  await expect(position(page)).toHaveText(/^window 3, cluster 16010, /)
  await press(app, 'Home')
  await expect(position(page)).toHaveText(
    /^window 3, cluster 12288, guest data, refcount 2, guest offset 0x[\da-f]+, window held as fragments, 1 lost, 2 locked out$/,
  )
  expect(await picture(page)).not.toBe(whole)
  await press(app, 'Home')
  expect(await picture(page)).toBe(whole)
  await press(app, 'Control+Home', 'End')
  await expect(position(page)).toHaveText(/^window 0, cluster 4095, /)

  // Cell by cell, eight, a window, a screen.
  await press(app, 'Home', 'ArrowRight', 'ArrowDown')
  await expect(position(page)).toHaveText(/^window 0, cluster 65, /)
  await press(app, 'Shift+ArrowDown', 'Shift+ArrowRight')
  await expect(position(page)).toHaveText(/^window 0, cluster 585, /)
  await press(app, 'Control+ArrowRight')
  await expect(position(page)).toHaveText(/^window 1, cluster 4681, /)
  await press(app, ']')
  await expect(position(page)).toHaveText(/^window 2, cluster 8192, /)
  await press(app, '[', '[')
  await expect(position(page)).toHaveText(/^window 0, cluster 0, /)
  await press(app, '+', '+', '+')
  const near = await picture(page)
  await press(app, 'PageDown')
  await expect(position(page)).toHaveText(/^window 0, cluster \d+, guest data, /)
  const below = Number(/cluster (\d+)/.exec((await position(page).textContent()) ?? '')?.[1])
  expect(below % 64).toBe(0)
  expect(below).toBeGreaterThan(64 * 8)
  expect(await picture(page)).not.toBe(near)
  await press(app, 'PageUp')
  await expect(position(page)).toHaveText(/^window 0, cluster 0, main header/)
})

test('kinds, guest offsets and unguarded clusters are found by key alone, in words', async ({
  app,
  page,
}) => {
  await app.open()
  // A kind, with its number among how many: with Enter, F3, and round the end.
  await type(app, 'active l2')
  await expect(found(page)).toHaveText('active L2 table 1 of 4')
  await expect(position(page)).toHaveText(
    /^window 0, cluster 4, active L2 table, unguarded: locked out, refcount 2, /,
  )
  await press(app, 'Enter')
  await expect(found(page)).toHaveText('active L2 table 2 of 4')
  await expect(position(page)).toHaveText(/^window 1, cluster \d+, active L2 table, /)
  await press(app, 'F3')
  await expect(count(page)).toHaveText('3 of 4')
  await press(app, 'F3', 'F3')
  await expect(found(page)).toHaveText('active L2 table 1 of 4, gone round')
  await press(app, 'Shift+F3')
  await expect(found(page)).toHaveText('active L2 table 4 of 4, gone round')
  await press(app, 'Escape')
  await expect(field(page)).toHaveValue('')
  await press(app, 'Escape')
  await expect(stage(page)).toBeFocused()

  // The next of the same kind as the pinned cluster.
  await press(app, 'k')
  await expect(field(page)).toHaveValue('active L2 table')
  await expect(found(page)).toHaveText('active L2 table 1 of 4, gone round')
  await press(app, 'Shift+K')
  await expect(found(page)).toHaveText('active L2 table 4 of 4, gone round')
  // Away from what was found, only how many there are is still true.
  await press(app, 'ArrowRight')
  await expect(count(page)).toHaveText('4')

  // Through the tables from a guest offset.
  await type(app, 'guest 1M')
  await expect(found(page)).toHaveText(
    'guest 0x100000, L1[0], L2 at 0x40000, entry 16, host 0xd0000. Allocated: the guest’s data are there.',
  )
  await expect(position(page)).toHaveText(
    /^window 0, cluster 13, guest data, refcount 2, guest offset 0x100000, /,
  )
  const way = app.panel('Cluster map').getByRole('group', { name: 'The way to the guest offset' })
  await way.getByRole('button', { name: 'L2 at 0x40000' }).focus()
  await press(app, 'Enter')
  await expect(position(page)).toHaveText(/^window 0, cluster 4, active L2 table, /)
  await expectAccessible(page)

  // From one unguarded cluster to the next.
  await stage(page).focus()
  await press(app, 'u')
  await expect(found(page)).toHaveText('unguarded 6 of 10')
  await expect(position(page)).toHaveText(/^window 1, cluster \d+, active L2 table, unguarded: locked out, /)
  await press(app, 'Shift+U', 'Shift+U')
  await expect(count(page)).toHaveText('4 of 10')

  // A window in words.
  await press(app, 'Shift+D')
  await expect(page.locator('.notice-place')).toHaveText(
    /^Window 0, clusters 0 to 4\s095\. Held as 5 fragments, .*; Metadata: 5, of checked types, 5 unguarded; Held as: fragments, locked out; Age: \d+, last used \d+ ticks? ago; Fragments: 5, of room for \d+; On the books: \d+ bytes\.$/,
  )
  await expectAccessible(page, '[data-panel="map"]')
  await press(app, 'Escape')
  await expect(app.panel('Inspector')).toContainText('Point at a cluster')
})

test('what is wrong is found stretch by stretch, and counted in clusters', async ({ app, page }) => {
  await app.open({ hash: sample('damaged') })
  await expect(page.locator('#map-summary')).toContainText(
    /Found in its tables: \d+ errors?, 2 leaked clusters\./,
  )
  await type(app, 'leaked')
  await expect(found(page)).toHaveText(/^leaked, stretch 1 of \d, clusters? \d+.*, 2 in all/)
  await expect(position(page)).toHaveText(/, leaked, refcount 1, should be 0/)
  await type(app, 'claimed twice')
  await expect(position(page)).toHaveText(/, active L1 table, .*claimed twice, refcount 1, should be 2/)
  await expect(found(page)).toHaveText(/there is no other$|stretch 1 of 1, cluster \d+, 1 in all$/)
  await type(app, 'bitmap data')
  await expect(found(page)).toHaveText('This image has no cluster of the kind “bitmap data”.')
  await expect(count(page)).toHaveText('0')
  await type(app, 'guest 20M')
  await expect(found(page)).toHaveText(
    'guest 0x1400000, L1[0], L2 at 0x40000, entry 320. It is not allocated: the guest reads zeros.',
  )
})

test('the box offers kinds with their counts, and the readings of a number', async ({ app, page }) => {
  await app.open()
  await press(app, 'g')
  await page.keyboard.type('inact')
  await app.idle()
  const options = app.panel('Cluster map').getByRole('option')
  await expect(field(page)).toHaveAttribute('aria-expanded', 'true')
  await expect(options).toHaveText([/^inactive L1 table.*1$/, /^inactive L2 table.*1$/])
  await expect(options.first()).toHaveAccessibleName(
    'inactive L1 table, not an active one as well, 1 cluster',
  )
  await expectAccessible(page)
  await press(app, 'ArrowDown')
  await expect(field(page)).toHaveAttribute('aria-activedescendant', /./)
  await press(app, 'Enter')
  await expect(field(page)).toHaveAttribute('aria-expanded', 'false')
  await expect(field(page)).toHaveValue('inactive L1 table')
  await expect(found(page)).toHaveText('inactive L1 table 1 of 1')
  await expect(options).toHaveCount(0)
  await press(app, 'ControlOrMeta+a')
  await page.keyboard.type('3')
  await app.idle()
  await expect(options).toHaveText([/^Host offset 3/, /^Cluster 3/, /^Window 3/, /^Guest offset 3/])
  await options.filter({ hasText: 'Window 3' }).click()
  await app.idle()
  await expect(position(page)).toHaveText(/^window 3, cluster 12288, /)
  await expect(field(page)).toHaveValue('window 3')
})

test('what was found is counted again when a command has changed the image', async ({ app, page }) => {
  await app.open({ hash: sample('plain') })
  await type(app, 'guest data')
  await expect(count(page)).toHaveText(/^stretch 1 of \d+$/)
  await type(app, 'active l2')
  await expect(count(page)).toHaveText('1 of 1')
  const command = app.panel('Commands').getByRole('textbox', { name: 'Command' })
  await command.fill('snapshot -c one')
  await command.press('Enter')
  await command.fill('write 0 64k')
  await command.press('Enter')
  await app.idle()
  // The table that is written to is copied, and the old one is the snapshot’s.
  await expect(count(page)).toHaveText('1')
  await press(app, 'F3')
  await expect(count(page)).toHaveText('1 of 1')
  await expect(position(page)).toHaveText(/, active L2 table, /)
})

test('a key that is held down is not heard at every stop', async ({ app, page }) => {
  // Not as a test opens it: there, nothing is waited for.
  await page.goto(app.url)
  await expect(page.locator('#map-summary')).toContainText('4 windows')
  await stage(page).focus()
  await page.keyboard.press('Control+Home')
  await expect(position(page)).toHaveText(/^window 0, cluster 0, /)
  const heard = await page.evaluate(async () => {
    const region = document.querySelector('[data-testid="map-position"]')!
    const map = document.querySelector('[data-keys="map"]')!
    const texts: string[] = []
    const observer = new MutationObserver(() => texts.push(region.textContent ?? ''))
    observer.observe(region, { childList: true, characterData: true, subtree: true })
    for (let i = 0; i < 20; i++) {
      map.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true }))
      await new Promise(resolve => setTimeout(resolve, 40))
    }
    while (!texts.at(-1)?.startsWith('window 0, cluster 20, ')) await new Promise(requestAnimationFrame)
    return texts.length
  })
  expect(heard).toBeLessThan(10)
})
