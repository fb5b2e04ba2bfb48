import type { Locator } from '@playwright/test'
import type { App } from './support/app.ts'
import { expectAccessible } from './support/axe.ts'
import { expect, test } from './support/test.ts'

const tree = (app: App): Locator => app.panel('Inspector').getByRole('tree', { name: 'Structures' })
const item = (app: App, name: RegExp | string): Locator =>
  tree(app).getByRole('treeitem').filter({ hasText: name })
const active = (app: App): Locator => tree(app).locator('[aria-selected="true"]')

async function openTree(app: App): Promise<void> {
  await app.panel('Inspector').getByText('Structures', { exact: true }).click()
  await app.idle()
  await expect(tree(app)).toBeVisible()
}

async function press(app: App, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    await app.page.keyboard.press(key)
    await app.idle()
  }
}

const position = (app: App) => app.page.getByTestId('map-position')

test('the keyboard goes through the whole tree, and from it to the map', async ({ app }) => {
  await app.open()
  await openTree(app)
  await tree(app).focus()
  await expect(active(app)).toContainText('Header')
  await expect(active(app)).toHaveAttribute('aria-level', '1')
  await press(app, 'ArrowDown')
  await expect(active(app)).toContainText('Refcount table')
  await expect(active(app)).toHaveAttribute('aria-expanded', 'false')
  await press(app, 'ArrowRight')
  await expect(active(app)).toHaveAttribute('aria-expanded', 'true')
  await expect(active(app)).toContainText('refcount block')
  await press(app, 'ArrowRight')
  await expect(active(app)).toHaveAttribute('aria-level', '2')
  await expect(active(app)).toHaveAttribute('aria-posinset', '1')
  await expect(active(app)).toContainText('Entry 0: refcount block')
  await press(app, 'Enter')
  const offset = await active(app).locator('.structure-where .mono').textContent()
  await expect(position(app)).toContainText('refcount block')
  expect(Number(offset)).toBeGreaterThan(0)
  await expect(position(app)).toContainText(`cluster ${Number(offset) / 65536},`)
  await press(app, 'ArrowLeft')
  await expect(active(app)).toContainText('Refcount table')
  await press(app, 'ArrowLeft')
  await expect(active(app)).toHaveAttribute('aria-expanded', 'false')
  await press(app, 'End')
  const count = await active(app).getAttribute('aria-setsize')
  await expect(active(app)).toHaveAttribute('aria-posinset', String(count))
  await press(app, 'Home')
  await expect(active(app)).toContainText('Header')
  await expectAccessible(app.page, '[data-panel="inspector"]')
})

test('what is pinned on the map is found in the tree, and the other way round', async ({ app }) => {
  await app.open()
  await openTree(app)
  for (let i = 0; i < 40; i++) {
    await press(app, 'u')
    if (/not recorded/.test((await position(app).textContent()) ?? '')) break
  }
  // What the first scenario loses is the snapshot's L1 table: three levels down.
  await expect(position(app)).toContainText('not recorded')
  await expect(active(app)).toContainText('Inactive L1 table')
  await expect(active(app)).toHaveAttribute('aria-level', '3')
  await expect(active(app)).toContainText('! 1 unguarded')
  await item(app, /^▾.*Active L1 table/).click()
  await app.idle()
  await expect(position(app)).toContainText('active L1 table')
  await expect(active(app)).toContainText('Active L1 table')
})

test('a key shows the pinned cluster among the structures', async ({ app, page }) => {
  await app.open()
  await app.panel('Cluster map').getByRole('combobox', { name: 'Find' }).fill('cluster 1')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await page.getByRole('application', { name: 'Cluster map' }).focus()
  await press(app, 'Shift+T')
  await expect(active(app)).toContainText('Refcount table')
  await press(app, 'x')
  await expect(tree(app)).toHaveCount(0)
  await expect(app.panel('Inspector')).toContainText('Cluster 1')
})

test('follows commands: what is open stays open, and tells of what is new', async ({ app, images }) => {
  const path = await images.qcow2('disk.qcow2', '64M', { commands: ['write 0 64k'] })
  await app.open()
  await app.openFile(path)
  await openTree(app)
  await tree(app).focus()
  await press(app, 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowDown', 'ArrowRight')
  await expect(active(app)).toContainText('1 entry used: 1 with data')
  await expect(item(app, 'Entry 0: guest data')).toHaveCount(1)
  await app.panel('Commands').getByRole('textbox').fill('write 64k 128k')
  await app.page.keyboard.press('Enter')
  await app.idle()
  await expect(item(app, 'Entries 0 to 2: guest data')).toContainText('guest 0 to 192 KiB')
  await expect(active(app)).toContainText('3 entries used: 3 with data')
})

test('a table of a thousand rows is scrolled through at once', async ({ app, images, page }) => {
  const path = await images.qcow2('wide.qcow2', '32M', {
    creation: 'cluster_size=512,preallocation=metadata',
  })
  await app.open()
  await app.openFile(path)
  await openTree(app)
  await tree(app).focus()
  await press(app, 'ArrowDown', 'ArrowDown', 'ArrowRight')
  await expect(active(app)).toContainText('1\u202f024 L2 tables')
  await press(app, 'ArrowRight', 'End')
  await expect(active(app)).toContainText('Entry 1\u202f023: L2 table')
  await expect(active(app)).toContainText('guest 0x1ff8000 to 32 MiB')
  await tree(app).evaluate(element => (element.scrollTop = element.scrollHeight / 2))
  await app.idle()
  const seen = await tree(app).getByRole('treeitem').allTextContents()
  expect(seen.every(text => /Entry 5[012]\d: L2 table/.test(text))).toBe(true)
  expect(seen.length).toBeLessThan(40)
  await page.keyboard.press('Home')
  await app.idle()
  await expect(active(app)).toContainText('Header')
})
