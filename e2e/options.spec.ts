import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { expect, test } from './support/test.ts'

test('a template checks its types, and each type can be switched for itself', async ({ app, page }) => {
  await app.open()
  const options = app.panel('Options')
  await options.getByText('constant', { exact: true }).click()
  await app.idle()
  await expect(options.getByRole('checkbox', { name: /^Active L2 tables/ })).not.toBeChecked()
  await expect(options.getByRole('checkbox', { name: /^Snapshot table/ })).toBeChecked()
  await options.getByRole('checkbox', { name: /^Active L2 tables/ }).check()
  await app.idle()
  for (const template of ['none', 'constant', 'cached', 'all'])
    await expect(options.getByRole('radio', { name: template })).not.toBeChecked()
  await expect(page).toHaveURL(/check=constant,active-l2/)
})

test('an option re-opens the image at once, and can be undone', async ({ app, page }) => {
  await app.open()
  const log = app.panel('Event log')
  await page.keyboard.press('1')
  await app.idle()
  await expect(log).toContainText('with template none nothing is recorded')
  await page.keyboard.press('Control+z')
  await app.idle()
  await expect(log.getByText('1 event, 1 row', { exact: true })).toBeVisible()
  await page.keyboard.press('Control+Shift+z')
  await app.idle()
  await expect(log).toContainText('with template none nothing is recorded')
})

test('each type says what it is, to the pointer and to the keyboard', async ({ app, page }) => {
  await app.open()
  const box = app.panel('Options').getByRole('checkbox', { name: /^Refcount blocks/ })
  await expect(box).toHaveAccessibleDescription(/How many references each host cluster has/)
  const tooltip = page.locator('.tooltip')
  await box.hover()
  await expect(tooltip).toContainText('overlap-check.refcount-block')
  await page.mouse.move(900, 300)
  await expect(tooltip).toHaveCount(0)
  await page.keyboard.press('Tab')
  await box.focus()
  await expect(tooltip).toContainText('overlap-check.refcount-block')
})

test("a wrong size is refused in QEMU's manner, and nothing typed is lost", async ({ app, page }) => {
  await app.open()
  const options = app.panel('Options')
  const field = options.getByRole('textbox', { name: 'Bitmap size' })
  await field.fill('64 apples')
  await field.press('Enter')
  await expect(options.getByRole('alert')).toContainText(
    "Parameter 'overlap-structures.bitmap-size' expects a size",
  )
  await expect(field).toHaveValue('64 apples')
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  await expect(options).toContainText('16 slots')
  await field.fill('0x10000')
  await field.press('Enter')
  await expect(options.getByRole('alert')).toHaveCount(0)
  await expect(field).toHaveValue('64k')
  await field.fill('4k')
  await field.press('Enter')
  await app.idle()
  await expect(options).toContainText('1 slot')
  await expect(page).toHaveURL(/bitmap-size=4096/)
})

test('events name the device, or the node where there is none', async ({ app }) => {
  await app.open()
  const options = app.panel('Options')
  const row = app.panel('Event log').getByRole('treeitem')
  await options.getByRole('textbox', { name: 'Device' }).fill('')
  await options.getByRole('textbox', { name: 'Node' }).fill('disk "0"')
  await options.getByRole('textbox', { name: 'Node' }).press('Enter')
  await app.idle()
  await expect(row).toContainText('"reference": "disk \\"0\\""')
  await expect(options.getByRole('status')).toContainText('QEMU takes no such node name')
  await options.getByRole('textbox', { name: 'Node' }).fill('')
  await options.getByRole('textbox', { name: 'Node' }).press('Enter')
  await expect(options.getByRole('status')).toContainText('events have an empty reference')
})

test('a link reproduces what is shown', async ({ app, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await app.open()
  await app.panel('Options').getByRole('textbox', { name: 'Limit' }).fill('5000')
  await page.keyboard.press('Enter')
  await app.idle()
  await page.getByRole('button', { name: 'Share' }).click()
  await expect(page.getByText('Link copied.')).toBeVisible()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  expect(link).not.toContain('testing')
  const events = await app.panel('Event log').locator('.log-total').textContent()
  await page.goto('about:blank')
  await app.open({ hash: new URL(link).hash.slice(1) })
  await expect(app.panel('Options').getByRole('textbox', { name: 'Limit' })).toHaveValue('5000')
  await expect(app.panel('Event log').locator('.log-total')).toHaveText(events ?? '')
})

test('what is taken along of a gzipped file, of v4 and of our own extension is said', async ({
  app,
  images,
  page,
}) => {
  await app.open()
  const image = await readFile(await images.qcow2('plain.qcow2', '1M'))
  await app.openFile(await images.file('my disk, 2.qcow2.gz', gzipSync(image)))
  await page.keyboard.press('e')
  await page.keyboard.press('q')
  const dialog = page.getByRole('dialog', { name: 'As QEMU options' })
  await expect(dialog).toContainText('unpack the file first')
  await expect(dialog).toContainText('Engine v4 is no option')
  await expect(dialog).toContainText("-drive 'file=my disk,, 2.qcow2,format=qcow2")
  await expect(dialog).toContainText('"filename": "my disk, 2.qcow2"')
})

test('the options can be taken along to QEMU', async ({ app, page }) => {
  await app.open()
  await page.keyboard.press('q')
  const dialog = page.getByRole('dialog', { name: 'As QEMU options' })
  await expect(dialog).toContainText('"total-size-limit": 4380')
  await expect(dialog).toContainText('overlap-structures.total-size-limit=4380')
  await expect(dialog).toContainText('"node-name": "virtio0-node"')
  await expect(dialog).not.toContainText('Engine v4')
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
})
