import { open } from 'node:fs/promises'
import type { App } from './support/app.ts'
import { expectAccessible } from './support/axe.ts'
import { expect, test } from './support/test.ts'

interface Extent {
  readonly start: number
  readonly length: number
  readonly data: boolean
  readonly offset?: number
}

async function inspect(app: App, place: string): Promise<void> {
  await app.panel('Cluster map').getByRole('combobox', { name: 'Find' }).fill(place)
  await app.page.keyboard.press('Enter')
  await app.idle()
}

/** The value beside a name, without the note behind it. */
async function fact(app: App, name: string): Promise<string | null> {
  const row = app.panel('Inspector').locator('.facts > div').filter({ hasText: name }).first()
  return row.locator('dd > span').first().textContent()
}

async function bytesOf(path: string, offset: number, length: number): Promise<string[]> {
  const file = await open(path)
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, offset)
  await file.close()
  return Array.from(buffer, byte => byte.toString(16).padStart(2, '0'))
}

test('says of a real image’s clusters what qemu-img says', async ({ app, images }) => {
  const path = await images.qcow2('disk.qcow2', '64M', {
    creation: 'cluster_size=4k',
    commands: ['write -P 0x5a 1M 12k', 'write -P 0x11 40M 4k'],
  })
  const extents = JSON.parse(await images.qemuImg('map', '--output=json', path)) as Extent[]
  const data = extents.filter(extent => extent.data)
  expect(data).toHaveLength(2)
  await app.open()
  await app.openFile(path)
  for (const { start, offset } of data) {
    await inspect(app, String(offset))
    await expect(app.panel('Inspector')).toContainText('guest data')
    expect(await fact(app, 'Host offset')).toBe(`0x${offset?.toString(16)}`)
    expect(await fact(app, 'Guest offset')).toBe(`0x${start.toString(16)}`)
    expect(await fact(app, 'Refcount')).toBe('1')
    expect(await fact(app, 'COPIED flag')).toBe('set')
  }
  await inspect(app, '0')
  const inspector = app.panel('Inspector')
  await expect(inspector).toContainText('main header')
  await expect(inspector).toContainText('guarded')
  const shown = await inspector.locator('.hex-row').first().locator('.hex-byte').allTextContents()
  expect(shown).toEqual(await bytesOf(path, 0, 8))
  await expectAccessible(app.page)
})

test('what is asked most of a cluster is seen at 1280 x 720 without scrolling', async ({ app, page }) => {
  await app.open()
  // An L2 table that a snapshot shares, a data cluster of it, and a lost table.
  for (const place of ['cluster 4', 'cluster 20', 'lost']) {
    await inspect(app, place)
    const parts = page.locator(
      '.inspector-owner, .inspector-section:first-child .why, .inspector-claims, .facts:nth-of-type(1) > div:nth-child(-n + 3)',
    )
    const below = await parts.evaluateAll(seen => {
      const body = document.querySelector('.inspector-body')!.getBoundingClientRect()
      return seen
        .filter(part => part.closest('.inspector-section') === document.querySelector('.inspector-section'))
        .map(part => part.getBoundingClientRect().bottom - body.bottom)
    })
    expect(below.length).toBeGreaterThanOrEqual(6)
    for (const distance of below) expect(distance).toBeLessThanOrEqual(0)
  }
})

test('says why a window is refused', async ({ app, page }) => {
  await app.open()
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('u')
    await app.idle()
    if (/not recorded/.test((await page.getByTestId('map-position').textContent()) ?? '')) break
  }
  const inspector = app.panel('Inspector')
  await expect(inspector.locator('.why-danger').first()).toContainText('its entry was refused at step')
  await expect(inspector).toContainText('Window 3')
})

test('a pinned cluster stays while others are pointed at, until it is let go', async ({ app, page }) => {
  await app.open()
  const inspector = app.panel('Inspector')
  await expect(inspector).toContainText('Point at a cluster')
  await inspect(app, 'cluster 1')
  await expect(inspector.locator('h3').first()).toHaveText('Cluster 1')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await page.keyboard.press('0')
  await app.idle()
  const stage = page.getByRole('application', { name: 'Cluster map' })
  const box = await stage.boundingBox()
  await stage.hover({ position: { x: box!.width * 0.4, y: box!.height / 2 } })
  await app.idle()
  await expect(inspector.locator('h3').first()).not.toHaveText('Cluster 1')
  await expect(inspector.getByRole('button', { name: 'pinned: 1 , unpin' })).toBeVisible()
  await page.mouse.move(0, 0)
  await app.idle()
  await expect(inspector.locator('h3').first()).toHaveText('Cluster 1')
  await inspector.getByRole('button', { name: /unpin/ }).click()
  await app.idle()
  await expect(inspector).toContainText('Point at a cluster')
})

test('follows the options: the same cluster, guarded or not', async ({ app, page }) => {
  await app.open({ hash: 'v=1&scenario=fits-comfortably' })
  await inspect(app, 'cluster 0')
  const inspector = app.panel('Inspector')
  await expect(inspector.locator('.inspector-guard')).toHaveText('guarded')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await page.keyboard.press('1')
  await app.idle()
  await expect(inspector.locator('.inspector-guard')).toHaveText('not checked')
  await page.keyboard.press('3')
  await app.idle()
  await expect(inspector.locator('.inspector-guard')).toHaveText('guarded')
})

/** Places of the bytes that are pointed out, in the cluster. */
const litBytes = (app: App): Promise<number[]> =>
  app
    .panel('Inspector')
    .locator('.hex-lit')
    .evaluateAll(bytes => bytes.map(byte => Number((byte as HTMLElement).dataset['byte'])))

const range = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index)

test('points out a field’s bytes, and a byte’s field', async ({ app }) => {
  await app.open()
  await inspect(app, 'cluster 0')
  const inspector = app.panel('Inspector')
  const fields = inspector.getByRole('listbox', { name: 'Fields' })
  const detail = inspector.locator('.field-detail')
  await fields.getByRole('option', { name: /^l1_table_offset/ }).hover()
  await expect.poll(() => litBytes(app)).toEqual(range(40, 8))
  await expect(detail).toContainText('l1_table_offset at 0x28, 8 bytes')
  await inspector.locator('[data-byte="20"]').hover()
  await expect.poll(() => litBytes(app)).toEqual(range(20, 4))
  await expect(detail).toContainText('cluster_bits at 0x14, 4 bytes0x10 clusters of 65')
  await inspector.locator('[data-byte="23"]').click()
  await expect(fields.locator('[aria-selected="true"]')).toContainText('cluster_bits')
  await expectAccessible(app.page, '[data-panel="inspector"]')
})

test('a byte that is pointed at brings its field into view, and another cluster begins at its top', async ({
  app,
}) => {
  await app.open()
  await inspect(app, 'cluster 0')
  const inspector = app.panel('Inspector')
  const fields = inspector.getByRole('listbox', { name: 'Fields' })
  await inspector.locator('[data-byte="76"]').scrollIntoViewIfNeeded()
  await inspector.locator('[data-byte="76"]').hover()
  const option = fields.getByRole('option', { name: /^incompatible_features/ })
  const isInView = () =>
    option.evaluate(row => {
      const list = row.closest('[role="listbox"]')!.getBoundingClientRect()
      const { top, bottom } = row.getBoundingClientRect()
      return top >= list.top && bottom <= list.bottom
    })
  await expect.poll(isInView).toBe(true)
  // It stays there when the pointer goes over to it.
  await option.hover()
  await expect.poll(isInView).toBe(true)

  const hex = inspector.getByRole('group', { name: /^Bytes in hexadecimal/ })
  await hex.evaluate(list => (list.scrollTop = list.scrollHeight))
  await inspect(app, 'cluster 1')
  await expect.poll(() => hex.evaluate(list => list.scrollTop)).toBe(0)
})

test('a click on an offset goes there, and back leads back', async ({ app, page, images }) => {
  const path = await images.qcow2('disk.qcow2', '64M', { commands: ['write 1M 64k'] })
  await app.open()
  await app.openFile(path)
  await inspect(app, 'cluster 0')
  const inspector = app.panel('Inspector')
  const title = inspector.locator('h3').first()
  const active = inspector.locator('[role="option"][aria-selected="true"]')
  const follow = async () => {
    await inspector.locator('.field-detail .link').click()
    await app.idle()
  }
  await inspector.getByRole('option', { name: /^l1_table_offset/ }).click()
  await follow()
  await expect(title).toHaveText('Cluster 3')
  // The field that a link led to is the active one.
  await expect(active).toContainText('L1[0]')
  await follow()
  await expect(title).toHaveText('Cluster 4')
  await inspector.getByRole('option', { name: /^L2\[16\]/ }).click()
  await follow()
  await expect(title).toHaveText('Cluster 5')
  // From the data back up by its path: each step shows the entry that points on.
  await inspector.getByRole('button', { name: 'entry 16 of L2 at 0x40000' }).click()
  await app.idle()
  await expect(title).toHaveText('Cluster 4')
  await expect(active).toContainText('L2[16]')
  await inspector.getByRole('button', { name: /^block 0x20000, entry 4/ }).click()
  await app.idle()
  await expect(title).toHaveText('Cluster 2')
  await expect(active).toContainText('clusters 0 to 5')
  for (const cluster of [4, 5, 4, 3, 0]) {
    await page.keyboard.press('Alt+ArrowLeft')
    await app.idle()
    await expect(title).toHaveText(`Cluster ${cluster}`)
  }
  await page.keyboard.press('Alt+ArrowRight')
  await app.idle()
  await expect(title).toHaveText('Cluster 3')
  await inspector.getByRole('button', { name: 'Back' }).click()
  await app.idle()
  await expect(title).toHaveText('Cluster 0')
})

test('by key alone: through the fields, to where one points, and back', async ({ app, page }) => {
  await app.open()
  await inspect(app, 'cluster 0')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  const inspector = app.panel('Inspector')
  const fields = inspector.getByRole('listbox', { name: 'Fields' })
  for (let tabs = 0; tabs < 60; tabs++) {
    if (await fields.evaluate(list => list === document.activeElement)) break
    await page.keyboard.press('Tab')
  }
  await expect(fields).toBeFocused()
  const active = fields.locator('[aria-selected="true"]')
  await expect(active).toContainText('magic')
  for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowDown')
  await expect(active).toContainText('l1_table_offset')
  await expect.poll(() => litBytes(app)).toEqual(range(40, 8))
  await page.keyboard.press('Enter')
  await app.idle()
  await expect(inspector.locator('.inspector-owner')).toContainText('active L1 table')
  await page.keyboard.press('End')
  await app.idle()
  await expect(active).toContainText('unused')
  await page.keyboard.press('Alt+ArrowLeft')
  await app.idle()
  await expect(inspector.locator('.inspector-owner')).toContainText('main header')
  await expect(active).toContainText('l1_table_offset')
})

test('a section that is folded away stays so', async ({ app, page }) => {
  await app.open()
  await inspect(app, 'cluster 0')
  const inspector = app.panel('Inspector')
  await inspector.getByRole('button', { name: 'Bytes', exact: true }).click()
  await expect(inspector.locator('.hex')).toHaveCount(0)
  await page.reload()
  await app.idle()
  await inspect(app, 'cluster 1')
  await expect(inspector.getByRole('button', { name: 'Bytes', exact: true })).toHaveAttribute(
    'aria-expanded',
    'false',
  )
  await expect(inspector.locator('.hex')).toHaveCount(0)
})

test('tells a window’s history, which follows the limit', async ({ app }) => {
  await app.open()
  await inspect(app, 'cluster 12288')
  const inspector = app.panel('Inspector')
  const history = inspector.locator('.history')
  await expect(history).toContainText(
    'Its bitmap was built twice, given back as fragments twice, refused once.',
  )
  await expect(history).toContainText('a reopen makes the list anew')
  await expect(history.locator('li').first()).toContainText(
    'refused: 4\u202f096 bytes on top of the 292 in use',
  )
  await history.getByRole('button', { name: 'Show its event' }).click()
  await expect(app.panel('Event log').getByRole('treeitem', { selected: true })).toContainText('805306368')
  const steps = (await history.getByRole('button', { name: /^step/ }).allTextContents()).map(text =>
    Number(text.replaceAll(/\D/g, '')),
  )
  expect(steps).toEqual(steps.toSorted((a, b) => b - a))

  const limit = app.panel('Options').getByRole('textbox', { name: 'Limit' })
  await limit.fill('unlimited')
  await limit.press('Enter')
  await app.idle()
  await expect(history).toContainText('Its bitmap was built once.')
  await expect(inspector.locator('.slot-own')).toHaveText('3')
  await expect(inspector.locator('.account tfoot')).toContainText('4\u202f128 B')
  await limit.fill('100')
  await limit.press('Enter')
  await app.idle()
  await expect(inspector).toContainText('The image does not open')
  await expect(history).toHaveCount(0)
})
