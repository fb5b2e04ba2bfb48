import { expect, test } from './support/test.ts'

test('the limit can be typed, with suffixes, down to where the image does not open', async ({
  app,
  images,
}) => {
  await app.open()
  await app.openFile(await images.qcow2('small.qcow2', '64M'))
  const limit = app.panel('Options').getByRole('textbox', { name: 'Limit' })
  const budget = app.panel('Memory budget')
  const log = app.panel('Event log')
  await expect(limit).toHaveValue('unlimited')
  await expect(log).toContainText('No event: there is no memory limit to reach.')

  // One window and 16 slots take 152 bytes; each of the four entries asks for a bitmap, and is refused.
  await limit.fill('0x100')
  await limit.press('Enter')
  await app.idle()
  await expect(log.getByText('4 events, 1 row', { exact: true })).toBeVisible()
  await expect(log.getByRole('treeitem')).toContainText(
    '"reference": "virtio0", "start": 0, "length": 268435456}',
  )
  await expect(budget).toContainText(/Refused: 4.096 bytes on top of 152/)

  await limit.fill('151')
  await limit.press('Enter')
  await app.idle()
  await expect(budget).toContainText('no room for the table of 16 slots')
  const banner = app.page.getByText('The image does not open.').first()
  await expect(banner).toBeVisible()
  await expect(app.page.getByText('Cannot allocate metadata overlap cache pointers').first()).toBeVisible()

  await app.page.getByRole('button', { name: 'Open anyway, unchecked' }).click()
  await app.idle()
  await expect(log.getByRole('treeitem')).toContainText('"data": {"reference": "virtio0"}, "timestamp"')

  await app.page.getByRole('button', { name: /^Use 152/ }).click()
  await app.idle()
  await expect(limit).toHaveValue('152')
  await expect(log.getByText('4 events, 1 row', { exact: true })).toBeVisible()
})

test('the limit can be dragged, and every panel follows', async ({ app, page }) => {
  await app.open()
  const handle = app.panel('Memory budget').getByRole('slider', { name: 'Memory limit' })
  const log = app.panel('Event log').locator('.log-total')
  const box = await handle.boundingBox()
  const track = await page.locator('.limit-track').boundingBox()
  if (!box || !track) throw new Error('the handle is not on the page')
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await page.mouse.down()
  await page.mouse.move(track.x + track.width - 1, box.y, { steps: 8 })
  await page.mouse.up()
  await app.idle()
  await expect(handle).toHaveAttribute('aria-valuetext', /^unlimited/)
  await expect(log).toHaveText('0 events, 0 rows')
  await page.keyboard.press('Control+z')
  await app.idle()
  await expect(handle).toHaveAttribute('aria-valuetext', /^4.380 bytes; 292 in use; 1 events?$/)
  await expect(log).toHaveText('1 event, 1 row')
})

test('the limit moves by keys, four bytes or a bitmap at a time', async ({ app, page }) => {
  await app.open()
  const handle = app.panel('Memory budget').getByRole('slider', { name: 'Memory limit' })
  const limit = app.panel('Options').getByRole('textbox', { name: 'Limit' })
  await handle.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await app.idle()
  await expect(limit).toHaveValue('4388')
  // Eight bytes more are what the scenario's sentence says are missing.
  await expect(app.panel('Event log').locator('.log-total')).toHaveText('0 events, 0 rows')
  await page.keyboard.press('Shift+ArrowLeft')
  await expect(limit).toHaveValue('292')
  await page.keyboard.press('Home')
  await expect(limit).toHaveValue('248')
  await page.keyboard.press('End')
  await expect(limit).toHaveValue('unlimited')
})
