import { expect, test } from './support/test.ts'

test('a bad file is refused with its place, and what was shown stays', async ({ app, images, page }) => {
  await app.open()
  await app.openFile(await images.file('holiday.jpg', 'this is no image'.repeat(64)))
  const alert = page.getByRole('alert')
  await expect(alert).toContainText('Opening holiday.jpg failed.')
  await expect(alert).toContainText('Image is not in qcow2 format')
  await expect(alert).toContainText('0x0')
  await expect(alert).toContainText('The event of the patch is still shown.')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The event of the patch')
  await expect(app.panel('Event log').locator('.log-total')).toHaveText('1 event, 1 row')
  await alert.getByRole('button', { name: 'Dismiss' }).click()
  await expect(alert).toHaveCount(0)
  await app.openFile(await images.qcow2('good.qcow2', '16M'))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('good.qcow2')
})

test('an opening shows how far it is and can be cancelled', async ({ app, page }) => {
  await app.open()
  // A synthetic image with millions of tables: seconds of work, whatever the machine.
  await page.evaluate(() => {
    const recipe = {
      format: 'overlapscope-recipe',
      recipeVersion: 1,
      virtualSize: '120G',
      clusterSize: 512,
      fill: { pattern: 'sequential', share: 1 },
    }
    location.hash = `v=1&name=Enormous&recipe=${encodeURIComponent(JSON.stringify(recipe))}`
  })
  const cancel = page.getByRole('button', { name: 'Cancel' })
  await cancel.waitFor()
  await expect(page.getByRole('progressbar')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(cancel).toHaveCount(0)
  await app.idle()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The event of the patch')
  await expect(page.getByRole('alert')).toHaveCount(0)
  await app.panel('Options').getByRole('textbox', { name: 'Limit' }).fill('5000')
  await page.keyboard.press('Enter')
  await app.idle()
  await expect(app.panel('Memory budget')).toContainText(/of 5.000 B/)
})

test('a file with many tables shows its map coarse while they are read, and can be cancelled', async ({
  app,
  images,
  page,
}) => {
  const path = await images.qcow2('tables.qcow2', '1T', { creation: 'preallocation=metadata' })
  await app.open()
  // Only what is there for a moment can be seen: it is written down as it comes, and the cancel given from there.
  await page.evaluate(() => {
    const seen = { coarse: false, shares: [] as number[] }
    Object.assign(window, { seen })
    new MutationObserver((_, observer) => {
      seen.coarse ||= document.querySelector('.map-coarse') !== null
      const share = document.querySelector('progress')?.value ?? 0
      if (share > (seen.shares.at(-1) ?? 0)) seen.shares.push(share)
      if (seen.shares.length < 3) return
      observer.disconnect()
      for (const button of document.querySelectorAll('button'))
        if (button.textContent === 'Cancel') button.click()
    }).observe(document.body, { childList: true, subtree: true, attributes: true })
  })
  await app.openFile(path)
  const { coarse, shares } = await page.evaluate(
    () => (window as unknown as { seen: { coarse: boolean; shares: number[] } }).seen,
  )
  expect(coarse).toBe(true)
  expect(shares).toHaveLength(3)
  expect(shares.at(-1)).toBeLessThan(1)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The event of the patch')
  await expect(page.getByRole('alert')).toHaveCount(0)
  await app.openFile(path)
  await expect(page.locator('#map-summary')).toContainText('4\u202f097 windows')
})

test('a link that cannot be understood says so, and the page is not empty', async ({ app, page }) => {
  await app.open({ hash: 'v=9&scenario=x' })
  await expect(page.getByText('This link is of version 9')).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The event of the patch')
})

test('a faulty field of a link is named, and the address stays until that is read', async ({ app, page }) => {
  await app.open({ hash: 'v=1&scenario=lock-out&check=cached&limit=zz' })
  const alert = page.getByRole('alert')
  await expect(alert).toContainText('its field "limit" is "zz"')
  await expect(alert).toContainText('Give bytes, or a number with one of the suffixes')
  await page.keyboard.press('e')
  await app.idle()
  await expect(app.panel('Options').getByRole('radio', { name: 'v4' })).toBeChecked()
  await expect(page).toHaveURL(/limit=zz$/)
  await alert.getByRole('button', { name: 'Dismiss' }).click()
  await expect(page).toHaveURL(/scenario=event-of-the-patch.*engine=v4/)
  await expect(alert).toHaveCount(0)
})

test('a scenario tells when its sentence is of other options, and leads back to them', async ({
  app,
  page,
}) => {
  await app.open()
  const banner = page.getByText(/^The event of the patch\. /)
  await expect(banner).not.toContainText('own options')
  await page.keyboard.press('e')
  await expect(banner).toContainText('With the scenario’s own options:')
  await page.getByRole('button', { name: 'Back to its options' }).click()
  await app.idle()
  await expect(banner).not.toContainText('own options')
  await expect(app.panel('Options').getByRole('radio', { name: 'v6' })).toBeChecked()
})

test('a scenario and a recipe can be chosen', async ({ app, page }) => {
  await app.open()
  await page.getByRole('button', { name: 'Scenarios' }).click()
  await page.getByRole('button', { name: /^Room for the list/ }).click()
  await app.idle()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Room for the list, and for nothing else')
  await page.keyboard.press('n')
  const dialog = page.getByRole('dialog', { name: 'New image' })
  await dialog.getByRole('textbox', { name: 'Virtual size' }).fill('9000T')
  await expect(dialog.getByRole('alert')).toContainText('is not possible here')
  await expect(dialog.getByRole('button', { name: 'Create and open' })).toBeDisabled()
  await dialog.getByRole('textbox', { name: 'Virtual size' }).fill('2G')
  await dialog.getByText('JSON', { exact: true }).click()
  await expect(dialog.getByRole('textbox', { name: 'Recipe as JSON' })).toHaveValue(/"virtualSize": "2G"/)
  await dialog.getByRole('button', { name: 'Create and open' }).click()
  await app.idle()
  await expect(page.getByRole('banner')).toContainText('2 GiB disk')
})

test('a command is found by its name', async ({ app, page }) => {
  await app.open()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Command' }).fill('template all')
  await page.keyboard.press('Enter')
  await app.idle()
  await expect(app.panel('Options').getByRole('radio', { name: 'all' })).toBeChecked()
  await expect(page.getByRole('dialog')).toHaveCount(0)
})
