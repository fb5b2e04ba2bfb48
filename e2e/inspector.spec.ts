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
  const shown = await inspector.locator('.hex tr').first().locator('td span').allTextContents()
  expect(shown.map(text => text.trim())).toEqual(await bytesOf(path, 0, 8))
  await expectAccessible(app.page)
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
