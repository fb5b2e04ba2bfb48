import { readFile } from 'node:fs/promises'
import { expect, test } from './support/test.ts'

const LOCK_OUT = 'v=1&scenario=lock-out'

test('equal events are one row, which unfolds and folds again', async ({ app, page }) => {
  await app.open({ hash: 'v=1&scenario=no-room-for-a-bitmap' })
  const log = app.panel('Event log')
  const rows = log.getByRole('treeitem')
  await expect(log.locator('.log-total')).toHaveText('4 events, 1 row')
  await expect(rows).toHaveCount(1)
  await rows.first().getByText('× 4').click()
  await app.idle()
  await expect(rows).toHaveCount(5)
  const steps = await rows.locator('.log-step').allTextContents()
  expect(steps).toEqual(['step 1', 'step 1', 'step 2', 'step 3', 'step 4'])
  const reasons: (string | null)[] = []
  await log.getByRole('tree').focus()
  for (let member = 0; member < 4; member++) {
    await page.keyboard.press('ArrowDown')
    await app.idle()
    reasons.push(await log.locator('.log-why').textContent())
  }
  expect(new Set(reasons).size).toBe(4)
  await page.keyboard.press('ArrowLeft')
  await expect(rows).toHaveCount(1)
  await expect(rows.first()).toHaveAttribute('aria-expanded', 'false')
  await page.keyboard.press('ArrowRight')
  await expect(rows).toHaveCount(5)
})

test('a row shows its range on the map', async ({ app, page }) => {
  await app.open()
  await app.panel('Event log').getByRole('tree').focus()
  await page.keyboard.press('Enter')
  await app.idle()
  await expect(app.panel('Inspector')).toContainText('Window 3')
  // Not just the window's first cluster: the one that the event is about.
  await expect(app.panel('Inspector')).toContainText('inactive L1 table')
})

test('the log can be searched', async ({ app, page }) => {
  await app.open({ hash: LOCK_OUT })
  const log = app.panel('Event log')
  const total = await log.getByRole('treeitem').count()
  expect(total).toBeGreaterThan(1)
  const filter = log.getByRole('searchbox')
  await filter.fill('no event says this')
  await app.idle()
  await expect(log.getByText('0 rows shown')).toBeVisible()
  await expect(log.getByRole('treeitem')).toHaveCount(0)
  await filter.fill('BITMAP OF WINDOW 1')
  await app.idle()
  await expect(log.getByRole('treeitem')).not.toHaveCount(0)
  for (const row of await log.getByRole('treeitem').all())
    await expect(row).toContainText('"start": 268435456')
  await filter.press('Escape')
  await app.idle()
  await expect(log.getByRole('treeitem')).toHaveCount(total)
  await page.getByRole('combobox', { name: 'Kind of events' }).selectOption('whole-image')
  await app.idle()
  await expect(log.getByText('0 rows shown')).toBeVisible()
})

test('the export has every event, a line each', async ({ app, page }) => {
  await app.open({ hash: LOCK_OUT })
  const total = await app.panel('Event log').locator('.log-total').textContent()
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toMatch(/\.ndjson$/)
  const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n')
  expect(total).toMatch(new RegExp(`^${lines.length} events`))
  for (const line of lines)
    expect(JSON.parse(line)).toMatchObject({ event: 'QCOW2_OVERLAP_CHECK_MEMORY_LIMIT_REACHED' })
})
