import { expectAccessible } from './support/axe.ts'
import { expect, test } from './support/test.ts'

/** As the patch that defines the event has it, but for the numbers: its schema says integers. */
const EVENT_OF_THE_PATCH =
  '{"event": "QCOW2_OVERLAP_CHECK_MEMORY_LIMIT_REACHED", ' +
  '"data": {"reference": "virtio0", "start": 805306368, "length": 268435456}, ' +
  '"timestamp": {"seconds": 1429331400, "microseconds": 519454}}'

test('a first visit shows the event of the patch, and why', async ({ app, page }) => {
  await app.open()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The event of the patch')
  const log = app.panel('Event log')
  await expect(log.getByText('1 event, 1 row', { exact: true })).toBeVisible()
  const row = log.getByRole('treeitem')
  await expect(row).toHaveCount(1)
  await expect(row).toContainText(EVENT_OF_THE_PATCH)
  await row.click()
  await expect(log.getByRole('group', { name: 'Selected event' })).toContainText(EVENT_OF_THE_PATCH)
  await expect(log.getByRole('group', { name: 'Selected event' })).toContainText(
    /bitmap of window 3 needs 4.096 bytes/,
  )
  await expect(app.panel('Memory budget')).toContainText(/of 4.380 B/)
})

test('every panel is a landmark, and the page does not scroll', async ({ app, page }) => {
  await app.open()
  const panels = [
    'Options',
    'Memory budget',
    'Cluster map',
    'Inspector',
    'Timeline',
    'Event log',
    'Commands',
  ] as const
  for (const panel of panels) await expect(app.panel(panel)).toBeInViewport({ ratio: 1 })
  const overflow = () =>
    page.evaluate(() => {
      const left = document.querySelector('.shell-left')
      const root = document.documentElement
      return [root.scrollHeight - root.clientHeight, left ? left.scrollHeight - left.clientHeight : -1]
    })
  expect(await overflow()).toEqual([0, 0])
  await page.setViewportSize({ width: 1920, height: 1080 })
  await app.idle()
  expect(await overflow()).toEqual([0, 0])
})

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious in the ${theme} theme`, async ({ app, page }) => {
    await page.emulateMedia({ colorScheme: theme })
    await app.open()
    await expectAccessible(page)
    await app.panel('Event log').getByRole('treeitem').click()
    await expectAccessible(page)
    for (const key of ['s', 'n', 'q', '?', 'Control+k']) {
      await page.keyboard.press(key)
      await expect(page.getByRole('dialog')).toBeVisible()
      await expectAccessible(page, '[role=dialog]')
      await page.keyboard.press('Escape')
      await expect(page.getByRole('dialog')).toHaveCount(0)
    }
  })
}

test('below its smallest size the panels stack, and can all be reached', async ({ app, page }) => {
  await page.setViewportSize({ width: 800, height: 600 })
  await app.open()
  await app.panel('Commands').scrollIntoViewIfNeeded()
  await expect(app.panel('Commands')).toBeInViewport()
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(wide).toBeLessThanOrEqual(0)
})
